import {
  chosenRestorer,
  networksOfChoice,
  type RestorerChoice,
  type RestorerWishes,
  restorerNamed,
  windowOfChoice,
} from '../../restore/restorer-choice.ts';
import type { RestorerDefinition } from '../../restore/restorer-definition.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { Preset } from '../../settings/preset.ts';
import { teamWindow } from '../../workers/render-team.ts';
import type { ChosenShot } from '../analysis/chosen-shots.ts';

/** What a job says of how faces are painted. */
export interface RestorerRequest {
  /** undefined = the preset's. */
  readonly restorer?: string | undefined;
  readonly grain?: 'own' | 'none' | undefined;
  readonly reuse: boolean;
  /** True where every picture is by itself. */
  readonly each?: boolean | undefined;
}

/**
 * The restorer of faces with or without stills: the requested one, or its substitute. Null where it needs stills and has no
 * substitute, or none that does anything to pictures without neighbours where they have none.
 */
export function restorerFor(
  restorers: readonly RestorerDefinition[],
  preset: Preset,
  request: RestorerRequest,
  hasStills: boolean,
): RestorerDefinition | null {
  const asked = restorerNamed(restorers, request.restorer ?? preset.restorer);
  const found =
    hasStills || asked.needs.stills === 'none'
      ? asked
      : (asked.fallback ?? (asked.needs.stills === 'used' ? asked : null));
  return request.each && !found?.alone ? null : found;
}

/** The restorer by which a run is known: that of faces with stills, or of all where nobody has any. */
export function restorerOfRun(
  restorers: readonly RestorerDefinition[],
  preset: Preset,
  request: RestorerRequest,
  hasStills: boolean,
): RestorerDefinition {
  return (
    restorerFor(restorers, preset, request, hasStills) ?? restorerNamed(restorers, request.restorer ?? preset.restorer)
  );
}

/** A restorer with its settings, as the preset and the job have them. */
export function choiceOf(restorer: RestorerDefinition, preset: Preset, request: RestorerRequest): RestorerChoice {
  return chosenRestorer(restorer, preset, wishesOf(request));
}

/** Frames on each side that a team must be handed over for this restorer. */
export function windowOf(restorers: readonly RestorerDefinition[], choice: RestorerChoice): number {
  const { name, settings } = choice;
  return teamWindow(windowOfChoice(restorers, choice), restorerNamed(restorers, name).carries?.(settings) ?? false);
}

/** Ids of the networks that a restorer opens. */
export function networksOf(choice: RestorerChoice): readonly string[] {
  return networksOfChoice(RESTORERS, choice);
}

/** By which preset, and by which wishes, the faces of a shot are painted. */
export interface ShotPainting {
  readonly preset: Preset;
  readonly request: RestorerRequest;
}

/** How the faces of a chosen shot are painted: what it says itself holds over what the run says. */
export function paintingOf(run: ShotPainting, shot: ChosenShot | null): ShotPainting {
  const { preset = run.preset, restorer = run.request.restorer } = shot ?? {};
  return { preset, request: { ...run.request, restorer } };
}

/** How the faces of each chosen shot are painted; one way for all where none is chosen. */
export function paintingsOf(run: ShotPainting, chosen: readonly ChosenShot[] | null): ShotPainting[] {
  return (chosen ?? [null]).map((shot) => paintingOf(run, shot));
}

/** What a run's restorers may be opened with: those of faces with stills, and of others. */
export function choicesOf(
  restorers: readonly RestorerDefinition[],
  paintings: readonly ShotPainting[],
): readonly RestorerChoice[] {
  return paintings.flatMap(({ preset, request }) =>
    [true, false].flatMap((hasStills) => {
      const restorer = restorerFor(restorers, preset, request, hasStills);
      return restorer ? [choiceOf(restorer, preset, request)] : [];
    }),
  );
}

/** Ids of the networks that a run's restorers may open. */
export function restorerNetworks(
  restorers: readonly RestorerDefinition[],
  paintings: readonly ShotPainting[],
): readonly string[] {
  return [...new Set(choicesOf(restorers, paintings).flatMap((choice) => networksOfChoice(restorers, choice)))];
}

function wishesOf({ grain, reuse, each = false }: RestorerRequest): RestorerWishes {
  return { grain: grain !== 'none', reuse, alone: each };
}
