/**
 * A number in [0, 1) that depends on nothing but its arguments, evenly spread: the low-bias 32-bit integer hash of Wellons
 * (*Prospecting for hash functions*, 2018, `lowbias32`), its upper 24 bits.
 */
export function ditherAt(row: number, x: number): number {
  return (hash(row ^ Math.imul(x + 1, 0x9e3779b1)) >>> 8) / 0x1000000;
}

/** The part of the dither's key that a whole row of samples shares. Coordinates are the plate's, so regions may be cut at will. */
export function ditherRow(seed: number, frame: number, plane: number, y: number): number {
  return hash(ditherPlane(seed, frame, plane) ^ y);
}

/** The part that a whole plane shares. */
export function ditherPlane(seed: number, frame: number, plane: number): number {
  return hash(hash(hash(seed) ^ frame) ^ plane);
}

function hash(value: number): number {
  let x = (value + 0x6d2b79f5) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
