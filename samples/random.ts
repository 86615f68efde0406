/** A stream of numbers that its seed alone decides. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Normal, mean 0, standard deviation 1 (Box and Muller 1958). */
  normal(): number;
}

/** One 32-bit seed of several numbers; near inputs give unrelated seeds (finaliser of MurmurHash3, Appleby 2011). */
export function seedOf(...parts: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) {
    h = Math.imul(h ^ (part | 0), 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

/** Mulberry32 (Ettinger 2017): period 2³², enough for pictures. */
export function randomOf(...parts: readonly number[]): Random {
  let state = seedOf(...parts);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** Smooth noise over time: a random value 0 … 1 at every whole `t`, smoothstep between them. */
export function noiseAt(t: number, ...parts: readonly number[]): number {
  const k = Math.floor(t);
  const f = t - k;
  const a = seedOf(...parts, k) / 4294967296;
  const b = seedOf(...parts, k + 1) / 4294967296;
  return a + (b - a) * f * f * (3 - 2 * f);
}

/** A Poisson number of the given mean (Knuth 1969, 3.4.1). */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let product = random.next();
  let count = 0;
  while (product > limit) {
    product *= random.next();
    count += 1;
  }
  return count;
}
