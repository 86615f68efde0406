import type { Luma } from './luma.ts';

/** One resolution of a picture with its slopes, each `Float32Array` of width·height. */
export interface PyramidLevel extends Luma {
  /** Change of luma per pixel to the right and down (Scharr 2000). */
  readonly dx: Float32Array;
  readonly dy: Float32Array;
}

/** A picture at falling resolution: `levels[k]` has half the size of `levels[k − 1]`. */
export interface Pyramid {
  readonly levels: readonly PyramidLevel[];
}

/** Least side of a level: below it Lucas–Kanade's window would be wider than the picture. */
export const SMALLEST_SIDE = 16;

/** Up to `count` levels, fewer where the picture is small. A point (x, y) of level 0 is (x, y) / 2ᵏ on level k. */
export function pyramidOf(luma: Luma, count: number): Pyramid {
  const levels = [withSlopes(luma)];
  let last = luma;
  while (levels.length < count && Math.min(last.width, last.height) >= 2 * SMALLEST_SIDE) {
    last = halve(last);
    levels.push(withSlopes(last));
  }
  return { levels };
}

/**
 * Half the size, by the taps 1 3 3 1. Their number is even, so an output pixel lies exactly over the middle of two input ones and
 * coordinates that begin at the picture's edge just halve.
 */
export function halve(luma: Luma): Luma {
  const width = luma.width >> 1;
  const height = luma.height >> 1;
  const across = new Float32Array(width * luma.height);
  for (let y = 0; y < luma.height; y++) {
    const row = y * luma.width;
    for (let x = 0; x < width; x++) {
      const at = row + 2 * x;
      const before = luma.samples[x > 0 ? at - 1 : at];
      const after = luma.samples[2 * x + 2 < luma.width ? at + 2 : at + 1];
      across[y * width + x] = 0.125 * (before + after) + 0.375 * (luma.samples[at] + luma.samples[at + 1]);
    }
  }
  const samples = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, 2 * y - 1) * width;
    const first = 2 * y * width;
    const second = first + width;
    const below = Math.min(luma.height - 1, 2 * y + 2) * width;
    for (let x = 0; x < width; x++) {
      samples[y * width + x] =
        0.125 * (across[above + x] + across[below + x]) + 0.375 * (across[first + x] + across[second + x]);
    }
  }
  return { width, height, samples };
}

function withSlopes(luma: Luma): PyramidLevel {
  const { width, height, samples } = luma;
  const dx = new Float32Array(samples.length);
  const dy = new Float32Array(samples.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = y > 0 ? row - width : row;
    const below = y < height - 1 ? row + width : row;
    // Between the picture's own edge and its repeated neighbour the distance is one pixel, inside it is two.
    const down = above === below ? 0 : 32 / (above === row || below === row ? 2 : 1);
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? x - 1 : x;
      const right = x < width - 1 ? x + 1 : x;
      const a = samples[above + left];
      const b = samples[above + x];
      const c = samples[above + right];
      const d = samples[row + left];
      const f = samples[row + right];
      const g = samples[below + left];
      const h = samples[below + x];
      const i = samples[below + right];
      const along = left === right ? 0 : 32 / (left === x || right === x ? 2 : 1);
      dx[row + x] = along === 0 ? 0 : (3 * (c - a + i - g) + 10 * (f - d)) / along;
      dy[row + x] = down === 0 ? 0 : (3 * (g - a + i - c) + 10 * (h - b)) / down;
    }
  }
  return { width, height, samples, dx, dy };
}
