import type { CountedNetworks } from '../track/counted-networks.ts';
import type { RunReason } from '../track/inference-counts.ts';
import { movedBy, offsetOf } from '../track/offset.ts';
import type { RawObservation } from '../track/raw-observation.ts';
import type { RawTrack, Refinement } from '../track/raw-track.ts';
import type { ShownFrame } from '../track/shown-frame.ts';
import { carriedError } from './carried-error.ts';

/** How often a heavy landmark network runs on a face that a light one follows. */
export interface RefineLimits {
  /** Frames between two runs while both agree. */
  readonly every: number;
  /** Fewest frames between two runs. */
  readonly least: number;
  /** Greatest distance between one run's landmarks and those of the run before, carried there, over inter-ocular distance. */
  readonly disagreement: number;
}

/** What refining needs. */
export interface RefineContext {
  readonly networks: Pick<CountedNetworks, 'refine'>;
  readonly options: {
    readonly refine: RefineLimits;
    /** False: it runs on every frame. */
    readonly reuse: boolean;
  };
}

/**
 * Runs the heavy landmark network on a face where it is due: in the last frame, and after backtracking also in the frames before.
 * Where the runs on both sides of a gap disagree, another one is made half-way.
 *
 * @param recent the last pictures, including the one of the track's last frame
 */
export async function refineFace(
  track: RawTrack,
  recent: readonly ShownFrame[],
  context: RefineContext,
): Promise<void> {
  const { every, least } = context.options.reuse ? context.options.refine : { every: 1, least: 1 };
  const reason = context.options.reuse ? 'identity' : 'every';
  const shown = recent.filter(({ frame }) => isSeen(track, frame));
  const last = shown.at(-1);
  if (!last) return;
  const known = track.refinements.at(-1);
  if (known && last.frame - known.frame < every) return;
  let later = await refineAt(track, last, reason, context);
  for (const one of shown.slice(0, -1).reverse()) {
    if (!later || (known && one.frame - known.frame < least)) break;
    const gap = later.frame - one.frame;
    // A run is due in a track's first frame too: there is none before it.
    const isDue = gap >= every || (!known && one === shown[0] && gap >= least);
    if (!isDue) continue;
    const here = await refineAt(track, one, reason, context);
    if (here) await bisect(track, [here, later], shown, context);
    later = here;
  }
  if (known && later) await bisect(track, [known, later], shown, context);
}

/** True where the track has an observation in that frame that does not bridge a missing frame. */
function isSeen(track: RawTrack, frame: number): boolean {
  const observation = track.observations[frame - track.in];
  return observation !== undefined && observation.decision.landmarker !== 'missing';
}

async function refineAt(
  track: RawTrack,
  { frame, picture }: ShownFrame,
  reason: RunReason,
  { networks }: RefineContext,
): Promise<Refinement | null> {
  const observation = track.observations[frame - track.in];
  if (!networks.refine || !observation) return null;
  const landmarks = await networks.refine(picture, observation.landmarks, reason);
  observation.decision = { ...observation.decision, refiner: reason };
  if (!landmarks) return null;
  const refinement = { frame, landmarks };
  const at = track.refinements.findIndex((other) => other.frame > frame);
  track.refinements.splice(at < 0 ? track.refinements.length : at, 0, refinement);
  return refinement;
}

/** Runs the network half-way, again and again, while the answers at both ends, carried to each other, disagree. */
async function bisect(
  track: RawTrack,
  [before, after]: readonly [Refinement, Refinement],
  shown: readonly ShownFrame[],
  context: RefineContext,
): Promise<void> {
  const { least, disagreement } = context.options.refine;
  if (after.frame - before.frame < 2 * least) return;
  if (disagreementOf(track, before, after) <= disagreement) return;
  const middle = (before.frame + after.frame) / 2;
  const between = shown
    .filter(({ frame }) => frame - before.frame >= least && after.frame - frame >= least)
    .sort((a, b) => Math.abs(a.frame - middle) - Math.abs(b.frame - middle))[0];
  if (!between) return;
  const here = await refineAt(track, between, 'between', context);
  if (!here) return;
  await bisect(track, [before, here], shown, context);
  await bisect(track, [here, after], shown, context);
}

/** Distance of the later run's landmarks from the earlier one's, carried there. */
function disagreementOf(track: RawTrack, before: Refinement, after: Refinement): number {
  const carrierAt = (frame: number) => (track.observations[frame - track.in] as RawObservation).landmarks;
  const carried = movedBy(carrierAt(after.frame), offsetOf(carrierAt(before.frame), before.landmarks));
  return carriedError(carried, after.landmarks).all;
}
