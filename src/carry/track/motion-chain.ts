import { compose3, IDENTITY3, invert3, type Similarity3 } from '../../motion/similarity3.ts';

/** Motion of a face between any two frames of its track. The cost grows with their distance. */
export type MotionChain = (from: number, to: number) => Similarity3;

/** @param steps `steps[k]` carries frame `k − 1` to frame `k`; `steps[0]` is not used */
export function motionChain(steps: readonly Similarity3[]): MotionChain {
  const back = steps.map(invert3);
  return (from, to) => {
    let motion = IDENTITY3;
    for (let k = from + 1; k <= to; k++) motion = compose3(steps[k] as Similarity3, motion);
    for (let k = from; k > to; k--) motion = compose3(back[k] as Similarity3, motion);
    return motion;
  };
}
