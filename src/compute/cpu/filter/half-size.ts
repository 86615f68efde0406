import { BLUE_SHARE, GREEN_SHARE, RED_SHARE } from '../../../film/luma.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';

/**
 * A square plane of even side at half of it: means of 2 × 2, which are right for masks and for what is measured. Lent by the pool, as all
 * that follow. Pictures that motion is looked for in are halved by `halve`, whose wider taps leave less of the grain (with means flow's error
 * is 5 to 20 % greater on waves under noise), and pictures that are shown by `halvedPicture`, which keeps more of the detail.
 */
export function halved(plane: Float32Array, size: number, pool: FloatPool = FRESH): Float32Array {
  const half = size >> 1;
  const out = pool.lend(half * half);
  pool.loops.halved(plane, out, size);
  return out;
}

/** The luma (ITU-R BT.709-6 §3.2) of planar RGB of side `size` at half its side. */
export function halvedLuma(rgb: Float32Array, size: number, pool: FloatPool = FRESH): Float32Array {
  const half = size >> 1;
  const out = pool.lend(half * half);
  pool.loops.halvedLuma(rgb, out, size, RED_SHARE / 4, GREEN_SHARE / 4, BLUE_SHARE / 4);
  return out;
}

/** A square plane of side `half` at twice that, bilinear, edges repeated. */
export function doubled(plane: Float32Array, half: number, pool: FloatPool = FRESH): Float32Array {
  const out = pool.lend(4 * half * half);
  const line = pool.lend(half + 2);
  pool.loops.doubled(plane, line, out, half);
  pool.giveBack(line);
  return out;
}

/** A square plane at a side smaller by halving: itself, or lent by the pool. */
export function shrunkTo(plane: Float32Array, size: number, side: number, pool: FloatPool): Float32Array {
  let out = plane;
  for (let s = size; s > side; s >>= 1) {
    const next = halved(out, s, pool);
    if (out !== plane) pool.giveBack(out);
    out = next;
  }
  return out;
}

/** A square plane at a side larger by doubling: itself, or lent by the pool. */
export function enlargedTo(plane: Float32Array, side: number, size: number, pool: FloatPool): Float32Array {
  let out = plane;
  for (let s = side; s < size; s *= 2) {
    const next = doubled(out, s, pool);
    if (out !== plane) pool.giveBack(out);
    out = next;
  }
  return out;
}

/** Every `step`-th pixel of every `step`-th row of a square plane: for masks, which a mean would soften. */
export function everyOther(plane: Float32Array, size: number, step: number, pool: FloatPool = FRESH): Float32Array {
  const side = Math.floor(size / step);
  const out = pool.lend(side * side);
  for (let y = 0, o = 0; y < side; y++) {
    for (let x = 0, i = step * y * size; x < side; x++, i += step, o++) out[o] = plane[i];
  }
  return out;
}

/** The pixels of half the size whose four pixels are all above 0: 1, else 0. */
export function halvedWhole(mask: Float32Array, size: number, pool: FloatPool): Float32Array {
  const half = size >> 1;
  const out = pool.lend(half * half);
  for (let y = 0, o = 0; y < half; y++) {
    for (let i = 2 * y * size, end = i + 2 * half; i < end; i += 2, o++) {
      out[o] = mask[i] > 0 && mask[i + 1] > 0 && mask[i + size] > 0 && mask[i + size + 1] > 0 ? 1 : 0;
    }
  }
  return out;
}
