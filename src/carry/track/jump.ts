import type { SkipEvidence } from '../skip/skip.ts';

/**
 * Tracked motion since the last run, over inter-ocular distance, above which it may be a false match: a head that turns fast. On a
 * clip with such a head the limits took the jitter from 7.77 to 4.22 % of that distance; no other clip has such a frame
 * (`bench -- carry`).
 */
const JUMP = 0.32;
/** Change of a tile beyond grain above which a jump is rejected: the head turned, and no similarity carries it. */
const TURNED = 0.05;
/** Distance of the still parts from where a jump carries them, over inter-ocular distance, above which it is rejected. */
const CONTRADICTED = 0.08;

/** True where a face moved so far and changed so much that its texture cannot have been followed. */
export function isBlindJump({ motion, tiles }: SkipEvidence): boolean {
  return motion > JUMP && tiles > TURNED;
}

/** True where a face moved far and the network contradicts it: its still parts lie off by `rigid`, over inter-ocular distance. */
export function isContradictedJump({ motion }: SkipEvidence, rigid: number): boolean {
  return motion > JUMP && rigid > CONTRADICTED;
}
