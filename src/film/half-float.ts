const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** The value of an IEEE 754 binary16 number; every one has an exact float. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest binary16 number, ties to even; beyond the largest it is infinity. */
export function toHalf(value: number): number {
  floats[0] = value;
  const word = bits[0];
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520 is half way from the largest number to the next that there would be.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2⁻¹⁴ numbers are multiples of 2⁻²⁴.
    const scaled = Math.abs(floats[0]) * 2 ** 24;
    const down = Math.floor(scaled);
    const rest = scaled - down;
    return sign | (rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** binary16 numbers as floats; exact. */
export function floatsOfHalves(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = fromHalf(halves[i] as number);
  return values;
}

/** Floats as the nearest binary16 numbers. */
export function halvesOfFloats(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  // `from` with a function took forty times as long.
  for (let i = 0; i < halves.length; i++) halves[i] = toHalf(values[i] as number);
  return halves;
}
