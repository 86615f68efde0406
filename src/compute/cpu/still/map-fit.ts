import type { DenseMap } from '../../../face/dense-map.ts';
import { smoothstep } from '../../../film/interpolate.ts';
import type { RegisterOptions } from '../../stills.ts';
import { boxBlur } from '../filter/box-blur.ts';
import { valueAtShare } from '../filter/selection.ts';
import type { FloatPool } from '../float-pool.ts';

/** Area below which a place is crushed flat, as a share. */
export const FLATTEST_AREA = 1e-3;

/** See `RegisteredImages.fit`: typical is the median over a quarter of the map's middle half. Lent by the pool. */
export function mapFit({ size, xy }: DenseMap, stretch: RegisterOptions['stretch'], pool: FloatPool): Float32Array {
  const { alike, torn, sigma } = stretch;
  const fit = pool.zeroed(size * size);
  const some = pool.lend(size * size);
  let count = 0;
  const quarter = size >> 2;
  for (let y = 1; y + 1 < size; y++) {
    for (let x = 1, i = y * size + 1; x + 1 < size; x++, i++) {
      const ax = xy[2 * i + 2] - xy[2 * i - 2];
      const ay = xy[2 * i + 3] - xy[2 * i - 1];
      const bx = xy[2 * (i + size)] - xy[2 * (i - size)];
      const by = xy[2 * (i + size) + 1] - xy[2 * (i - size) + 1];
      fit[i] = Math.log2(Math.max(FLATTEST_AREA, (ax * by - ay * bx) / 4));
      const isMiddle = x > quarter && y > quarter && x < size - quarter && y < size - quarter;
      if (isMiddle && (x + y) % 4 === 0) some[count++] = fit[i];
    }
  }
  const typical = count > 0 ? valueAtShare(some.subarray(0, count), 0.5) : 0;
  for (let i = 0; i < fit.length; i++) fit[i] = 1 - smoothstep(alike, torn, Math.abs(fit[i] - typical));
  const soft = boxBlur(fit, size, { sigma, passes: 2 }, pool);
  pool.giveBack(fit, some);
  return soft;
}
