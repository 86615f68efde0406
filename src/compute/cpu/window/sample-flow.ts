import type { FlowLattice } from '../../../motion/flow-lattice.ts';
import { sampleCubic } from '../plate/cubic.ts';

/** A lattice of a picture `scale` times smaller than the one that it displaces. */
export interface ScaledFlow {
  readonly lattice: FlowLattice;
  readonly scale: number;
}

/** One or more planes of size², and where in them (size², above 0) anything is sampled. */
interface MaskedPlanes {
  readonly planes: Float32Array;
  readonly size: number;
  readonly where: Float32Array;
}

/** Writes the picture as displaced by a lattice to `out`, which is like `planes`; bicubic. Pixels at which `where` is 0 become 0. */
export function sampleFlow(
  { planes, size, where }: MaskedPlanes,
  { lattice, scale }: ScaledFlow,
  out: Float32Array,
): void {
  const area = size * size;
  const views = Array.from({ length: planes.length / area }, (_, k) => planes.subarray(k * area, (k + 1) * area));
  out.fill(0);
  const sample = new Float64Array(views.length);
  const { step, columns, rows, xy } = lattice;
  const pitch = step * scale;
  // The two rows of nodes around a row of pixels, blended once a row.
  const line = new Float32Array(2 * columns);
  for (let y = 0; y < size; y++) {
    const v = Math.min(rows - 1, Math.max(0, (y + 0.5) / pitch - 0.5));
    const j = Math.min(rows - 1, Math.floor(v));
    const below = 2 * Math.min(rows - 1, j + 1) * columns;
    const above = 2 * j * columns;
    const fv = v - j;
    for (let n = 0; n < line.length; n++) line[n] = scale * (xy[above + n] * (1 - fv) + xy[below + n] * fv);
    for (let x = 0, o = y * size; x < size; x++, o++) {
      if (!(where[o] > 0)) continue;
      const u = Math.min(columns - 1, Math.max(0, (x + 0.5) / pitch - 0.5));
      const i = Math.min(columns - 1, Math.floor(u));
      const right = Math.min(columns - 1, i + 1);
      const fu = u - i;
      // The whole part and the fraction are those of the displacement alone: added to x first, it would lose digits to it.
      const dx = Math.fround(line[2 * i] * (1 - fu) + line[2 * right] * fu);
      const dy = Math.fround(line[2 * i + 1] * (1 - fu) + line[2 * right + 1] * fu);
      const ix = Math.floor(dx);
      const iy = Math.floor(dy);
      sampleCubic(views, size, size, x + ix, dx - ix, y + iy, dy - iy, sample);
      for (let k = 0; k < sample.length; k++) out[k * area + o] = sample[k];
    }
  }
}
