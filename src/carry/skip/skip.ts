import type { TileChange } from './face-tiles.ts';

/** While a face stays within these since its landmarks were placed, they are carried and the landmark network rests. */
export interface SkipLimits {
  /** Frames; 0 = the network never rests. */
  readonly age: number;
  /** Tracked motion of any part of the face, over inter-ocular distance. */
  readonly motion: number;
  /** Change of mouth, eyes or nose beyond grain, root mean square of luma over its local mean. */
  readonly tiles: number;
  /** How far the network's answers may differ from carried ones, over inter-ocular distance: beyond it they need averaging, not rest. */
  readonly disagreement: number;
}

/** What is known of a face since the landmark network looked at it last. */
export interface SkipEvidence {
  /** Frames since then, this one included. */
  readonly age: number;
  /** Infinite where tracking could not tell. */
  readonly motion: number;
  /** The greatest change of a tile beyond grain. */
  readonly tiles: number;
  /** Typical distance between the network's answers and carried landmarks; infinite until a few looks have shown it. */
  readonly disagreement: number;
}

/** Why the landmark network ran in a frame, or that it rested. */
export type SkipVerdict = 'skip' | 'age' | 'motion' | 'tiles' | 'unsure';

/** @param caution ≥ 1: limits are divided by it on a face that was carried badly */
export function verdictOf(evidence: SkipEvidence, limits: SkipLimits, limitDivisor = 1): SkipVerdict {
  if (!(evidence.motion * limitDivisor <= limits.motion)) return 'motion';
  if (!(evidence.tiles * limitDivisor <= limits.tiles)) return 'tiles';
  if (!(evidence.disagreement <= limits.disagreement)) return 'unsure';
  return evidence.age * limitDivisor < limits.age ? 'skip' : 'age';
}

/** How far beyond grain a tile changed: grain is what changes from one frame to the next where nothing moves. */
export function beyondGrain(change: TileChange, grain: number): number {
  const most = Math.max(change.mouth, change.eyes, change.nose);
  return Math.sqrt(Math.max(0, most * most - grain * grain));
}
