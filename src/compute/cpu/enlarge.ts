/** Planes of `from`² enlarged (or shrunk, if they are smooth) to `to`², bilinear between pixel centres. */
export function enlarged(planes: Float32Array, from: number, to: number): Float32Array {
  const count = planes.length / (from * from);
  const out = new Float32Array(count * to * to);
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
      const above = (k * from + (first[y] as number)) * from;
      const below = (k * from + (second[y] as number)) * from;
      const t = share[y] as number;
      for (let x = 0; x < from; x++) {
        line[x] = (1 - t) * (planes[above + x] as number) + t * (planes[below + x] as number);
      }
      for (let x = 0; x < to; x++, o++) {
        const a = line[first[x] as number] as number;
        out[o] = a + (share[x] as number) * ((line[second[x] as number] as number) - a);
      }
    }
  }
  return out;
}
