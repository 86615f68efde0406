import { expect } from 'vitest';
import { type ApartOptions, apart } from '../apart.ts';

/** Holds two rows together: at most `share` of them may lie more than `most` apart, what is above 1 as a share of itself. */
export function expectTwins(
  here: ArrayLike<number>,
  there: ArrayLike<number>,
  { most, share = 0, ...options }: { readonly most: number; readonly share?: number } & ApartOptions,
): void {
  const { count, worst, beyond } = apart(here, there, most, { relative: true, ...options });
  expect(beyond, `${beyond} of ${count} lie more than ${most} apart, the worst by ${worst}`).toBeLessThanOrEqual(
    share * count,
  );
}
