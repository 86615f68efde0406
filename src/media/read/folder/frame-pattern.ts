import { basename, extname } from 'node:path';
import type { StillKind } from '../../../film/reel.ts';
import { type FrameSequence, stillKindOf } from './frame-sequence.ts';

/** A pattern of file names such as `scan.%04d.dpx`, `scan.####.dpx` or `scan.[1001-1100].dpx`. */
export interface FramePattern {
  readonly prefix: string;
  readonly suffix: string;
  /** Fewest digits of a number; shorter ones are filled with zeros. */
  readonly digits: number;
  /** First and last number, where the pattern names them. */
  readonly numbers: readonly [first: number, last: number] | null;
}

/**
 * Reads the last part of a path as a pattern; undefined where it is none. A `%d` comes before a range, a range before `#`; what stands
 * beside it is literal, but `%%` beside a `%d` is a percent sign.
 */
export function parseFramePattern(path: string): FramePattern | undefined {
  const name = basename(path);
  const printf = /^((?:[^%]|%%)*)%(?:0?(\d+))?d((?:[^%]|%%)*)$/.exec(name);
  if (printf) {
    const plain = (text: string) => text.replaceAll('%%', '%');
    const [, prefix = '', digits = '1', suffix = ''] = printf;
    return { prefix: plain(prefix), suffix: plain(suffix), digits: Number(digits), numbers: null };
  }
  const range = /^(.*)\[(\d{1,15})-(\d{1,15})\](.*)$/.exec(name);
  if (range) {
    const [, prefix = '', first = '', last = '', suffix = ''] = range;
    const digits = first.startsWith('0') || first.length === last.length ? first.length : 1;
    return { prefix, suffix, digits, numbers: [Number(first), Number(last)] };
  }
  const hashes = /^([^#]*)(#+)([^#]*)$/.exec(name);
  if (!hashes) return undefined;
  const [, prefix = '', marks = '', suffix = ''] = hashes;
  return { prefix, suffix, digits: marks.length, numbers: null };
}

/** How a file's name agrees with a pattern, and the number in it. */
interface Match {
  readonly number: number;
  /** False where only the case of the extension, or in a range the zeros before the number, are other than the pattern's. */
  readonly exact: boolean;
}

/** The match of a file's name with a pattern; undefined where there is none. Letters with accents may be composed or not. */
export function matchName(pattern: FramePattern, name: string): Match | undefined {
  const { digits, numbers } = pattern;
  const [prefix, suffix, own] = [pattern.prefix, pattern.suffix, name].map((text) => text.normalize('NFC')) as [
    string,
    string,
    string,
  ];
  if (own.length <= prefix.length + suffix.length || !own.startsWith(prefix)) return undefined;
  const text = own.slice(prefix.length, own.length - suffix.length);
  const end = own.slice(own.length - suffix.length);
  if (!/^\d{1,15}$/.test(text) || foldExtension(end) !== foldExtension(suffix)) return undefined;
  const padded = text.length >= digits && (text.length === digits || !text.startsWith('0'));
  if (!padded && !numbers) return undefined;
  const number = Number(text);
  if (numbers && (number < numbers[0] || number > numbers[1])) return undefined;
  return { number, exact: padded && end === suffix };
}

/** A name whose extension is in lower case. */
export function foldExtension(name: string): string {
  const extension = extname(`x${name}`);
  return name.slice(0, name.length - extension.length) + extension.toLowerCase();
}

/** The files that match a pattern; one that matches but for case or zeros has its number only where no other has it. */
export function sequenceOf(pattern: FramePattern, kind: StillKind, names: readonly string[]): FrameSequence {
  const matches = names.flatMap((name) => {
    const match = matchName(pattern, name);
    return match ? [{ ...match, name }] : [];
  });
  const files = new Map<number, string>();
  const twice: string[] = [];
  const exact = new Set(matches.filter((match) => match.exact).map(({ number }) => number));
  for (const match of matches) {
    if (!match.exact && exact.has(match.number)) continue;
    if (files.has(match.number)) twice.push(match.name);
    else files.set(match.number, match.name);
  }
  return { kind, prefix: pattern.prefix, suffix: pattern.suffix, files, twice };
}

/**
 * A pattern that means just the files `wanted` (by number) among the `names` of a folder, as people would write it; undefined where no
 * pattern does.
 */
export function patternFor(
  { prefix, suffix }: FrameSequence,
  wanted: ReadonlyMap<number, string>,
  names: readonly string[],
): string | undefined {
  const numbers = [...wanted.keys()];
  const [first, last] = [least(numbers), most(numbers)];
  const digitsOf = (number: number) =>
    (wanted.get(number) as string).normalize('NFC').length - `${prefix}${suffix}`.normalize('NFC').length;
  const fewest = Math.max(1, least(numbers.map(digitsOf)));
  const escaped = (text: string) => text.replaceAll('%', '%%');
  const inBrackets = (number: number) => String(number).padStart(fewest, '0');
  const candidates = [
    `${prefix}${'#'.repeat(fewest)}${suffix}`,
    `${escaped(prefix)}%${fewest > 1 ? `0${fewest}` : ''}d${escaped(suffix)}`,
    `${prefix}[${inBrackets(first)}-${inBrackets(last)}]${suffix}`,
  ];
  return candidates.find((candidate) => {
    const pattern = parseFramePattern(candidate);
    const kind = stillKindOf(candidate);
    if (!pattern || !kind) return false;
    const { files, twice } = sequenceOf(pattern, kind, names);
    if (twice.length > 0 || files.size !== wanted.size) return false;
    return numbers.every((number) => files.get(number) === wanted.get(number));
  });
}

export function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity);
}

export function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), -Infinity);
}
