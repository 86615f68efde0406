/**
 * WGSL: `name(plane, half, x, y)`, a plane of side `half` seen at pixel (x, y) of twice that side, as `doubled` has it: what need not lie
 * in memory at the whole size.
 *
 * @param at what plane `plane` holds at its sample `i`, in WGSL
 */
export function doubling(name: string, at: string): string {
  return `
// Of two samples of four the nearer counts three quarters (bilinear between pixel centres).
fn ${name}_beside(i: u32, half: u32) -> u32 {
  if ((i & 1u) == 0u) { return max(i >> 1u, 1u) - 1u; }
  return min((i >> 1u) + 1u, half - 1u);
}
fn ${name}_at(plane: u32, half: u32, i: u32) -> f32 { return ${at}; }
fn ${name}(plane: u32, half: u32, x: u32, y: u32) -> f32 {
  let near = (y >> 1u) * half;
  let far = ${name}_beside(y, half) * half;
  let own = x >> 1u;
  let other = ${name}_beside(x, half);
  let here = 0.75 * ${name}_at(plane, half, near + own) + 0.25 * ${name}_at(plane, half, far + own);
  let there = 0.75 * ${name}_at(plane, half, near + other) + 0.25 * ${name}_at(plane, half, far + other);
  return 0.75 * here + 0.25 * there;
}
`;
}

/** What `doubling` is told where the planes lie one after another in an array. */
export function inPlanes(array: string): string {
  return `${array}[plane * half * half + i]`;
}
