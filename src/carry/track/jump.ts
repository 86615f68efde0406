import type { SkipEvidence } from '../skip/skip.ts';

/** Tracked motion since the last look, over inter-ocular distance, from which it may be a false match: a head that turns fast. */
const JUMP = 0.32;
/** Change of a tile beyond grain with which a leap is not believed: the head turned, and no similarity carries it. */
const TURNED = 0.05;
/** Distance of the still parts from where a leap carries them, over inter-ocular distance, with which it is not believed. */
const CONTRADICTED = 0.08;

/** True where a face moved so far and looks so different that its texture cannot have been followed. */
export function isBlindJump({ motion, tiles }: SkipEvidence): boolean {
  return motion > JUMP && tiles > TURNED;
}

/** True where a face moved far, and the network saw its still parts elsewhere by `rigid`, over inter-ocular distance. */
export function isContradictedJump({ motion }: SkipEvidence, rigid: number): boolean {
  return motion > JUMP && rigid > CONTRADICTED;
}
