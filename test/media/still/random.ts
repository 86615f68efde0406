/** Numbers drawn from a seed: the same on every machine. */
export interface Draw {
  /** A whole number from 0 up to, but without, `below`. */
  below(below: number): number;
  oneOf<T>(choices: readonly T[]): T;
  chance(share: number): boolean;
}

/** Numerical Recipes' linear congruential generator, its upper bits. */
export function drawFrom(seed: number): Draw {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  const below = (count: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return {
    below,
    oneOf: (choices) => choices[below(choices.length)] as (typeof choices)[number],
    chance: (share) => below(1000) < share * 1000,
  };
}
