/** Uniform numbers, 0 … 1, that depend on nothing but the keys (mulberry32 over FNV-1a): the same run draws the same. */
export function seeded(...keys: readonly number[]): () => number {
  let state = 0x811c9dc5;
  for (const key of keys) state = Math.imul(state ^ key, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
