import { mix } from '../../../film/interpolate.ts';
import { doubled } from '../filter/half-size.ts';

/**
 * Fills a square of `size`² from the values it has: `values` is planar with one or more planes, `weight` (size²) is above 0 where
 * they count. Values with weight stay; the others become smooth continuations, by averaging down and interpolating up again
 * (push-pull: Gortler, Grzeszczuk, Szeliski and Cohen 1996, §3.4). Fixed cost; all zero where nothing has weight.
 */
export function fill(values: Float32Array, weight: ArrayLike<number>, size: number): Float32Array {
  const planes = values.length / (size * size);
  const weights = Float32Array.from(weight);
  const start = values.map((v, i) => (weights[i % weights.length] > 0 ? v : 0));
  return pull({ size, weights, values: start }, planes);
}

interface Level {
  readonly size: number;
  readonly weights: Float32Array;
  readonly values: Float32Array;
}

/** The level's values where its weight reaches 1, mixed with the filled coarser level's as far as it falls short. */
function pull(level: Level, planes: number): Float32Array {
  const { size, weights, values } = level;
  if (size === 1) return values;
  const coarse = pull(push(level, planes), planes);
  const half = (size + 1) >> 1;
  const side = 2 * half;
  const out = new Float32Array(values.length);
  for (let k = 0; k < planes; k++) {
    const smooth = doubled(coarse.subarray(k * half * half, (k + 1) * half * half), half);
    for (let y = 0, o = 0, i = k * size * size; y < size; y++) {
      for (let x = 0; x < size; x++, o++, i++) {
        const own = Math.min(1, weights[o]);
        out[i] = own === 1 ? values[i] : mix(smooth[y * side + x], values[i], own);
      }
    }
  }
  return out;
}

/** Half the size: the weighted mean of each 2 × 2, with the sum of its weights, at most 1. */
function push({ size, weights, values }: Level, planes: number): Level {
  const half = (size + 1) >> 1;
  const out: Level = {
    size: half,
    weights: new Float32Array(half * half),
    values: new Float32Array(planes * half * half),
  };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const o = (y >> 1) * half + (x >> 1);
      const w = weights[y * size + x];
      if (w === 0) continue;
      out.weights[o] = out.weights[o] + w;
      for (let k = 0; k < planes; k++) {
        const i = k * half * half + o;
        out.values[i] = out.values[i] + w * values[k * size * size + y * size + x];
      }
    }
  }
  for (let o = 0; o < out.weights.length; o++) {
    const w = out.weights[o];
    if (w === 0) continue;
    for (let k = 0; k < planes; k++) {
      const i = k * half * half + o;
      out.values[i] = out.values[i] / w;
    }
    out.weights[o] = Math.min(1, w);
  }
  return out;
}
