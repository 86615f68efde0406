import type { Masking } from '../settings/masking.ts';
import type { CarriedRestorer } from './carried/carried-restorer.ts';
import { type MaskedRestorer, openMasked } from './masked/masked-restorer.ts';
import { maskedWindow } from './masked/masked-window.ts';
import type { Restorer } from './restorer.ts';
import type { RestorerContext, RestorerDefinition, RestorerSettings } from './restorer-definition.ts';

/** Which restorer paints a track, and how: plain data, so that it can be sent to whoever opens it. */
export interface RestorerChoice {
  readonly name: string;
  readonly settings: RestorerSettings;
  /** How what is before the face is looked for; absent: by no masker. */
  readonly masking?: Masking;
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
export function chosenRestorer(
  restorer: RestorerDefinition,
  preset: { readonly masking?: Masking },
  wishes: RestorerWishes,
): RestorerChoice {
  const settings: RestorerSettings = {
    ...(restorer.base ? chosenRestorer(restorer.base, preset, wishes).settings : {}),
    ...((preset as Readonly<Record<string, unknown>>)[restorer.name] as RestorerSettings | undefined),
    ...(wishes.grain ? {} : restorer.without?.grain),
    ...(wishes.reuse ? {} : restorer.without?.reuse),
    ...(wishes.alone ? restorer.alone : {}),
  };
  const masking = restorer.needs.wholeFace ? null : maskingOf(preset, wishes);
  return { name: restorer.name, settings, ...(masking ? { masking } : {}) };
}

/** How a preset has what is before faces looked for; null where no masker is named. */
function maskingOf(preset: { readonly masking?: Masking }, { reuse }: RestorerWishes): Masking | null {
  const { masking } = preset;
  if (!masking || masking.models.length === 0) return null;
  return reuse ? masking : { ...masking, every: 1 };
}

/** Neighbours that it wants on each side, frames; the same as what is opened of it says. */
export function windowOfChoice(restorers: readonly RestorerDefinition[], choice: RestorerChoice): number {
  const { name, settings, masking } = choice;
  const restorer = restorerNamed(restorers, name);
  const window = restorer.window(settings);
  return masking ? maskedWindow({ window, carries: restorer.carries?.(settings) ?? false }, masking) : window;
}

/** Ids of the networks that it opens. */
export function networksOfChoice(restorers: readonly RestorerDefinition[], choice: RestorerChoice): readonly string[] {
  const { name, settings, masking } = choice;
  return [...(restorerNamed(restorers, name).needs.networks?.(settings) ?? []), ...(masking?.models ?? [])];
}

/** Opens what was chosen. */
export async function openRestorer(
  restorers: readonly RestorerDefinition[],
  { name, settings, masking }: RestorerChoice,
  context: Omit<RestorerContext, 'settings'>,
): Promise<Restorer | CarriedRestorer | MaskedRestorer> {
  const { networks, compute } = context;
  const restorer = restorerNamed(restorers, name);
  const pose = restorer.needs.pose ? context.pose : new Float32Array(0);
  const opened = await restorer.open({ ...context, pose, settings });
  if (!masking) return opened;
  const maskers = await Promise.all(masking.models.map((id) => networks.masker(id, masking.classes)));
  return openMasked(opened, maskers, masking, compute);
}
