/** An exact fraction. Frame rates and time bases are never floats: 23.976 is 24000/1001. */
export interface Rational {
  readonly num: number;
  /** Greater than zero. */
  readonly den: number;
}

/**
 * The fraction `num/den` in lowest terms, its sign in the numerator.
 *
 * @throws RangeError when either is not a safe integer or `den` is zero.
 */
export function rational(num: number, den = 1): Rational {
  if (!Number.isSafeInteger(num) || !Number.isSafeInteger(den) || den === 0) {
    throw new RangeError(`A fraction of whole numbers was expected, got ${num}/${den}.`);
  }
  const divisor = gcd(Math.abs(num), Math.abs(den)) * Math.sign(den);
  return { num: num / divisor, den: den / divisor };
}

/**
 * Reads `24000/1001`, `24000:1001`, `25` or a decimal of at most six places such as `23.976`.
 *
 * The broadcast decimals 23.976, 29.97, 47.952, 59.94 and 119.88 are read as the NTSC fractions that they abbreviate.
 */
export function parseRational(text: string): Rational {
  const fraction = /^\s*(-?\d+)\s*[/:]\s*(\d+)\s*$/.exec(text);
  if (fraction) return rational(Number(fraction[1]), Number(fraction[2]));
  const decimal = /^\s*(-?\d+)(?:\.(\d{1,6}))?\s*$/.exec(text);
  if (!decimal) throw new RangeError(`"${text}" is not a rate. Write it as 24, 24000/1001 or 23.976.`);
  const value = Number(text);
  const ntsc = rational(Math.round(value) * 1000, 1001);
  if (decimal[2] && Math.abs(toNumber(ntsc) - value) < 0.0006) return ntsc;
  const scale = 10 ** (decimal[2]?.length ?? 0);
  return rational(Math.round(value * scale), scale);
}

export function formatRational(value: Rational): string {
  return `${value.num}/${value.den}`;
}

/** For display, estimates and filters; never for frame arithmetic. */
export function toNumber(value: Rational): number {
  return value.num / value.den;
}

export function equalRational(a: Rational, b: Rational): boolean {
  return a.num === b.num && a.den === b.den;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a || 1 : gcd(b, a % b);
}
