const LUMA = [0.2126, 0.7152, 0.0722] as const;

/** A square plane at half its side: means of 2 × 2. `size` must be even. */
export function halved(plane: Float32Array, size: number): Float32Array {
  const half = size >> 1;
  const out = new Float32Array(half * half);
  for (let y = 0, o = 0; y < half; y++) {
    let i = 2 * y * size;
    for (let x = 0; x < half; x++, o++, i += 2) {
      out[o] =
        ((plane[i] as number) +
          (plane[i + 1] as number) +
          (plane[i + size] as number) +
          (plane[i + size + 1] as number)) /
        4;
    }
  }
  return out;
}

/** The luma (ITU-R BT.709-6 §3.2) of planar RGB of side `size` at half its side. */
export function halvedLuma(rgb: Float32Array, size: number): Float32Array {
  const half = size >> 1;
  const area = size * size;
  const out = new Float32Array(half * half);
  for (let c = 0; c < 3; c++) {
    const weight = (LUMA[c] as number) / 4;
    for (let y = 0, o = 0; y < half; y++) {
      let i = c * area + 2 * y * size;
      for (let x = 0; x < half; x++, o++, i += 2) {
        const sum =
          (rgb[i] as number) + (rgb[i + 1] as number) + (rgb[i + size] as number) + (rgb[i + size + 1] as number);
        out[o] = (out[o] as number) + weight * sum;
      }
    }
  }
  return out;
}

/** A square plane of side `half` at twice that, bilinear, edges repeated. */
export function doubled(plane: Float32Array, half: number): Float32Array {
  const size = 2 * half;
  const out = new Float32Array(size * size);
  const line = new Float32Array(half);
  for (let y = 0; y < size; y++) {
    const near = y >> 1;
    const far = Math.min(half - 1, Math.max(0, near + (y % 2 === 0 ? -1 : 1)));
    for (let x = 0; x < half; x++) {
      line[x] = 0.75 * (plane[near * half + x] as number) + 0.25 * (plane[far * half + x] as number);
    }
    const row = y * size;
    for (let x = 0; x < half; x++) {
      const v = 0.75 * (line[x] as number);
      out[row + 2 * x] = v + 0.25 * (line[x > 0 ? x - 1 : 0] as number);
      out[row + 2 * x + 1] = v + 0.25 * (line[x + 1 < half ? x + 1 : x] as number);
    }
  }
  return out;
}

/** Every `step`-th pixel of every `step`-th row of a square plane: for masks, which a mean would soften. */
export function everyOther(plane: Float32Array, size: number, step: number): Float32Array {
  const side = Math.floor(size / step);
  const out = new Float32Array(side * side);
  for (let y = 0, o = 0; y < side; y++) {
    for (let x = 0, i = step * y * size; x < side; x++, i += step, o++) out[o] = plane[i] as number;
  }
  return out;
}
