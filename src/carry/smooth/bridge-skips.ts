import type { Landmarks } from '../../face/landmarks.ts';
import { carryPoints } from '../../motion/similarity3.ts';
import type { MotionChain } from '../track/motion-chain.ts';
import type { RawObservation } from '../track/raw-observation.ts';

/**
 * Landmarks of skipped frames, led along the tracked motion from the network's run before them to the one after. The difference
 * of the two runs is spread over the frames between, instead of a jump at the end.
 *
 * Where a changed tile caused the later run, lips, lids and brows are carried from the earlier run alone: the change happened
 * only then.
 *
 * @param expressive weight of each landmark, 0 = rigid … 1 = moved by expression
 */
export function bridgeSkips(
  observations: readonly RawObservation[],
  motion: MotionChain,
  expressive: Float32Array,
): Landmarks[] {
  const bridged = observations.map(({ landmarks }) => landmarks);
  let from = 0;
  for (let to = 1; to < observations.length; to++) {
    const { origin, decision, landmarks } = observations[to] as RawObservation;
    if (origin === 'carried') continue;
    if (to > from + 1) {
      const held = decision.landmarker === 'tiles';
      for (let k = from + 1; k < to; k++) {
        const share = (k - from) / (to - from);
        const first = carryPoints(motion(from, k), bridged[from] as Landmarks);
        const last = carryPoints(motion(to, k), landmarks);
        bridged[k] = first.map((v, i) => {
          const own = held ? share * (1 - (expressive[Math.floor(i / 3)] as number)) : share;
          return v + own * ((last[i] as number) - v);
        });
      }
    }
    from = to;
  }
  return bridged;
}
