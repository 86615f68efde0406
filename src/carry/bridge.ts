import type { Landmarks } from '../face/landmarks.ts';
import { carryPoints } from '../motion/similarity3.ts';
import type { MotionChain } from './motion-chain.ts';
import type { RawSighting } from './raw-sighting.ts';

/**
 * Carried landmarks led from the network's look before a rest to the one after it, along the face's tracked motion, so that the two
 * looks' difference is spread over the rest instead of jumping at its end.
 *
 * Where the rest ended because a tile changed, lips, lids and brows keep what they were until then: the change is news.
 *
 * @param expressive weight of each landmark, 0 = rigid … 1 = moved by expression
 */
export function bridgeRests(
  sightings: readonly RawSighting[],
  motion: MotionChain,
  expressive: Float32Array,
): Landmarks[] {
  const bridged = sightings.map(({ landmarks }) => landmarks);
  let from = 0;
  for (let to = 1; to < sightings.length; to++) {
    const { origin, look, landmarks } = sightings[to] as RawSighting;
    if (origin === 'carried') continue;
    if (to > from + 1) {
      const held = look.landmarker === 'tiles';
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
