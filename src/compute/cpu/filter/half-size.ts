import { BLUE_SHARE, GREEN_SHARE, RED_SHARE } from '../../../film/luma.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';

const LUMA = [RED_SHARE, GREEN_SHARE, BLUE_SHARE] as const;

/**
 * A square plane of even side at half of it: means of 2 × 2, which are right for masks and for what is measured. Lent by the pool, as all
 * that follow. Pictures that motion is looked for in are halved by `halve`, whose wider taps leave less of the grain (with means flow's error
 * is 5 to 20 % greater on waves under noise), and pictures that are shown by `halvedPicture`, which keeps more of the detail.
 */
export function halved(plane: Float32Array, size: number, pool: FloatPool = FRESH): Float32Array {
  const half = size >> 1;
  const out = pool.lend(half * half);
  for (let y = 0, o = 0; y < half; y++) {
    let i = 2 * y * size;
    for (let x = 0; x < half; x++, o++, i += 2) {
      out[o] = (plane[i] + plane[i + 1] + plane[i + size] + plane[i + size + 1]) / 4;
    }
  }
  return out;
}

/** The luma (ITU-R BT.709-6 §3.2) of planar RGB of side `size` at half its side. */
export function halvedLuma(rgb: Float32Array, size: number, pool: FloatPool = FRESH): Float32Array {
  const half = size >> 1;
  const area = size * size;
  const out = pool.zeroed(half * half);
  for (let c = 0; c < 3; c++) {
    const weight = LUMA[c] / 4;
    for (let y = 0, o = 0; y < half; y++) {
      let i = c * area + 2 * y * size;
      for (let x = 0; x < half; x++, o++, i += 2) {
        const sum = rgb[i] + rgb[i + 1] + rgb[i + size] + rgb[i + size + 1];
        out[o] += weight * sum;
      }
    }
  }
  return out;
}

/** A square plane of side `half` at twice that, bilinear, edges repeated: `enlarged` to the bit, in two thirds of its time. */
export function doubled(plane: Float32Array, half: number, pool: FloatPool = FRESH): Float32Array {
  const size = 2 * half;
  const out = pool.lend(size * size);
  const line = new Float32Array(half);
  for (let y = 0; y < size; y++) {
    const near = y >> 1;
    const far = Math.min(half - 1, Math.max(0, near + (y % 2 === 0 ? -1 : 1)));
    for (let x = 0; x < half; x++) line[x] = 0.75 * plane[near * half + x] + 0.25 * plane[far * half + x];
    const row = y * size;
    for (let x = 0; x < half; x++) {
      const v = 0.75 * line[x];
      out[row + 2 * x] = v + 0.25 * line[x > 0 ? x - 1 : 0];
      out[row + 2 * x + 1] = v + 0.25 * line[x + 1 < half ? x + 1 : x];
    }
  }
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
