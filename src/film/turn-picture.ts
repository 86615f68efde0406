import { flipsColumns, flipsRows, type Orientation, type PictureSize, swapsSides } from './orientation.ts';
import { type Plane, type Plate, planesOf } from './plate.ts';
import type { Samples } from './sample-format.ts';

/** A picture's samples: `planesOf` tells its planes. */
export type Picture = Pick<Plate, 'format' | 'width' | 'height' | 'bytes'>;

/** Writes a stored picture into `upright`, whose format and size are `uprightFormat` and `uprightSize` of it, bit for bit. */
export function turnUpright(stored: Picture, orientation: Orientation, upright: Picture): void {
  const planes = planesOf(upright.format, upright.bytes, upright.width, upright.height);
  planesOf(stored.format, stored.bytes, stored.width, stored.height).forEach((from, k) => {
    const to = planes[k] as Plane;
    const { stored: source, upright: target } = placesOf(from, to, orientation);
    copySamples(from.samples, source, to.samples, target);
  });
}

/** The inverse of `turnUpright`: writes an upright picture back in its stored order, without the pixels that were added. */
export function turnBack(upright: Picture, orientation: Orientation, stored: Picture): void {
  const planes = planesOf(upright.format, upright.bytes, upright.width, upright.height);
  planesOf(stored.format, stored.bytes, stored.width, stored.height).forEach((to, k) => {
    const from = planes[k] as Plane;
    const { stored: target, upright: source, added } = placesOf(to, from, orientation);
    copySamples(from.samples, without(source, added), to.samples, without(target, added));
  });
}

/** Writes stored pixels of interleaved 8-bit RGB, `size` of them, into `upright`, turned. */
export function turnPixels(stored: Uint8Array, size: PictureSize, orientation: Orientation, upright: Uint8Array): void {
  const [width, height] = swapsSides(orientation) ? [size.height, size.width] : [size.width, size.height];
  const places = placesOf(size, { width, height }, orientation);
  for (let k = 0; k < 3; k++) copySamples(stored, threefold(places.stored, k), upright, threefold(places.upright, k));
}

/** Where the samples of an upright picture's column and row lie in a plane: at `columns[x] + rows[y]`. */
interface Places {
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

/** The same samples in the stored and in the upright plane; the first `added` upright columns and rows are not stored. */
function placesOf(stored: PictureSize, upright: PictureSize, orientation: Orientation) {
  const swaps = swapsSides(orientation);
  const left = upright.width - (swaps ? stored.height : stored.width);
  const top = upright.height - (swaps ? stored.width : stored.height);
  const across = places(stored.width, swaps ? top : left, flipsColumns(orientation), 1);
  const down = places(stored.height, swaps ? left : top, flipsRows(orientation), stored.width);
  return {
    stored: swaps ? { columns: down, rows: across } : { columns: across, rows: down },
    upright: { columns: places(upright.width, 0, false, 1), rows: places(upright.height, 0, false, upright.width) },
    added: { left, top },
  };
}

function places(length: number, added: number, flips: boolean, step: number): Int32Array {
  return Int32Array.from(
    { length: length + added },
    (_, k) => step * (flips ? Math.min(length - 1, length - 1 - (k - added)) : k),
  );
}

function without({ columns, rows }: Places, { left, top }: { readonly left: number; readonly top: number }): Places {
  return { columns: columns.subarray(left), rows: rows.subarray(top) };
}

/** The places of a component of interleaved RGB. */
function threefold({ columns, rows }: Places, component: number): Places {
  return { columns: columns.map((place) => 3 * place + component), rows: rows.map((place) => 3 * place) };
}

/** Tiles whose lines all stay in a cache: where sides are swapped, one of the planes is read across its rows. */
const TILE = 64;

function copySamples(from: Samples, source: Places, to: Samples, target: Places): void {
  const width = source.columns.length;
  const height = source.rows.length;
  for (let top = 0; top < height; top += TILE) {
    const bottom = Math.min(height, top + TILE);
    for (let left = 0; left < width; left += TILE) {
      const right = Math.min(width, left + TILE);
      for (let y = top; y < bottom; y++) {
        const row = source.rows[y] as number;
        const toRow = target.rows[y] as number;
        for (let x = left; x < right; x++) {
          to[toRow + (target.columns[x] as number)] = from[row + (source.columns[x] as number)] as number;
        }
      }
    }
  }
}
