/**
 * WGSL of a region's packed samples: `words` is an array of u32 that holds them one after another, little-endian, `bytes` (1, 2 or 4)
 * each. `raw_sample(i, bytes)`: its bits; `is_finite(bits)`: of a float, which a comparison of floats would not tell reliably.
 */
export const WORDS = `
fn raw_sample(i: u32, bytes: u32) -> u32 {
  if (bytes == 4u) { return words[i]; }
  if (bytes == 2u) { return (words[i >> 1u] >> (16u * (i & 1u))) & 0xffffu; }
  return (words[i >> 2u] >> (8u * (i & 3u))) & 0xffu;
}
fn is_finite(bits: u32) -> bool { return (bits & 0x7f800000u) != 0x7f800000u; }
`;

/** WGSL: the matte of pixel `i`, 16 bits, two a word of the array `placed`. */
export const PLACED = `
fn placed_matte(i: u32) -> u32 { return (placed[i >> 1u] >> (16u * (i & 1u))) & 0xffffu; }
`;
