import { lumaOfColour } from '../../film/luma.ts';
import { type FloatPool, FRESH } from './float-pool.ts';

/** A display-referred picture for comping: `Float32Array` of 3·width·height, planar RGB, 0 … 1. */
export interface PlanarPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Float32Array;
}

/** The three planes of planar RGB, as views. */
export function channelsOf(rgb: Float32Array): [Float32Array, Float32Array, Float32Array] {
  const count = rgb.length / 3;
  return [rgb.subarray(0, count), rgb.subarray(count, 2 * count), rgb.subarray(2 * count)];
}

/** Luma of planar RGB (ITU-R BT.709-6 §3.2): `Float32Array` of a third of its length, lent by the pool. */
export function lumaOfPlanar(rgb: Float32Array, pool: FloatPool = FRESH): Float32Array {
  const [r, g, b] = channelsOf(rgb);
  const luma = pool.lend(r.length);
  for (let i = 0; i < luma.length; i++) {
    luma[i] = lumaOfColour(r[i], g[i], b[i]);
  }
  return luma;
}

/** Catmull-Rom (Keys 1981) stretched to twice its width, at the four distances ½, 1½, 2½, 3½ of the samples to either side. */
const HALVING = [0.43359375, 0.11328125, -0.03515625, -0.01171875] as const;

/**
 * The picture at half size, rounded up, by a filter that keeps what the half can hold: plain averaging of 2 × 2 would fold fine
 * patterns back at a seventh of their strength, and soften the rest. Edges are repeated. The pool lends it.
 */
export function halvedPicture(picture: PlanarPicture, pool: FloatPool = FRESH): PlanarPicture {
  const { width, height } = picture;
  const across = (width + 1) >> 1;
  const down = (height + 1) >> 1;
  const rgb = pool.zeroed(3 * across * down);
  const rows = pool.lend(across * height);
  channelsOf(picture.rgb).forEach((channel, k) => {
    halveRows(channel, width, height, rows, across);
    halveColumns(rows, across, height, rgb.subarray(k * across * down, (k + 1) * across * down), down);
  });
  pool.giveBack(rows);
  return { width: across, height: down, rgb };
}

function halveRows(from: Float32Array, width: number, height: number, to: Float32Array, across: number): void {
  for (let y = 0, o = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < across; x++, o++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) {
        const left = Math.max(0, 2 * x - k);
        const right = Math.min(width - 1, 2 * x + 1 + k);
        sum += (HALVING[k] as number) * (from[row + left] + from[row + right]);
      }
      to[o] = sum;
    }
  }
}

function halveColumns(from: Float32Array, width: number, height: number, to: Float32Array, down: number): void {
  for (let y = 0; y < down; y++) {
    const out = y * width;
    for (let k = 0; k < 4; k++) {
      const above = Math.max(0, 2 * y - k) * width;
      const below = Math.min(height - 1, 2 * y + 1 + k) * width;
      const weight = HALVING[k] as number;
      for (let x = 0; x < width; x++) {
        to[out + x] = to[out + x] + weight * (from[above + x] + from[below + x]);
      }
    }
  }
}
