import { invert, type Similarity } from '../../../face/similarity.ts';
import { lumaOfColour } from '../../../film/luma.ts';
import type { Scratch } from '../../scratch.ts';

/** What lines add to a patch, and where they lie. */
export interface ScratchPictures {
  /** `Float32Array` of 3·size², planar R, G, B. */
  readonly added: Float32Array;
  /** `Float32Array` of size²: 1 = a line is seen there, else 0. */
  readonly scratched: Float32Array;
}

/** A line is seen where it adds more than this to the luma, 0 … 1. */
const SEEN = 2 / 255;

/** Draws lines of the plate on a patch of side `size`. */
export function scratchPictures(scratches: readonly Scratch[], size: number, toPatch: Similarity): ScratchPictures {
  const area = size * size;
  const added = new Float32Array(3 * area);
  for (const scratch of scratches) draw(scratch, size, invert(toPatch), added);
  const scratched = new Float32Array(area);
  for (let i = 0; i < area; i++) {
    if (Math.abs(lumaOfColour(added[i], added[area + i], added[2 * area + i])) > SEEN) scratched[i] = 1;
  }
  return { added, scratched };
}

function draw({ top, pitch, x, profile, amount }: Scratch, size: number, toPlate: Similarity, out: Float32Array): void {
  const { a, b, tx, ty } = toPlate;
  const area = size * size;
  const rows = x.length;
  const half = profile.length >> 1;
  const reach = (half + 2) * pitch;
  const left = x.reduce((least, v) => Math.min(least, v), Infinity) - reach;
  const right = x.reduce((most, v) => Math.max(most, v), -Infinity) + reach;
  for (let v = 0; v < size; v++) {
    // Of the patch's row, what lies between the line's outermost columns.
    const startX = tx - b * (v + 0.5);
    const ends = a === 0 ? [0, size] : [(left - startX) / a, (right - startX) / a].sort((p, q) => p - q);
    const last = Math.min(size - 1, Math.ceil(ends[1]));
    for (let u = Math.max(0, Math.floor(ends[0])); u <= last; u++) {
      const row = (ty + b * (u + 0.5) + a * (v + 0.5) - top) / pitch - 0.5;
      if (row < -0.5 || row > rows - 0.5) continue;
      const k = Math.min(rows - 1, Math.max(0, Math.floor(row)));
      const next = Math.min(rows - 1, k + 1);
      const f = Math.min(1, Math.max(0, row - k));
      const middle = x[k] + f * (x[next] - x[k]);
      const across = (startX + a * (u + 0.5) - middle) / pitch + half;
      if (across <= -2 || across >= profile.length + 1) continue;
      const share = cubic(profile, across);
      for (let c = 0; c < 3; c++) {
        const from = amount[c * rows + k];
        out[c * area + v * size + u] += share * (from + f * (amount[c * rows + next] - from));
      }
    }
  }
}

/** Catmull and Rom (1974), as plates are lifted; 0 beyond the values. */
function cubic(values: Float32Array, at: number): number {
  const k = Math.floor(at);
  const f = at - k;
  const [p, q, r, s] = [values[k - 1] ?? 0, values[k] ?? 0, values[k + 1] ?? 0, values[k + 2] ?? 0];
  return q + 0.5 * f * (r - p + f * (2 * p - 5 * q + 4 * r - s + f * (3 * (q - r) + s - p)));
}
