import type { RgbPicture } from './networks.ts';

/** Writes r, g, b (0 … 1) of a picture at a place to `out`. */
export type Sampler = (x: number, y: number, out: Float64Array) => void;

/** Reads a patch (planar RGB, `Float32Array` of 3·size²) between its pixels, as `pictureSampler` does a picture. */
export function patchSampler(rgb: Float32Array, size: number): Sampler {
  const area = size * size;
  return (x, y, out) => {
    const { a, b, c, d, fx, fy } = corners(x, y, size, size);
    for (let k = 0; k < 3; k++) {
      const o = k * area;
      const above = rgb[o + a] * (1 - fx) + rgb[o + b] * fx;
      const below = rgb[o + c] * (1 - fx) + rgb[o + d] * fx;
      out[k] = above * (1 - fy) + below * fy;
    }
  };
}

/** Reads a picture between its pixels (bilinear); beyond its edge the outermost pixels are repeated. */
export function pictureSampler({ width, height, rgb }: RgbPicture): Sampler {
  return (x, y, out) => {
    const { a, b, c, d, fx, fy } = corners(x, y, width, height);
    for (let k = 0; k < 3; k++) {
      const above = rgb[3 * a + k] * (1 - fx) + rgb[3 * b + k] * fx;
      const below = rgb[3 * c + k] * (1 - fx) + rgb[3 * d + k] * fx;
      out[k] = (above * (1 - fy) + below * fy) / 255;
    }
  };
}

/** The four pixels around a place, as indices, and how near the right and the lower ones are; beyond the edge its pixels are repeated. */
export function corners(x: number, y: number, width: number, height: number) {
  const u = Math.min(width - 1, Math.max(0, x - 0.5));
  const v = Math.min(height - 1, Math.max(0, y - 0.5));
  const i = Math.floor(u);
  const j = Math.floor(v);
  const right = i + 1 < width ? 1 : 0;
  const down = j + 1 < height ? width : 0;
  const a = j * width + i;
  return { a, b: a + right, c: a + down, d: a + right + down, fx: u - i, fy: v - j };
}
