/** The mean colours of equal squares of a patch, all that a mosaic is drawn from: 3 planes of `count` · `count`. */
export interface FaceCells {
  readonly count: number;
  readonly rgb: Float32Array;
}

/** The means of `count` · `count` squares that share a square picture between them: 3 planes of `side` · `side`. */
export function cellMeans(samples: Float32Array, side: number, count: number): FaceCells {
  const across = sharesOf(side, count);
  const rgb = new Float32Array(3 * count * count);
  for (let plane = 0; plane < 3; plane++) {
    for (let j = 0; j < count; j++) {
      for (let i = 0; i < count; i++) {
        let sum = 0;
        for (const [y, high] of across[j]) {
          for (const [x, wide] of across[i]) sum += high * wide * samples[(plane * side + y) * side + x];
        }
        rgb[(plane * count + j) * count + i] = sum;
      }
    }
  }
  return { count, rgb };
}

type Shares = readonly (readonly [pixel: number, share: number])[];

/** Which pixels of a row each of `count` equal parts is the mean of. */
function sharesOf(side: number, count: number): Shares[] {
  const width = side / count;
  return Array.from({ length: count }, (_, k) => {
    const [from, to] = [k * width, (k + 1) * width];
    const shares: [number, number][] = [];
    for (let x = Math.floor(from); x < Math.min(side, Math.ceil(to)); x++) {
      const share = (Math.min(x + 1, to) - Math.max(x, from)) / width;
      if (share > 1e-9) shares.push([x, share]);
    }
    return shares;
  });
}

/** Each square in its own colour, on a patch of side `size`: 3 planes. */
export function mosaicOf({ count, rgb }: FaceCells, size: number): Float32Array {
  const cell = Uint16Array.from({ length: size }, (_, x) =>
    Math.min(count - 1, Math.floor(((x + 0.5) * count) / size)),
  );
  const out = new Float32Array(3 * size * size);
  for (let plane = 0, o = 0; plane < 3; plane++) {
    for (let y = 0; y < size; y++) {
      const row = (plane * count + cell[y]) * count;
      for (let x = 0; x < size; x++) out[o++] = rgb[row + cell[x]];
    }
  }
  return out;
}

/** The colours of the squares, flowing into each other as a cubic B-spline has it: no finer than they are, however it is sharpened. */
export function flowingColours({ count, rgb }: FaceCells, size: number): Float32Array {
  const taps = Array.from({ length: size }, (_, x) => splineTaps(((x + 0.5) * count) / size - 0.5, count));
  const lines = new Float32Array(count * size);
  const out = new Float32Array(3 * size * size);
  for (let plane = 0; plane < 3; plane++) {
    for (let j = 0; j < count; j++) {
      const row = (plane * count + j) * count;
      for (let x = 0; x < size; x++) {
        lines[j * size + x] = taps[x].reduce((sum, { at, weight }) => sum + weight * rgb[row + at], 0);
      }
    }
    for (let y = 0; y < size; y++) {
      const own = taps[y];
      const start = (plane * size + y) * size;
      for (let x = 0; x < size; x++) {
        let sum = 0;
        for (const { at, weight } of own) sum += weight * lines[at * size + x];
        out[start + x] = sum;
      }
    }
  }
  return out;
}

interface Tap {
  readonly at: number;
  readonly weight: number;
}

/** The four squares around a place and their weights; beyond the edge the outermost are repeated. */
function splineTaps(place: number, count: number): Tap[] {
  const first = Math.floor(place);
  const t = place - first;
  const weights = [
    (1 - t) ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
    t ** 3 / 6,
  ];
  return weights.map((weight, k) => ({ at: Math.min(count - 1, Math.max(0, first - 1 + k)), weight }));
}
