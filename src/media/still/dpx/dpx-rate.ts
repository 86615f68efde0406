import { parseRational, type Rational, toNumber } from '../../../film/rational.ts';

/** What a header says of its reel's rate. */
export interface StatedRate {
  /** Null where it says nothing, nothing that a film is shown at, or two things. */
  readonly rate: Rational | null;
  /** What is odd about it; continues the sentence "`name` …". */
  readonly doubt?: string;
  /** True where two rates are stated, either of which may be right. */
  readonly undecided?: true;
}

/** Slower films than the slowest cameras cranked by hand, and faster than any is shown, are taken for slips. */
const SLOWEST = 8;
const FASTEST = 240;
/** Rates that films and television are shown at, in whole frames. */
const COMMON = [16, 18, 24, 25, 30, 48, 50, 60, 72, 100, 120];
/** Rates nearer to each other than this share are two spellings of one: 24 and 23.976. */
const SPELLING = 0.0011;

/**
 * The rate of which the film header and the television header of a DPX file each may state one, frames a second; null where one of
 * them states none. Of two that disagree the one at which films are shown is taken; where both may be, none is.
 */
export function statedRate(film: number | null, television: number | null): StatedRate {
  const stated = [film, television].filter((rate) => rate !== null);
  const [first, second] = stated.filter((rate) => rate >= SLOWEST && rate <= FASTEST);
  const says = `states ${wordsOf(film, television)}`;
  if (first === undefined) {
    return stated.length === 0 ? { rate: null } : { rate: null, doubt: `${says}, at which no film is shown` };
  }
  if (second === undefined) {
    const rate = rationalOf(first);
    return stated.length === 1 ? { rate } : { rate, doubt: `${says}, of which ${written(first)} is taken` };
  }
  // The television header may count fields.
  if (isNear(first, second) || isNear(2 * first, second)) {
    const rate = rationalOf(first);
    return first === second ? { rate } : { rate, doubt: `${says}, of which the film's is taken` };
  }
  const common = [first, second].filter(isCommon);
  if (common.length !== 1) return { rate: null, doubt: says, undecided: true };
  const [taken] = common as [number];
  return { rate: rationalOf(taken), doubt: `${says}, of which ${written(taken)} is taken` };
}

function wordsOf(film: number | null, television: number | null): string {
  const parts = [
    ...(film === null ? [] : [`${written(film)} frames a second in its film header`]),
    ...(television === null ? [] : [`${written(television)} in its television header`]),
  ];
  return parts.join(' and ');
}

function isCommon(rate: number): boolean {
  return COMMON.some((whole) => isNear(rate, whole));
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= SPELLING * Math.max(a, b);
}

function rationalOf(rate: number): Rational {
  return parseRational(rate.toFixed(3));
}

function written(rate: number): string {
  if (!Number.isFinite(rate)) return rate > 0 ? 'infinitely many' : 'minus infinitely many';
  return Math.abs(rate) >= 1e6 || (rate !== 0 && Math.abs(rate) < 1e-3)
    ? rate.toExponential(2)
    : `${toNumber(rationalOf(rate))}`.replace(/(\.\d{3})\d+$/, '$1');
}
