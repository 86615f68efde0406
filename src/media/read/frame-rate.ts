import { type Rational, rational, toNumber } from '../../film/rational.ts';
import type { Reel } from '../../film/reel.ts';

/** Rates that movies are made at, tried where a file names none that fits its frames: film, video, and their NTSC fractions. */
const COMMON: readonly Rational[] = [24, 25, 30, 50, 60, 48, 16, 18, 12, 15]
  .flatMap((rate) => [rational(rate), rational(rate * 1000, 1001)])
  .concat([rational(120), rational(100)]);

/**
 * The constant rate at which frames with these times are shown: the first candidate, then the first common one, of which no frame is
 * off by more than a tick. Null where there is none: the durations differ.
 */
export function constantRate(
  times: readonly number[],
  timeBase: Rational,
  candidates: readonly Rational[],
): Rational | null {
  const rates = [...candidates, ...COMMON].filter((rate) => rate.num > 0);
  return rates.find((rate) => keepsTo(times, timeBase, rate)) ?? null;
}

/**
 * The constant rate that most frames with these times keep to, and the times on its grid, where none has to be moved by half a frame
 * or more; null where there is none.
 */
export function nearRate(
  times: readonly number[],
  timeBase: Rational,
  candidates: readonly Rational[],
): { readonly rate: Rational; readonly times: readonly number[] } | null {
  const first = times[0] ?? 0;
  const steps = times.slice(1).map((time, k) => time - (times[k] as number));
  const step = steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  for (const rate of [...candidates, ...COMMON]) {
    const ticks = (timeBase.den * rate.den) / (timeBase.num * rate.num);
    if (Math.abs(ticks - step) > 1.01) continue;
    if (times.every((time, k) => Math.abs(time - first - k * ticks) < ticks / 2))
      return { rate, times: times.map((_, k) => Math.round(first + k * ticks)) };
  }
  return null;
}

function keepsTo(times: readonly number[], timeBase: Rational, rate: Rational): boolean {
  const first = times[0] ?? 0;
  const ticksPerFrame = (timeBase.den * rate.den) / (timeBase.num * rate.num);
  // Containers round each time to a tick, and the first may be rounded the other way. A tick as long as a frame tells rates apart.
  const slack = Math.min(1.01, 0.4 * ticksPerFrame);
  return times.every((time, k) => Math.abs(time - first - k * ticksPerFrame) <= slack);
}

/** True where the frames of the reel are not shown at its rate, but each for its own time. */
export function isVariableRate(reel: Reel): boolean {
  return reel.kind === 'movie' && !keepsTo(reel.times, reel.timeBase, reel.rate);
}

/** The mean rate of frames with these times, as a fraction of whole numbers below a million. */
export function meanRate(times: readonly number[], timeBase: Rational): Rational {
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  const seconds = (last - first) * toNumber(timeBase);
  return seconds > 0 ? rational(Math.round(((times.length - 1) / seconds) * 1000), 1000) : rational(25);
}
