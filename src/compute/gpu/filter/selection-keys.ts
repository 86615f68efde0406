/**
 * WGSL by which numbers are made ready to be selected among: `key_of(x)` sorts, taken without sign, as the float does; `NO_KEY` is not
 * counted (no number has it).
 */
export const KEYS = `
const NO_KEY = 0xffffffffu;
fn key_of(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}
`;

/** WGSL: the number that a key was made of. */
export const NUMBER_OF = `
fn number_of(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key >> 31u) == 1u));
}
`;
