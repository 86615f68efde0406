import type { Rational } from '../../../film/rational.ts';

/**
 * The times of a movie cut short: where its last frames were stored out of order, some are missing between those that are there. At
 * their places on the grid of a constant rate they are put back, so that they can be named; null where the times are on no such grid.
 */
export function fillHoles(
  times: readonly number[],
  timeBase: Rational,
  rate: Rational,
): { readonly times: readonly number[]; readonly holes: readonly number[] } | null {
  const first = times[0] ?? 0;
  const ticks = (timeBase.den * rate.den) / (timeBase.num * rate.num);
  const slack = Math.min(1.01, 0.4 * ticks);
  const filled: number[] = [];
  const holes: number[] = [];
  for (const time of times) {
    const place = Math.round((time - first) / ticks);
    if (Math.abs(time - first - place * ticks) > slack || place < filled.length) return null;
    while (filled.length < place) {
      holes.push(filled.length);
      filled.push(Math.round(first + filled.length * ticks));
    }
    filled.push(time);
  }
  return { times: filled, holes };
}
