import { insideDistance } from '../../../face/matte.ts';
import { bestPath, type LinePath } from './line-path.ts';
import { type Ridges, ROW_STEP, ridgesOf } from './ridges.ts';

/** What a way down the picture must show to be a scratch, deviations, and in what share of all rows and of those on the face it must stand out. */
const EVIDENCE = 1.1;
const STANDS_OUT = 2;
const IN_ALL = 0.3;
const ON_FACE = 0.3;
/** Share of its rows that must lie on the face: a cheek's outline is straight for less. */
const CROSSES = 0.22;
/** The least rows by which one can tell. */
const LEAST_ROWS = 12;
/** Columns to either side of a way that belong to it. */
const BESIDE = 3;
/** More ways than this are not looked at: rain of lines has a few in a face's width. */
const MOST_WAYS = 16;

/**
 * The ways of lines down the film that cross a face, in a picture of the plate around it: a column for every `ROW_STEP` rows, the surest first.
 *
 * A scratch runs down the whole picture, straight or nearly so, whatever is behind it: its evidence is summed along the way. On the face
 * itself it must be seen, too, because door frames and curtains end there.
 *
 * @param luma `Float32Array` of width·height
 * @param outline of the face: x0, y0, x1, y1 …, pixels
 */
export function findScratches(
  luma: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  outline: Float32Array,
): Int32Array[] {
  const ridges = ridgesOf(luma, width, height);
  const { rows } = ridges;
  if (rows < LEAST_ROWS) return [];
  const found: LinePath[] = [];
  for (const sign of [1, -1] as const) {
    // Of its own sign: a dark line has bright shoulders, which lie closer than two lines do.
    const taken = new Uint8Array(width * rows);
    for (let k = 0; k < MOST_WAYS; k++) {
      const path = bestPath(ridges, sign, taken);
      if (path.evidence < EVIDENCE) break;
      if (crossesFace(ridges, path, sign, outline)) found.push(path);
      path.columns.forEach((column, row) => {
        taken.fill(1, row * width + Math.max(0, column - BESIDE), row * width + Math.min(width, column + BESIDE + 1));
      });
    }
  }
  return found.sort((a, b) => b.evidence - a.evidence).map(({ columns }) => columns);
}

function crossesFace(
  { width, rows, deviations }: Ridges,
  { columns }: LinePath,
  sign: 1 | -1,
  outline: Float32Array,
): boolean {
  let onFace = 0;
  let seen = 0;
  let seenInAll = 0;
  columns.forEach((column, row) => {
    const standsOut = sign * deviations[row * width + column] > STANDS_OUT;
    if (standsOut) seenInAll += 1;
    if (!(insideDistance(outline, column + 0.5, (row + 0.5) * ROW_STEP) > 0)) return;
    onFace += 1;
    if (standsOut) seen += 1;
  });
  return onFace >= CROSSES * rows && seen >= ON_FACE * onFace && seenInAll >= IN_ALL * rows;
}
