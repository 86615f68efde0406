import type { Casting, CastLimits, Person } from '../../face/cast.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { RunningDevice } from '../../model/network-device.ts';
import type { Overrides } from '../../settings/overrides.ts';
import type { Preset } from '../../settings/preset.ts';
import type { PersonReferences } from '../stills/people.ts';
import type { ReelStills } from '../stills/reel-stills.ts';
import type { ChosenShot } from './chosen-shots.ts';
import type { TrackedReel } from './tracked-reel.ts';

/**
 * What is known of a reel before rendering: its tracks and their casting. It is plain data, so it can be posted to another
 * thread, and written and read (`writeAnalysis`, `readAnalysis`). What is opened beside it is in `AnalysisResources`.
 */
export interface ReelAnalysis {
  /** Its paths are where the reel lay when it was analysed; `print` tells whether another file is the same reel. */
  readonly reel: Reel;
  readonly print: string;
  /** The frames that were asked for. */
  readonly range: FrameRange;
  /** The shots of it that a shot list chose; null = all are restored. */
  readonly chosen: readonly ChosenShot[] | null;
  readonly preset: Preset;
  readonly overrides: Overrides;
  /** Ids and hashes of the networks. */
  readonly models: Readonly<Record<string, string>>;
  /** What they ran on. */
  readonly device: RunningDevice;
  /** Why, as a sentence. */
  readonly deviceReason: string;
  readonly tracked: TrackedReel;
  readonly people: readonly Person[];
  /** How like a person a track must be to be cast, where its shot states nothing else. */
  readonly limits: CastLimits;
  readonly castings: readonly Casting[];
  /** The people to restore with, by their stills. */
  readonly references: readonly PersonReferences[];
  /** Frames of the reel that serve as stills, by the id of the track that is restored with them. */
  readonly reelStills: ReadonlyMap<string, ReelStills>;
  /** What a person should know, as sentences. */
  readonly notes: readonly string[];
}
