/** Base-10 logarithm and power by table: a few nanoseconds each, wrong by less than 1e-6 (the logarithm absolutely, the power relatively). */

const STEPS = 2048;
const scratch = new Float32Array(1);
const bits = new Int32Array(scratch.buffer);

/** log10 of 1 … 2, at the mantissa's upper 11 bits. */
const LOGS = Float64Array.from({ length: STEPS + 1 }, (_, i) => Math.log10(1 + i / STEPS));
/** 2 to the power of 0 … 1. */
const POWERS = Float64Array.from({ length: STEPS + 1 }, (_, i) => 2 ** (i / STEPS));
const LOG10_2 = Math.log10(2);
const LOG2_10 = Math.log2(10);

/** `Math.log10(x)` for normal positive `x`. */
export function fastLog10(x: number): number {
  scratch[0] = x;
  const word = bits[0];
  const i = (word >> 12) & (STEPS - 1);
  const below = LOGS[i];
  return ((word >> 23) - 127) * LOG10_2 + below + ((word & 4095) / 4096) * (LOGS[i + 1] - below);
}

/** `10 ** y` for −37 < y < 38. */
export function fastPow10(y: number): number {
  const z = y * LOG2_10;
  const whole = Math.floor(z);
  const at = (z - whole) * STEPS;
  const i = Math.floor(at);
  const below = POWERS[i];
  bits[0] = (whole + 127) << 23;
  return scratch[0] * (below + (at - i) * (POWERS[i + 1] - below));
}
