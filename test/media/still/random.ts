/** Seeded chance, so that a failing case can be made again. */
export interface Random {
  /** 0 … 1, 1 excluded. */
  real(): number;
  /** 0 … `below` − 1. */
  int(below: number): number;
  chance(share: number): boolean;
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
}

/** mulberry32 (Tommy Ettinger, public domain). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    real: next,
    int,
    chance: (share) => next() < share,
    pick: (items) => items[int(items.length)] as (typeof items)[number],
    shuffled(items) {
      const order = [...items];
      for (let k = order.length - 1; k > 0; k--) {
        const other = int(k + 1);
        [order[k], order[other]] = [order[other], order[k]] as [(typeof order)[number], (typeof order)[number]];
      }
      return order;
    },
  };
}
