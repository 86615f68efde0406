/** Random weights of a layer's usual spread (He 2015), from a linear congruential generator: the values cost nothing to make. */
export function heWeights(count: number, fanIn: number): Float32Array {
  const spread = Math.sqrt(6 / fanIn);
  let state = count;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (spread * state) / 2 ** 31;
  });
}
