import type { TileChange } from './face-tiles.ts';

/**
 * Limits of change since the landmark network's last run. Within all of them, landmarks are carried and the network is skipped.
 */
export interface SkipLimits {
  /** Frames; 0 = the network is never skipped. */
  readonly age: number;
  /** Tracked motion of any part of the face, over inter-ocular distance. */
  readonly motion: number;
  /** Change of mouth, eyes or nose beyond grain, root mean square of luma over its local mean. */
  readonly tiles: number;
  /**
   * Typical distance of the network's landmarks from carried ones, over inter-ocular distance. Beyond it they are so noisy that
   * they need averaging over every frame.
   */
  readonly disagreement: number;
}

/** What is known of a face since the landmark network's last run. */
export interface SkipEvidence {
  /** Frames since then, this one included. */
  readonly age: number;
  /** Infinite where it could not be measured. */
  readonly motion: number;
  /** The greatest change of a tile beyond grain. */
  readonly tiles: number;
  /** Typical distance between the network's landmarks and carried ones; infinite until there are a few comparisons. */
  readonly disagreement: number;
}

/** Why the landmark network ran in a frame, or that it was skipped. */
export type SkipVerdict = 'skip' | 'age' | 'motion' | 'tiles' | 'unsure';

/** @param limitDivisor ≥ 1; the limits of motion, tiles and age are divided by it */
export function verdictOf(evidence: SkipEvidence, limits: SkipLimits, limitDivisor = 1): SkipVerdict {
  if (!(evidence.motion * limitDivisor <= limits.motion)) return 'motion';
  if (!(evidence.tiles * limitDivisor <= limits.tiles)) return 'tiles';
  if (!(evidence.disagreement <= limits.disagreement)) return 'unsure';
  return evidence.age * limitDivisor < limits.age ? 'skip' : 'age';
}

/** Greatest change of a tile beyond grain. */
export function beyondGrain(change: TileChange, grain: number): number {
  const most = Math.max(change.mouth, change.eyes, change.nose);
  return Math.sqrt(Math.max(0, most * most - grain * grain));
}
