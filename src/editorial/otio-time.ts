import { z } from 'zod';
import { parseRational, type Rational, rational } from '../film/rational.ts';
import { times } from '../film/rational-arithmetic.ts';
import { type OtioNode, otioField, otioNode } from './otio-node.ts';
import { type ListPlace, ShotListError } from './shot-list-error.ts';

/** A stretch of time in seconds, exact, and the rate that it was written in. */
export interface Seconds {
  readonly from: Rational;
  readonly length: Rational;
  readonly rate: Rational;
}

/** The rate as an exact fraction: files round 24000/1001 to 23.976 or write it as a double. */
export function exactRate(rate: number): Rational {
  const nominal = Math.round(rate);
  if (Math.abs(rate - nominal) < 1e-6) return rational(nominal);
  const ntsc = rational(nominal * 1000, 1001);
  return Math.abs((nominal * 1000) / 1001 - rate) < 0.01 ? ntsc : parseRational(rate.toFixed(6));
}

/** A number as an exact fraction, to a millionth. */
export function exactNumber(value: number): Rational {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-6 ? rational(whole) : rational(Math.round(value * 1e6), 1e6);
}

const number = z.number({ error: 'a number' });
const rateNumber = z.number({ error: 'a rate above 0' }).positive({ error: 'a rate above 0' });

/** Reads a RationalTime. @throws ShotListError */
export function readTime(
  value: unknown,
  where: string,
  file: string,
): { readonly seconds: Rational; readonly rate: Rational } {
  const node = otioNode(value, where, file, ['RationalTime']);
  const rate = exactRate(otioField(node, 'rate', rateNumber, file));
  const counted = exactNumber(otioField(node, 'value', number, file));
  return exactly(() => ({ seconds: times(counted, { num: rate.den, den: rate.num }), rate }), {
    file,
    where: node.where,
  });
}

/** Reads a TimeRange; null where the field is empty. @throws ShotListError */
export function readRange(parent: OtioNode, name: string, file: string): Seconds | null {
  const value = parent.value[name];
  if (value === null || value === undefined) return null;
  const node = otioNode(value, `${parent.where}.${name}`, file, ['TimeRange']);
  const start = readTime(node.value['start_time'], `${node.where}.start_time`, file);
  const duration = readTime(node.value['duration'], `${node.where}.duration`, file);
  if (duration.seconds.num < 0) {
    throw new ShotListError({ file, where: node.where }, 'its duration is less than nothing. Correct it there.');
  }
  return { from: start.seconds, length: duration.seconds, rate: start.rate };
}

/** What `compute` answers. @throws ShotListError for times that whole numbers cannot hold */
export function exactly<T>(compute: () => T, place: ListPlace): T {
  try {
    return compute();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ShotListError(
      place,
      'its times and rates are too fine to be added up exactly. Write them in whole frames.',
      { cause },
    );
  }
}
