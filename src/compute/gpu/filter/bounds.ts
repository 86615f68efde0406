import type { Roi } from '../../../film/roi.ts';
import type { Combination } from './reduction.ts';

/** How the numbers of a reduction are combined that finds the rectangle around items: `BOUNDS_OF` finds what an item adds. */
export const BOUNDS: readonly Combination[] = ['least', 'least', 'most', 'most'];

/** WGSL: what a pixel adds that lies in a picture of width `v.width`, row by row. */
export const BOUNDS_OF = `
  let x = f32(i % v.width);
  let y = f32(i / v.width);
  found = array<f32, 4>(x, y, x, y);
`;

/** The rectangle around the items that were found; null where none was. */
export function boundsIn(numbers: ArrayBuffer): Roi | null {
  const [left, top, right, bottom] = new Float32Array(numbers);
  return right < left ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
