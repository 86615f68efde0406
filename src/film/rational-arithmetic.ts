import { type Rational, rational } from './rational.ts';

/** Nothing. */
export const ZERO: Rational = { num: 0, den: 1 };

/** @throws RangeError where whole numbers cannot hold the sum; so do the others. */
export function plus(a: Rational, b: Rational): Rational {
  return a.den === b.den ? rational(a.num + b.num, a.den) : rational(a.num * b.den + b.num * a.den, a.den * b.den);
}

export function minus(a: Rational, b: Rational): Rational {
  return plus(a, { num: -b.num, den: b.den });
}

export function times(a: Rational, b: Rational): Rational {
  return rational(a.num * b.num, a.den * b.den);
}

export function isLess(a: Rational, b: Rational): boolean {
  return minus(a, b).num < 0;
}

/** The greater of two. */
export function latest(a: Rational, b: Rational): Rational {
  return isLess(a, b) ? b : a;
}

/** The lesser of two. */
export function earliest(a: Rational, b: Rational): Rational {
  return isLess(a, b) ? a : b;
}
