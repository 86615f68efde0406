import { basename, extname } from 'node:path';
import type { StillKind } from '../../film/reel.ts';

/** Files whose names differ in one number only. */
export interface FrameSequence {
  readonly kind: StillKind;
  /** What stands before and after the number. */
  readonly prefix: string;
  readonly suffix: string;
  /** File name by number, in no order. Where two names have the same number, the first is here and the other in `twice`. */
  readonly files: ReadonlyMap<number, string>;
  readonly twice: readonly string[];
}

/** A pattern of file names such as `scan.%04d.dpx`, `scan.####.dpx` or `scan.[1001-1100].dpx`. */
export interface FramePattern {
  readonly prefix: string;
  readonly suffix: string;
  /** Fewest digits of a number; shorter ones are filled with zeros. */
  readonly digits: number;
  /** First and last number, where the pattern names them. */
  readonly numbers: readonly [first: number, last: number] | null;
}

const KINDS: Readonly<Record<string, StillKind>> = {
  '.dpx': 'dpx',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.exr': 'exr',
};

/** The kind of still that a file's name says it is; undefined for other files, and for those that systems hide. */
export function stillKindOf(name: string): StillKind | undefined {
  return name.startsWith('.') ? undefined : KINDS[extname(name).toLowerCase()];
}

/** Reads the last part of a path as a pattern; undefined where it is none. `%%` stands for a percent sign. */
export function parseFramePattern(path: string): FramePattern | undefined {
  const name = basename(path);
  const plain = (text: string) => text.replaceAll('%%', '%');
  const range = /^(.*)\[(\d+)-(\d+)\](.*)$/.exec(name);
  if (range) {
    const [, prefix = '', first = '', last = '', suffix = ''] = range;
    const digits = first.startsWith('0') || first.length === last.length ? first.length : 1;
    return { prefix, suffix, digits, numbers: [Number(first), Number(last)] };
  }
  const printf = /^((?:[^%]|%%)*)%(?:0?(\d+))?d((?:[^%]|%%)*)$/.exec(name);
  if (printf) {
    const [, prefix = '', digits = '1', suffix = ''] = printf;
    return { prefix: plain(prefix), suffix: plain(suffix), digits: Number(digits), numbers: null };
  }
  const hashes = /^([^#]*)(#+)([^#]*)$/.exec(name);
  if (!hashes) return undefined;
  const [, prefix = '', marks = '', suffix = ''] = hashes;
  return { prefix, suffix, digits: marks.length, numbers: null };
}

/** The number of a file name in a pattern; undefined where it does not match. */
export function numberIn(pattern: FramePattern, name: string): number | undefined {
  const { prefix, suffix, digits, numbers } = pattern;
  if (name.length <= prefix.length + suffix.length || !name.startsWith(prefix) || !name.endsWith(suffix))
    return undefined;
  const text = name.slice(prefix.length, name.length - suffix.length);
  if (!/^\d{1,15}$/.test(text) || text.length < digits || (text.length > digits && text.startsWith('0')))
    return undefined;
  const number = Number(text);
  return numbers && (number < numbers[0] || number > numbers[1]) ? undefined : number;
}

/** The files that match a pattern. */
export function sequenceOf(pattern: FramePattern, kind: StillKind, names: readonly string[]): FrameSequence {
  const numbered = names.map((name) => [numberIn(pattern, name), name] as const);
  return collect(kind, pattern.prefix, pattern.suffix, numbered);
}

/**
 * Sorts file names into numbered sequences. Of several numbers in a name, the last one that varies counts the frames:
 * `s01_1001_v2.dpx` and `s01_1002_v2.dpx` are one sequence. Stills without a number come back in `unnumbered`.
 */
export function findSequences(names: readonly string[]): { sequences: FrameSequence[]; unnumbered: string[] } {
  const unnumbered: string[] = [];
  const shapes = new Map<string, Array<{ name: string; parts: string[] }>>();
  for (const name of names) {
    const extension = extname(name);
    // Odd entries are the digits.
    const parts = name.slice(0, name.length - extension.length).split(/(\d{1,15})/);
    if (parts.length === 1) {
      unnumbered.push(name);
      continue;
    }
    const shape = `${parts.map((part, k) => (k % 2 === 1 ? '#' : part)).join('\0')}${extension}`;
    const alike = shapes.get(shape) ?? [];
    alike.push({ name, parts });
    shapes.set(shape, alike);
  }
  const sequences = [...shapes.values()].flatMap((alike) => {
    const { parts } = alike[0] as (typeof alike)[number];
    const digits = parts.map((_, k) => k).filter((k) => k % 2 === 1);
    const counts =
      digits.findLast((k) => alike.some((other) => other.parts[k] !== parts[k])) ?? (digits.at(-1) as number);
    return [...groupBy(alike, (file) => file.parts.toSpliced(counts, 1, '').join('\0')).values()].map((group) =>
      sequenceAt(group, counts),
    );
  });
  return { sequences, unnumbered };
}

function sequenceAt(group: ReadonlyArray<{ name: string; parts: string[] }>, counts: number): FrameSequence {
  const { name, parts } = group[0] as (typeof group)[number];
  const prefix = parts.slice(0, counts).join('');
  const suffix = `${parts.slice(counts + 1).join('')}${extname(name)}`;
  const numbered = group.map((file) => [Number(file.parts[counts]), file.name] as const);
  return collect(stillKindOf(name) as StillKind, prefix, suffix, numbered);
}

function collect(
  kind: StillKind,
  prefix: string,
  suffix: string,
  numbered: ReadonlyArray<readonly [number | undefined, string]>,
): FrameSequence {
  const files = new Map<number, string>();
  const twice: string[] = [];
  for (const [number, name] of numbered) {
    if (number === undefined) continue;
    if (files.has(number)) twice.push(name);
    else files.set(number, name);
  }
  return { kind, prefix, suffix, files, twice };
}

function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value)) ?? [];
    group.push(value);
    groups.set(key(value), group);
  }
  return groups;
}

/** The sequence as people write it, with its numbers: `scan.####.dpx (100 files, 1001 to 1100)`. */
export function describeSequence({ prefix, suffix, files }: FrameSequence): string {
  const numbers = [...files.keys()];
  const [first, last] = [least(numbers), most(numbers)];
  const digits = (files.get(first) ?? '').length - prefix.length - suffix.length;
  const count = files.size === 1 ? `1 file, ${first}` : `${files.size} files, ${first} to ${last}`;
  return `${prefix}${'#'.repeat(Math.max(1, digits))}${suffix} (${count})`;
}

export function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity);
}

export function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** Whole numbers as people write them, neighbours joined: `1003, 1007 to 1009`; at most `limit` runs. */
export function describeNumbers(numbers: readonly number[], limit = 8): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && run[1] + 1 === number) run[1] = number;
    else runs.push([number, number]);
  }
  const shown = runs.slice(0, limit).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  return runs.length > limit ? `${shown.join(', ')} and more` : shown.join(', ');
}

/** Names one after another, at most `limit` of them. */
export function listNames(names: readonly string[], limit = 6): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
