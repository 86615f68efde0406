import { compose, IDENTITY, invert, type Similarity } from '../face/similarity.ts';

/** A face's tracked motion through a track: `forth[k]` carries frame 0 to frame `k`, `back[k]` the other way. */
export interface MotionChain {
  readonly forth: readonly Similarity[];
  readonly back: readonly Similarity[];
}

/** @param steps `steps[k]` carries frame `k − 1` to frame `k`; `steps[0]` is not used */
export function motionChain(steps: readonly Similarity[], length: number): MotionChain {
  const forth: Similarity[] = [IDENTITY];
  for (let k = 1; k < length; k++) forth.push(compose(steps[k] ?? IDENTITY, forth[k - 1] as Similarity));
  return { forth, back: forth.map(invert) };
}
