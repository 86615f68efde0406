import { extname } from 'node:path';
import type { StillKind } from '../../../film/reel.ts';

/** Files whose names differ in one number, and at most in the case of their extension. */
export interface FrameSequence {
  readonly kind: StillKind;
  /** What stands before and after the number in the first file's name. */
  readonly prefix: string;
  readonly suffix: string;
  /** File name by number, in no order. Where two names have the same number, the first is here and the other in `twice`. */
  readonly files: ReadonlyMap<number, string>;
  readonly twice: readonly string[];
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

/** A name in parts; odd entries are its digits, of which a number is the last 15 at most. */
interface Named {
  readonly name: string;
  readonly parts: readonly string[];
  readonly extension: string;
}

/**
 * Sorts names of stills into numbered sequences, the longest first. Of several numbers in a name, the one with the most values counts
 * the frames, of equal ones the last: `s01_1001_v2.dpx` and `s01_1002_v2.dpx` are one sequence. Stills without a number come back in
 * `unnumbered`. Letters with accents may be composed or not, and extensions have any case, as long as no number comes twice.
 */
export function findSequences(names: readonly string[]): { sequences: FrameSequence[]; unnumbered: string[] } {
  const unnumbered: string[] = [];
  const numbered: Named[] = [];
  for (const name of names) {
    const extension = extname(name);
    const parts = name.slice(0, name.length - extension.length).split(/(\d{1,15}(?!\d))/);
    if (parts.length === 1) unnumbered.push(name);
    else numbered.push({ name, parts, extension });
  }
  const shapes = groupBy(numbered, ({ parts, extension }) =>
    keyOf(
      parts.map((part, k) => (k % 2 === 1 ? '#' : part)),
      extension,
    ),
  );
  const sequences = shapes.flatMap((alike) => {
    const at = countingPart(alike);
    return groupBy(alike, ({ parts, extension }) => keyOf(parts.toSpliced(at, 1, '#'), extension)).flatMap((group) => {
      const whole = collect(group, at);
      if (whole.twice.length === 0) return [whole];
      // Which of two spellings is meant has to be chosen.
      return groupBy(group, ({ parts, extension }) => [...parts.toSpliced(at, 1, '#'), extension].join('\0')).map(
        (spelt) => collect(spelt, at),
      );
    });
  });
  return { sequences: sequences.sort((a, b) => b.files.size - a.files.size), unnumbered };
}

/** The part of names of one shape that has the most values. */
function countingPart(alike: readonly Named[]): number {
  const digits = (alike[0] as Named).parts.map((_, k) => k).filter((k) => k % 2 === 1);
  const values = digits.map((k) => new Set(alike.map(({ parts }) => parts[k])).size);
  return digits[values.lastIndexOf(values.reduce((a, b) => Math.max(a, b)))] as number;
}

function keyOf(parts: readonly string[], extension: string): string {
  return [...parts.map((part) => part.normalize('NFC')), extension.toLowerCase()].join('\0');
}

function collect(group: readonly Named[], at: number): FrameSequence {
  const { name, parts, extension } = group[0] as Named;
  const files = new Map<number, string>();
  const twice: string[] = [];
  for (const file of group) {
    const number = Number(file.parts[at]);
    if (files.has(number)) twice.push(file.name);
    else files.set(number, file.name);
  }
  return {
    kind: stillKindOf(name) as StillKind,
    prefix: parts.slice(0, at).join(''),
    suffix: `${parts.slice(at + 1).join('')}${extension}`,
    files,
    twice,
  };
}

function groupBy<T>(values: readonly T[], key: (value: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const of = key(value);
    const group = groups.get(of);
    if (group) group.push(value);
    else groups.set(of, [value]);
  }
  return [...groups.values()];
}
