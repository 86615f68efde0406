// Bicubic sampling in WGSL (Catmull-Rom: Keys 1981, a = −½), as `cpu/loops/cubic.ts` has it: sample `i` has its centre at coordinate `i`,
// and beyond the edge the edge's sample is repeated. Positions come as whole part and fraction: one number would lose digits far from 0.

/** Weights of the four samples around a fraction 0 … 1. */
export const CUBIC_WEIGHTS = `
fn cubic_weights(f: f32) -> vec4f {
  let a0 = ((2.0 - f) * f - 1.0) * f * 0.5;
  let a1 = ((3.0 * f - 5.0) * f * f + 2.0) * 0.5;
  let a3 = (f - 1.0) * f * f * 0.5;
  return vec4f(a0, a1, 1.0 - a0 - a1 - a3, a3);
}
`;

/** `cubic(first, size, whole, fraction)`: the plane of `size` that begins at sample `first` of `array`, at a place. */
export function cubicSampling(array: string): string {
  return CUBIC_WEIGHTS + cubicOf('cubic', array);
}

/** The same under another name, for kernels that sample several arrays; they have `CUBIC_WEIGHTS` once. */
export function cubicOf(name: string, array: string): string {
  return `
fn ${name}(first: u32, size: vec2i, whole: vec2i, fraction: vec2f) -> f32 {
  let a = cubic_weights(fraction.x);
  let b = cubic_weights(fraction.y);
  let last = size - 1;
  let columns = vec4u(clamp(whole.x + vec4i(-1, 0, 1, 2), vec4i(0), vec4i(last.x)));
  let rows = vec4u(clamp(whole.y + vec4i(-1, 0, 1, 2), vec4i(0), vec4i(last.y)));
  var sum = 0.0;
  for (var j = 0; j < 4; j++) {
    let row = first + rows[j] * u32(size.x);
    sum += b[j] * (a.x * ${array}[row + columns.x] + a.y * ${array}[row + columns.y]
      + a.z * ${array}[row + columns.z] + a.w * ${array}[row + columns.w]);
  }
  return sum;
}
`;
}

/**
 * `stretched(first, size, whole, fraction, stretch)`: the same with the kernel widened by `stretch` (1 … `MAX_STRETCH` samples, across and
 * down), which keeps what a coarser target cannot hold from folding back.
 */
export function stretchedSampling(array: string): string {
  return `
fn catmull_rom(d: f32) -> f32 {
  if (d < 1.0) { return (1.5 * d - 2.5) * d * d + 1.0; }
  if (d < 2.0) { return ((2.5 - 0.5 * d) * d - 4.0) * d + 2.0; }
  return 0.0;
}
fn stretched(first: u32, size: vec2i, whole: vec2i, fraction: vec2f, stretch: vec2f) -> f32 {
  let low = vec2i(ceil(fraction - 2.0 * stretch));
  let high = vec2i(floor(fraction + 2.0 * stretch));
  let last = size - 1;
  var sum = 0.0;
  var total_y = 0.0;
  var total_x = 0.0;
  for (var i = low.x; i <= high.x; i++) { total_x += catmull_rom(abs(f32(i) - fraction.x) / stretch.x); }
  for (var j = low.y; j <= high.y; j++) {
    let wy = catmull_rom(abs(f32(j) - fraction.y) / stretch.y);
    total_y += wy;
    let row = first + u32(clamp(whole.y + j, 0, last.y) * size.x);
    var line = 0.0;
    for (var i = low.x; i <= high.x; i++) {
      let wx = catmull_rom(abs(f32(i) - fraction.x) / stretch.x);
      line += wx * ${array}[row + u32(clamp(whole.x + i, 0, last.x))];
    }
    sum += wy * line;
  }
  return sum / (total_x * total_y);
}
`;
}
