/** A turn, a scale and a shift: `x' = a·x − b·y + tx`, `y' = b·x + a·y + ty`. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

export const IDENTITY: Similarity = { a: 1, b: 0, tx: 0, ty: 0 };

/**
 * The similarity that carries the points `from` nearest to `to` by least squares, each pair with its weight
 * (Umeyama 1991, eq. 40–43, in the plane, without reflection). Points are x0, y0, x1, y1 …; two differing ones at least.
 */
export function fitSimilarity(from: ArrayLike<number>, to: ArrayLike<number>, weights?: ArrayLike<number>): Similarity {
  const n = from.length >> 1;
  let total = 0;
  let fx = 0;
  let fy = 0;
  let gx = 0;
  let gy = 0;
  for (let i = 0; i < n; i++) {
    const w = weights ? weights[i] : 1;
    total += w;
    fx += w * from[2 * i];
    fy += w * from[2 * i + 1];
    gx += w * to[2 * i];
    gy += w * to[2 * i + 1];
  }
  fx /= total;
  fy /= total;
  gx /= total;
  gy /= total;
  let dot = 0;
  let cross = 0;
  let spread = 0;
  for (let i = 0; i < n; i++) {
    const w = weights ? weights[i] : 1;
    const x = from[2 * i] - fx;
    const y = from[2 * i + 1] - fy;
    const u = to[2 * i] - gx;
    const v = to[2 * i + 1] - gy;
    dot += w * (x * u + y * v);
    cross += w * (x * v - y * u);
    spread += w * (x * x + y * y);
  }
  if (!(spread > 0)) throw new RangeError('A similarity needs at least two differing points.');
  const a = dot / spread;
  const b = cross / spread;
  return { a, b, tx: gx - a * fx + b * fy, ty: gy - b * fx - a * fy };
}

export function invert(s: Similarity): Similarity {
  const d = s.a * s.a + s.b * s.b;
  const a = s.a / d;
  const b = -s.b / d;
  return { a, b, tx: -(a * s.tx - b * s.ty), ty: -(b * s.tx + a * s.ty) };
}

/** First `inner`, then `outer`. */
export function compose(outer: Similarity, inner: Similarity): Similarity {
  return {
    a: outer.a * inner.a - outer.b * inner.b,
    b: outer.b * inner.a + outer.a * inner.b,
    tx: outer.a * inner.tx - outer.b * inner.ty + outer.tx,
    ty: outer.b * inner.tx + outer.a * inner.ty + outer.ty,
  };
}

export function applyX(s: Similarity, x: number, y: number): number {
  return s.a * x - s.b * y + s.tx;
}

export function applyY(s: Similarity, x: number, y: number): number {
  return s.b * x + s.a * y + s.ty;
}

/** How many target pixels one source pixel becomes. */
export function scaleOf(s: Similarity): number {
  return Math.hypot(s.a, s.b);
}

/** Landmarks (x, y, z triples) carried through a similarity into `out`, which may be the same; z is scaled with the picture. */
export function transformLandmarks(
  s: Similarity,
  landmarks: Float32Array,
  out: Float32Array = new Float32Array(landmarks.length),
): Float32Array {
  const scale = scaleOf(s);
  for (let i = 0; i + 2 < landmarks.length; i += 3) {
    const x = landmarks[i];
    const y = landmarks[i + 1];
    out[i] = applyX(s, x, y);
    out[i + 1] = applyY(s, x, y);
    out[i + 2] = landmarks[i + 2] * scale;
  }
  return out;
}
