import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { NO_OVERRIDES, type Overrides, parseOverrides } from '../../settings/overrides.ts';
import type { Preset } from '../../settings/preset.ts';
import { settledPreset } from '../../settings/settled-preset.ts';
import type { CastingJob } from '../job.ts';
import { limitNotes } from './audit-report.ts';
import { castExceptions } from './cast-exceptions.ts';
import { castOverrides } from './cast-overrides.ts';
import { type AskedPeople, castReel } from './cast-reel.ts';
import type { ChosenShot } from './chosen-shots.ts';
import type { NetworkFacts } from './open-networks.ts';
import { pinnedTracks } from './pinned-tracks.ts';
import type { ReelAnalysis } from './reel-analysis.ts';
import { reelPrint } from './reel-print.ts';
import type { TrackedReel } from './tracked-reel.ts';

/** What is known before the tracks are. */
export interface CastingInput {
  readonly preset: Preset;
  readonly networks: NetworkFacts;
  readonly people: AskedPeople;
}

/** By what a reel is known, and what a person decided about it. */
export type KnownReel = Pick<ReelAnalysis, 'print' | 'overrides'>;

/** @throws PresetError for overrides that cannot be read */
export async function knownReel(
  job: Pick<CastingJob, 'overrides' | 'verifyReel'>,
  reel: Reel,
  signal: AbortSignal,
): Promise<KnownReel> {
  const overrides: Overrides = job.overrides ? await parseOverrides(job.overrides, reel) : NO_OVERRIDES;
  return { overrides, print: await reelPrint(reel, { verify: job.verifyReel, signal }) };
}

/** A reel with the tracks of a range. */
export interface TrackedFrames extends KnownReel {
  readonly reel: Reel;
  readonly range: FrameRange;
  readonly chosen: readonly ChosenShot[] | null;
  readonly tracked: TrackedReel;
  /** What a person should know so far. */
  readonly notes: readonly string[];
}

/** Applies a person's pins to the tracks of a reel and casts them, all at once. */
export function castTracked(
  job: Pick<CastingJob, 'references' | 'find'>,
  { preset, networks, people }: CastingInput,
  { reel, range, chosen, print, overrides, tracked: found, notes }: TrackedFrames,
): ReelAnalysis {
  const tracked = { ...found, tracks: pinnedTracks(found.tracks, overrides) };
  const limitsOf = (one: Preset) => settledPreset(one, networks).casting;
  const cast = castReel(
    job,
    people,
    { reel, range, shots: tracked.shots, tracks: tracked.tracks },
    {
      ...limitsOf(preset),
      overrides: castOverrides(overrides, tracked.tracks),
      exceptions: castExceptions(tracked.tracks, chosen, limitsOf),
    },
  );
  return {
    reel,
    print,
    range,
    chosen,
    preset,
    overrides,
    models: networks.models,
    device: networks.device,
    deviceReason: networks.deviceReason,
    tracked,
    ...cast,
    references: people.references,
    notes: [...notes, ...limitNotes(tracked)],
  };
}
