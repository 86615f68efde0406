import type { DenseMap } from '../../../face/dense-map.ts';
import { type FlowLattice, flowAt } from '../../../motion/flow-lattice.ts';
import type { FloatPool } from '../float-pool.ts';
import { sampleCubic } from '../plate/cubic.ts';

/** A plane of size² at every entry of the map, bicubic; lent by the pool, as all that follows. */
export function sampledByMap(plane: Float32Array, size: number, map: DenseMap, pool: FloatPool): Float32Array {
  const out = pool.lend(map.size * map.size);
  const planes = [plane];
  const sample = new Float64Array(1);
  for (let o = 0; o < out.length; o++) {
    const x = map.xy[2 * o] - 0.5;
    const y = map.xy[2 * o + 1] - 0.5;
    const i = Math.floor(x);
    const j = Math.floor(y);
    sampleCubic(planes, size, size, i, x - i, j, y - j, sample);
    out[o] = sample[0];
  }
  return out;
}

/** The map as looked up where the flow leads, bilinear. */
export function displacedMap({ size, xy }: DenseMap, flow: FlowLattice, pool: FloatPool): DenseMap {
  const out = pool.lend(xy.length);
  const step = new Float64Array(2);
  const last = size - 1.001;
  for (let y = 0, o = 0; y < size; y++) {
    for (let x = 0; x < size; x++, o += 2) {
      flowAt(flow, x + 0.5, y + 0.5, step);
      const u = Math.min(last, Math.max(0, x + step[0]));
      const v = Math.min(last, Math.max(0, y + step[1]));
      const i = Math.floor(u);
      const j = Math.floor(v);
      const a = 2 * (j * size + i);
      for (let c = 0; c < 2; c++) {
        const above = xy[a + c] + (u - i) * (xy[a + 2 + c] - xy[a + c]);
        const below = xy[a + 2 * size + c] + (u - i) * (xy[a + 2 * size + 2 + c] - xy[a + 2 * size + c]);
        out[o + c] = above + (v - j) * (below - above);
      }
    }
  }
  return { size, xy: out };
}

/** What is sampled in full through a map and a gain of a smaller side. */
export interface FullSamples {
  readonly size: number;
  readonly luma: Float32Array;
  readonly map: DenseMap;
  readonly gain: Float32Array;
  readonly where: Float32Array;
  /** What stands where `where` is 0. */
  readonly outside: Float32Array;
}

/** The luma through the map, bicubic, times the gain; both are bilinear between their entries. */
export function sampledInFull(samples: FullSamples, pool: FloatPool): Float32Array {
  const { size, luma, map, gain, where, outside } = samples;
  const { size: side, xy } = map;
  const scale = size / side;
  const out = pool.lend(size * size);
  const planes = [luma];
  const sample = new Float64Array(1);
  for (let y = 0, o = 0; y < size; y++) {
    const v = Math.min(side - 1, Math.max(0, (y + 0.5) / scale - 0.5));
    const j = Math.min(side - 2, Math.floor(v));
    const fv = v - j;
    for (let x = 0; x < size; x++, o++) {
      if (!(where[o] > 0)) {
        out[o] = outside[o];
        continue;
      }
      const u = Math.min(side - 1, Math.max(0, (x + 0.5) / scale - 0.5));
      const i = Math.min(side - 2, Math.floor(u));
      const fu = u - i;
      const n = j * side + i;
      const m = n + side;
      const a = (1 - fu) * (1 - fv);
      const b = fu * (1 - fv);
      const c = (1 - fu) * fv;
      const d = fu * fv;
      const px = a * xy[2 * n] + b * xy[2 * n + 2] + c * xy[2 * m] + d * xy[2 * m + 2] - 0.5;
      const py = a * xy[2 * n + 1] + b * xy[2 * n + 3] + c * xy[2 * m + 1] + d * xy[2 * m + 3] - 0.5;
      const ix = Math.floor(px);
      const iy = Math.floor(py);
      sampleCubic(planes, size, size, ix, px - ix, iy, py - iy, sample);
      const factor = a * gain[n] + b * gain[n + 1] + c * gain[m] + d * gain[m + 1];
      out[o] = factor * sample[0];
    }
  }
  return out;
}
