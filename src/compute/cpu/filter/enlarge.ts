import { type FloatPool, FRESH } from '../float-pool.ts';

/** Planes of `from`² enlarged (or shrunk, if they are smooth) to `to`², bilinear between pixel centres; lent by the pool. */
export function enlarged(planes: Float32Array, from: number, to: number, pool: FloatPool = FRESH): Float32Array {
  const count = planes.length / (from * from);
  const out = pool.lend(count * to * to);
  const scale = from / to;
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const share = new Float32Array(to);
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, (i + 0.5) * scale - 0.5));
    first[i] = Math.floor(at);
    second[i] = Math.min(from - 1, Math.floor(at) + 1);
    share[i] = at - Math.floor(at);
  }
  const line = new Float32Array(from);
  for (let k = 0, o = 0; k < count; k++) {
    for (let y = 0; y < to; y++) {
      const above = (k * from + first[y]) * from;
      const below = (k * from + second[y]) * from;
      const t = share[y];
      for (let x = 0; x < from; x++) {
        line[x] = (1 - t) * planes[above + x] + t * planes[below + x];
      }
      for (let x = 0; x < to; x++, o++) {
        const a = line[first[x]];
        out[o] = a + share[x] * (line[second[x]] - a);
      }
    }
  }
  return out;
}
