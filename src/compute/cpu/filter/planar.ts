import { BLUE_SHARE, GREEN_SHARE, RED_SHARE } from '../../../film/luma.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { decimated } from './decimate.ts';

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
  const luma = pool.lend(rgb.length / 3);
  pool.loops.luma(rgb, luma, luma.length, RED_SHARE, GREEN_SHARE, BLUE_SHARE);
  return luma;
}

/** The picture at half size, rounded up; see `FilterOperations.decimated`. The pool lends it. */
export function halvedPicture({ width, height, rgb }: PlanarPicture, pool: FloatPool = FRESH): PlanarPicture {
  const across = (width + 1) >> 1;
  const down = (height + 1) >> 1;
  const out = pool.lend(3 * across * down);
  channelsOf(rgb).forEach((channel, k) => {
    const plane = decimated(channel, width, height, pool);
    out.set(plane, k * across * down);
    pool.giveBack(plane);
  });
  return { width: across, height: down, rgb: out };
}
