import type { BlurTrials } from '../../stills.ts';
import { blurPatch } from '../filter/blur.ts';
import { cutOut } from '../filter/cut-out.ts';
import type { FloatPool } from '../float-pool.ts';

/** The samples of a still that is compared with a plate, and what each of them counts. */
interface WeighedStill {
  readonly luma: Float32Array;
  readonly weight: Float32Array;
}

/** A plate and what is compared with it: planes of size². */
interface Compared {
  readonly size: number;
  readonly plate: Float32Array;
  readonly stills: readonly WeighedStill[];
}

/** See `StillOperations.blurMismatches`. */
export function blurMismatches(
  { size, plate, stills }: Compared,
  trials: BlurTrials,
  pool: FloatPool,
): readonly (readonly number[])[] {
  const { sigmas, area } = trials;
  const target = banded(plate, size, trials, pool);
  const found = stills.map(({ luma, weight }) => {
    const source = banded(luma, size, trials, pool);
    const counts = cutOut(weight, size, area, pool);
    const errors = sigmas.map((sigma) => {
      if (!(sigma > 0)) return mismatch(target, source, counts);
      const blurred = blurPatch(source, area.width, sigma, pool);
      const error = mismatch(target, blurred, counts);
      pool.giveBack(blurred);
      return error;
    });
    pool.giveBack(source, counts);
    return errors;
  });
  pool.giveBack(target);
  return found;
}

/** The area without what is coarse in it. */
function banded(luma: Float32Array, size: number, { area, coarse }: BlurTrials, pool: FloatPool): Float32Array {
  const out = cutOut(luma, size, area, pool);
  const soft = blurPatch(out, area.width, coarse, pool);
  pool.loops.difference(out, soft, out, out.length);
  pool.giveBack(soft);
  return out;
}

/** Weighted sum of squares of what the best gain leaves. */
function mismatch(target: Float32Array, source: Float32Array, weight: Float32Array): number {
  let cross = 0;
  let squares = 0;
  let own = 0;
  for (let i = 0; i < target.length; i++) {
    const w = weight[i];
    if (!(w > 0)) continue;
    const t = target[i];
    const s = source[i];
    cross += w * t * s;
    squares += w * s * s;
    own += w * t * t;
  }
  return squares > 0 ? own - (cross * cross) / squares : own;
}
