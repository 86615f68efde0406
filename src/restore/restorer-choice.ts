import type { CarriedRestorer } from './carried/carried-restorer.ts';
import type { Restorer } from './restorer.ts';
import type { RestorerContext, RestorerDefinition, RestorerSettings } from './restorer-definition.ts';

/** Which restorer paints a track, and how: plain data, so that it can be sent to whoever opens it. */
export interface RestorerChoice {
  readonly name: string;
  readonly settings: RestorerSettings;
}

/** What a run asks of whichever restorer it takes. */
export interface RestorerWishes {
  readonly grain: boolean;
  /** True where what is restored may be carried to other frames. */
  readonly reuse: boolean;
  /** True where pictures have no neighbours in time. */
  readonly alone?: boolean;
}

/** @throws TypeError where none has that name: names are checked where they come in. */
export function restorerNamed(restorers: readonly RestorerDefinition[], name: string): RestorerDefinition {
  const found = restorers.find((restorer) => restorer.name === name);
  if (!found) throw new TypeError(`Unreachable: the restorer "${name}" was checked to be known.`);
  return found;
}

/** A restorer with the settings that a preset and a run give it. `preset` has its room, and its base's, by name. */
export function chosenRestorer(restorer: RestorerDefinition, preset: object, wishes: RestorerWishes): RestorerChoice {
  const settings: RestorerSettings = {
    ...(restorer.base ? chosenRestorer(restorer.base, preset, wishes).settings : {}),
    ...(preset as Readonly<Record<string, RestorerSettings>>)[restorer.name],
    ...(wishes.grain ? {} : restorer.without?.grain),
    ...(wishes.reuse ? {} : restorer.without?.reuse),
    ...(wishes.alone ? restorer.alone : {}),
  };
  return { name: restorer.name, settings };
}

/** Opens what was chosen. */
export async function openRestorer(
  restorers: readonly RestorerDefinition[],
  { name, settings }: RestorerChoice,
  context: Omit<RestorerContext, 'settings'>,
): Promise<Restorer | CarriedRestorer> {
  const restorer = restorerNamed(restorers, name);
  const pose = restorer.needs.pose ? context.pose : new Float32Array(0);
  return restorer.open({ ...context, pose, settings });
}
