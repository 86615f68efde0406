/** Numbers from 0 up to 1, exact in 32-bit floats, from a linear congruential generator that Python can run as well. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
