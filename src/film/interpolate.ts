/** `v`, or the nearer end of `least` … `most` where it lies outside. */
export function clamp(v: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, v));
}

/** From `a` at 0 to `b` at 1, along a line; beyond both too. */
export function mix(a: number, b: number, share: number): number {
  return a + share * (b - a);
}

/** 0 up to `low`, 1 from `high`, and the cubic between them that begins and ends level (Hermite: 3t² − 2t³). */
export function smoothstep(low: number, high: number, v: number): number {
  const t = clamp((v - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}
