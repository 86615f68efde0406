/**
 * The mean around each pixel of a square plane under a window of standard deviation `sigma` pixels: three boxes in a row, which is a
 * Gaussian to 3 % (Wells 1986), at a cost that does not grow with it. Edges are repeated. `passes` fewer = quicker and squarer.
 */
export function boxBlur(plane: Float32Array, size: number, sigma: number, passes = 2): Float32Array {
  // A box of 2r + 1 pixels has variance r(r + 1)/3.
  const radius = Math.max(1, Math.round((Math.sqrt(1 + (12 * sigma * sigma) / passes) - 1) / 2));
  let out = plane;
  for (let k = 0; k < passes; k++) out = box(out, size, radius);
  return out;
}

/** Between the two directions of a box; its content does not outlive a call. */
let between = new Float32Array(0);

function box(plane: Float32Array, size: number, radius: number): Float32Array {
  if (between.length < plane.length) between = new Float32Array(plane.length);
  const across = between;
  const last = size - 1;
  const scale = 1 / (2 * radius + 1);
  for (let y = 0; y < size; y++) {
    const row = y * size;
    let sum = (radius + 1) * (plane[row] as number);
    for (let k = 1; k <= radius; k++) sum += plane[row + Math.min(k, last)] as number;
    for (let x = 0; x < size; x++) {
      across[row + x] = scale * sum;
      const enter = x + radius + 1;
      const leave = x - radius;
      sum += (plane[row + Math.min(enter, last)] as number) - (plane[row + Math.max(leave, 0)] as number);
    }
  }
  const out = new Float32Array(plane.length);
  const sums = new Float64Array(size);
  for (let k = -radius; k <= radius; k++) {
    const row = Math.min(last, Math.max(0, k)) * size;
    for (let x = 0; x < size; x++) sums[x] = (sums[x] as number) + (across[row + x] as number);
  }
  for (let y = 0; y < size; y++) {
    const row = y * size;
    const enter = Math.min(last, y + radius + 1) * size;
    const leave = Math.max(0, y - radius) * size;
    for (let x = 0; x < size; x++) {
      const sum = sums[x] as number;
      out[row + x] = scale * sum;
      sums[x] = sum + (across[enter + x] as number) - (across[leave + x] as number);
    }
  }
  return out;
}
