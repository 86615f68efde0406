/**
 * A displacement field on a coarse lattice over a picture: node (i, j) belongs to the place ((i + ½)·step, (j + ½)·step), picture
 * pixels from the top-left edge.
 */
export interface FlowLattice {
  /** Picture pixels between nodes. */
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
  /** `Float32Array` of 2·columns·rows: how far right and down the node's content lies in the other picture, picture pixels. */
  readonly xy: Float32Array;
  /** `Float32Array` of columns·rows, 0 … 1: how far the node's own texture decided its displacement. */
  readonly trust: Float32Array;
}

/** A lattice over a picture, without displacement. */
export function stillLattice(width: number, height: number, step: number): FlowLattice {
  const columns = Math.ceil(width / step);
  const rows = Math.ceil(height / step);
  return {
    step,
    columns,
    rows,
    xy: new Float32Array(2 * columns * rows),
    trust: new Float32Array(columns * rows),
  };
}

/** The lattice with nodes twice as far apart; every node is the mean of four. */
export function coarserLattice(lattice: FlowLattice): FlowLattice {
  const columns = Math.ceil(lattice.columns / 2);
  const rows = Math.ceil(lattice.rows / 2);
  const xy = new Float32Array(2 * columns * rows);
  const trust = new Float32Array(columns * rows);
  for (let j = 0, o = 0; j < rows; j++) {
    const above = 2 * j * lattice.columns;
    const below = Math.min(lattice.rows - 1, 2 * j + 1) * lattice.columns;
    for (let i = 0; i < columns; i++, o++) {
      const left = 2 * i;
      const right = Math.min(lattice.columns - 1, 2 * i + 1);
      const nodes = [above + left, above + right, below + left, below + right] as const;
      for (const n of nodes) {
        xy[2 * o] = xy[2 * o] + lattice.xy[2 * n] / 4;
        xy[2 * o + 1] = xy[2 * o + 1] + lattice.xy[2 * n + 1] / 4;
        trust[o] = trust[o] + lattice.trust[n] / 4;
      }
    }
  }
  return { step: 2 * lattice.step, columns, rows, xy, trust };
}

/** Writes the displacement at a place (picture pixels; bilinear, constant beyond the outermost nodes) to `out[o]`, `out[o + 1]`. */
export function flowAt(
  { step, columns, rows, xy }: Omit<FlowLattice, 'trust'>,
  x: number,
  y: number,
  out: Float32Array | Float64Array,
  o = 0,
): void {
  const u = Math.min(columns - 1, Math.max(0, x / step - 0.5));
  const v = Math.min(rows - 1, Math.max(0, y / step - 0.5));
  const i = Math.max(0, Math.min(columns - 2, Math.floor(u)));
  const j = Math.max(0, Math.min(rows - 2, Math.floor(v)));
  const fu = u - i;
  const fv = v - j;
  const a = 2 * (j * columns + i);
  const b = columns > 1 ? a + 2 : a;
  const c = rows > 1 ? a + 2 * columns : a;
  const d = c + (b - a);
  for (let k = 0; k < 2; k++) {
    const above = xy[a + k] + fu * (xy[b + k] - xy[a + k]);
    const below = xy[c + k] + fu * (xy[d + k] - xy[c + k]);
    out[o + k] = above + fv * (below - above);
  }
}

/**
 * Smooths a field on a lattice by a Gaussian of `sigma` nodes in which every node counts by its trust, and `prior` (a trust) stands
 * for a displacement of 0: where nothing is trusted the field comes to rest (normalised convolution, Knutsson and Westin 1993).
 */
export function smoothByTrust(lattice: FlowLattice, sigma: number, prior: number): FlowLattice {
  const { columns, rows, xy, trust } = lattice;
  const weights = trustWeights(sigma);
  const radius = weights.length - 1;
  const count = columns * rows;
  // Trusted displacement right, down, and trust itself, blurred along rows and then columns.
  const across = new Float32Array(3 * count);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      let x = 0;
      let y = 0;
      let t = 0;
      for (let k = -radius; k <= radius; k++) {
        const n = j * columns + Math.min(columns - 1, Math.max(0, i + k));
        const w = weights[Math.abs(k)] * trust[n];
        x += w * xy[2 * n];
        y += w * xy[2 * n + 1];
        t += w;
      }
      const o = 3 * (j * columns + i);
      across[o] = x;
      across[o + 1] = y;
      across[o + 2] = t;
    }
  }
  const out = new Float32Array(2 * count);
  const sure = new Float32Array(count);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      let x = 0;
      let y = 0;
      let t = 0;
      for (let k = -radius; k <= radius; k++) {
        const n = 3 * (Math.min(rows - 1, Math.max(0, j + k)) * columns + i);
        const w = weights[Math.abs(k)];
        x += w * across[n];
        y += w * across[n + 1];
        t += w * across[n + 2];
      }
      const o = j * columns + i;
      out[2 * o] = x / (t + prior);
      out[2 * o + 1] = y / (t + prior);
      sure[o] = Math.min(1, t);
    }
  }
  return { ...lattice, xy: out, trust: sure };
}

/** What nodes 0, 1, 2 … away count in `smoothByTrust`; the whole sums to 1. */
export function trustWeights(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(2.5 * sigma));
  const kernel = Float64Array.from({ length: radius + 1 }, (_, k) => Math.exp((-k * k) / (2 * sigma * sigma)));
  const total = kernel.reduce((sum, v, k) => sum + (k === 0 ? v : 2 * v), 0);
  return kernel.map((v) => v / total);
}
