/** Three rows of three. */
type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/**
 * A turn, a growth and a shift in space, `x' = m·x + t`, of points that are seen along the z axis from far away (scaled
 * orthography): how a head moves in pictures. Like all landmarks' depth, z is in pixels.
 */
export interface Similarity3 {
  readonly m: Matrix;
  readonly t: readonly [number, number, number];
}

export const IDENTITY3: Similarity3 = { m: [1, 0, 0, 0, 1, 0, 0, 0, 1], t: [0, 0, 0] };

/** A similarity of the picture's plane, `x' = a·x − b·y + tx`, `y' = b·x + a·y + ty`. */
interface PlaneMotion {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** A motion in the picture's plane; depth scales with it. */
export function inSpace({ a, b, tx, ty }: PlaneMotion): Similarity3 {
  return { m: [a, -b, 0, b, a, 0, 0, 0, Math.hypot(a, b)], t: [tx, ty, 0] };
}

/** The similarity of the picture's plane that is nearest to the motion of a parallel plane at that depth. */
export function inPlane({ m, t }: Similarity3, depth: number): PlaneMotion {
  return { a: (m[0] + m[4]) / 2, b: (m[3] - m[1]) / 2, tx: m[2] * depth + t[0], ty: m[5] * depth + t[1] };
}

/** First `inner`, then `outer`. */
export function compose3(outer: Similarity3, inner: Similarity3): Similarity3 {
  const [a, b, c, d, e, f, g, h, i] = outer.m;
  const [j, k, l, m, n, o, p, q, r] = inner.m;
  const [x, y, z] = inner.t;
  return {
    m: [
      a * j + b * m + c * p,
      a * k + b * n + c * q,
      a * l + b * o + c * r,
      d * j + e * m + f * p,
      d * k + e * n + f * q,
      d * l + e * o + f * r,
      g * j + h * m + i * p,
      g * k + h * n + i * q,
      g * l + h * o + i * r,
    ],
    t: [a * x + b * y + c * z + outer.t[0], d * x + e * y + f * z + outer.t[1], g * x + h * y + i * z + outer.t[2]],
  };
}

/** The inverse: the turn's transpose over the square of the scale. */
export function invert3({ m: [a, b, c, d, e, f, g, h, i], t: [x, y, z] }: Similarity3): Similarity3 {
  const s = a * a + d * d + g * g;
  return {
    m: [a / s, d / s, g / s, b / s, e / s, h / s, c / s, f / s, i / s],
    t: [-(a * x + d * y + g * z) / s, -(b * x + e * y + h * z) / s, -(c * x + f * y + i * z) / s],
  };
}

/** A small motion about a point. */
export interface MotionAbout {
  readonly centre: readonly [number, number, number];
  /** Of the plane: the growth as a factor less 1 and the turn, both as the `a` and `b` of a similarity. */
  readonly growth: number;
  readonly roll: number;
  /** Turn out of the plane: how far a point one pixel nearer than the centre moves right and down, −1 … 1. */
  readonly yaw: number;
  readonly pitch: number;
  readonly right: number;
  readonly down: number;
}

/** The head turns out of the plane about the centre, then turns and grows in it, and is shifted. */
export function motionAbout({ centre, growth, roll, yaw, pitch, right, down }: MotionAbout): Similarity3 {
  const cosine = Math.sqrt(Math.max(0, 1 - yaw * yaw - pitch * pitch));
  const k = 1 / (1 + cosine);
  // Rodrigues' rotation about an axis in the plane, for which the z axis' end comes to lie at (yaw, pitch).
  const turned: Similarity3 = {
    m: [
      cosine + k * pitch * pitch,
      -k * yaw * pitch,
      yaw,
      -k * yaw * pitch,
      cosine + k * yaw * yaw,
      pitch,
      -yaw,
      -pitch,
      cosine,
    ],
    t: [0, 0, 0],
  };
  const { m } = compose3(inSpace({ a: 1 + growth, b: roll, tx: 0, ty: 0 }), turned);
  const [x, y, z] = centre;
  return {
    m,
    t: [
      x + right - m[0] * x - m[1] * y - m[2] * z,
      y + down - m[3] * x - m[4] * y - m[5] * z,
      z - m[6] * x - m[7] * y - m[8] * z,
    ],
  };
}

/** A small motion, as one about `centre`. */
export function motionSeenFrom(centre: readonly [number, number, number], { m, t }: Similarity3): MotionAbout {
  const [x, y, z] = centre;
  const scale = Math.hypot(m[2], m[5], m[8]);
  // The first turn is out of the plane; what is in the plane after it carries its z column too.
  const along = Math.atan2(m[3] - m[1], m[0] + m[4]);
  const [cos, sin] = [Math.cos(along), Math.sin(along)];
  return {
    centre,
    growth: scale * cos - 1,
    roll: scale * sin,
    yaw: (cos * m[2] + sin * m[5]) / scale,
    pitch: (cos * m[5] - sin * m[2]) / scale,
    right: m[0] * x + m[1] * y + m[2] * z + t[0] - x,
    down: m[3] * x + m[4] * y + m[5] * z + t[1] - y,
  };
}

/** Points in space (x, y, z triples) carried along into `out`, which may be the same. */
export function carryPoints(
  { m: [a, b, c, d, e, f, g, h, i], t: [tx, ty, tz] }: Similarity3,
  points: Float32Array,
  out: Float32Array = new Float32Array(points.length),
): Float32Array {
  for (let k = 0; k + 2 < points.length; k += 3) {
    const x = points[k];
    const y = points[k + 1];
    const z = points[k + 2];
    out[k] = a * x + b * y + c * z + tx;
    out[k + 1] = d * x + e * y + f * z + ty;
    out[k + 2] = g * x + h * y + i * z + tz;
  }
  return out;
}

/** The root of a motion, which makes the whole when applied `parts` times. The whole turns by less than half a turn. */
export function root3(whole: Similarity3, parts: number): Similarity3 {
  const { m } = whole;
  const growth = Math.hypot(m[0], m[3], m[6]) ** (1 / parts);
  const cosine = Math.min(1, Math.max(-1, (m[0] + m[4] + m[8]) / (2 * growth ** parts) - 0.5));
  const angle = Math.acos(cosine) / parts;
  const [ax, ay, az] = [m[7] - m[5], m[2] - m[6], m[3] - m[1]];
  const length = Math.hypot(ax, ay, az) || 1;
  const [x, y, z] = [ax / length, ay / length, az / length];
  const [c, s] = [growth * Math.cos(angle), growth * Math.sin(angle)];
  const k = growth - c;
  const part: Similarity3 = {
    m: [
      c + k * x * x,
      k * x * y - s * z,
      k * x * z + s * y,
      k * x * y + s * z,
      c + k * y * y,
      k * y * z - s * x,
      k * x * z - s * y,
      k * y * z + s * x,
      c + k * z * z,
    ],
    t: [0, 0, 0],
  };
  // The whole's shift is the part's times 1 + m + m² + ….
  let sum = IDENTITY3;
  let power = IDENTITY3;
  for (let n = 1; n < parts; n++) {
    power = compose3(part, power);
    sum = { m: sum.m.map((v, i) => v + power.m[i]) as unknown as Matrix, t: sum.t };
  }
  return { m: part.m, t: solve3(sum.m, whole.t) };
}

/** Solves three equations by Cramer's rule. */
function solve3(
  [a, b, c, d, e, f, g, h, i]: Matrix,
  [x, y, z]: readonly [number, number, number],
): [number, number, number] {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    (x * (e * i - f * h) - b * (y * i - f * z) + c * (y * h - e * z)) / det,
    (a * (y * i - f * z) - x * (d * i - f * g) + c * (d * z - y * g)) / det,
    (a * (e * z - y * h) - b * (d * z - y * g) + x * (d * h - e * g)) / det,
  ];
}
