import type { CountedNetworks } from '../track/counted-networks.ts';
import type { RunReason } from '../track/inference-counts.ts';
import { movedBy, offsetOf } from '../track/offset.ts';
import type { RawObservation } from '../track/raw-observation.ts';
import type { RawTrack, Refinement } from '../track/raw-track.ts';
import type { ShownFrame } from '../track/shown-frame.ts';
import { carriedError } from './carried-error.ts';

/** How often a heavy landmark network looks at a face that a light one follows. */
export interface RefineLimits {
  /** Frames between two looks while both agree. */
  readonly every: number;
  /** Fewest frames between two looks. */
  readonly least: number;
  /** How far a look may be from where the one before, carried there, puts the face, over inter-ocular distance. */
  readonly disagreement: number;
}

/** What refining asks with, and when. */
export interface RefineContext {
  readonly networks: Pick<CountedNetworks, 'refine'>;
  readonly options: {
    readonly refine: RefineLimits;
    /** Presence, 0 … 1, below which its answer is not believed. */
    readonly presenceFloor: number;
    /** False: it looks at every frame. */
    readonly reuse: boolean;
  };
}

/**
 * Lets the heavy landmark network look at a face where it is due: in its last frame, and, where it was just found, also in those
 * through which it was followed back. Where the looks on both sides of a gap disagree, another is made in its middle.
 *
 * @param recent the last pictures, that of the track's last frame among them
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
    // A track's first frame is looked at too: nothing lies before it to lean on.
    const isDue = gap >= every || (!known && one === shown[0] && gap >= least);
    if (!isDue) continue;
    const here = await refineAt(track, one, reason, context);
    if (here) await bisect(track, here, later, shown, context);
    later = here;
  }
  if (known && later) await bisect(track, known, later, shown, context);
}

/** True where the track has a face in that frame that was looked at or carried, not bridged. */
function isSeen(track: RawTrack, frame: number): boolean {
  const observation = track.observations[frame - track.in];
  return observation !== undefined && observation.decision.landmarker !== 'missing';
}

async function refineAt(
  track: RawTrack,
  { frame, picture }: ShownFrame,
  reason: RunReason,
  { networks, options }: RefineContext,
): Promise<Refinement | null> {
  const observation = track.observations[frame - track.in];
  if (!networks.refine || !observation) return null;
  const { landmarks, presence } = await networks.refine(picture, observation.landmarks, reason);
  observation.decision = { ...observation.decision, refiner: reason };
  if (presence < options.presenceFloor) return null;
  const refinement = { frame, landmarks };
  const at = track.refinements.findIndex((other) => other.frame > frame);
  track.refinements.splice(at < 0 ? track.refinements.length : at, 0, refinement);
  return refinement;
}

/** Looks once more in the middle while what both ends say of the face, carried to each other, differs. */
async function bisect(
  track: RawTrack,
  before: Refinement,
  after: Refinement,
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
  await bisect(track, before, here, shown, context);
  await bisect(track, here, after, shown, context);
}

/** How far the later look is from where the earlier one puts the face there. */
function disagreementOf(track: RawTrack, before: Refinement, after: Refinement): number {
  const carrierAt = (frame: number) => (track.observations[frame - track.in] as RawObservation).landmarks;
  const carried = movedBy(carrierAt(after.frame), offsetOf(carrierAt(before.frame), before.landmarks));
  return carriedError(carried, after.landmarks).all;
}
