import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { StillKind } from '../../../film/reel.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { type FolderNames, namesIn } from './folder-names.ts';
import { least, matchName, most, parseFramePattern, patternFor, sequenceOf } from './frame-pattern.ts';
import { type FrameSequence, findSequences, stillKindOf } from './frame-sequence.ts';
import { describeNumbers, listNames, runsOf, UNRELATED } from './list-words.ts';
import { withoutStills } from './without-stills.ts';

/** A gap wider than this is a stray number, not a reel. */
const WIDEST_REEL = 1_000_000;
/** Sequences that an error lists. */
const LISTED = 6;

/** The numbered files that a path means. */
export interface Listing {
  readonly folder: string;
  readonly sequence: FrameSequence;
  /** Stills of the folder without a number, which are no part of the reel; none where a pattern names the reel. */
  readonly aside: readonly string[];
  /** First and last number that the pattern asks for. */
  readonly expected: readonly [number, number] | null;
  /** A pattern, as an argument, that means only these of the files; undefined where no pattern does. */
  patternOf(numbers: readonly number[]): string | undefined;
}

/** Finds the one numbered sequence of a folder, or the files that a pattern names. @throws ReelError */
export async function listSequence(path: string): Promise<Listing> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const folder = isFolder ? path : dirname(path);
  const names = await namesIn(folder).catch((cause: unknown) => {
    throw new ReelError(`"${path}" cannot be read: ${whyNot(folder, cause)}. Check the path.`, { cause });
  });
  const { sequence, aside, expected } = isFolder
    ? { ...(await onlySequence(path, names)), expected: null }
    : { ...matching(path, names), aside: [] };
  checkTwice(path, folder, sequence, names.stills);
  return {
    folder,
    sequence: withNotFiles(sequence, names.notFiles),
    aside,
    expected,
    patternOf: (numbers) => argumentFor(folder, sequence, numbers, names.stills),
  };
}

/** A pattern, as an argument, of the sequence that a still belongs to; undefined where it has none, or no pattern means just that one. */
export async function patternWith(still: string): Promise<string | undefined> {
  const folder = dirname(still);
  const { stills } = await namesIn(folder);
  const sequence = findSequences(stills).sequences.find(({ files }) => [...files.values()].includes(basename(still)));
  return sequence && argumentFor(folder, sequence, [...sequence.files.keys()], stills);
}

function whyNot(folder: string, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no folder "${folder}"`;
  if (code === 'ENOTDIR') return `"${folder}" is no folder`;
  return code === 'EACCES' ? 'reading it is not permitted' : (code ?? message);
}

/** The files that a pattern names. */
function matching(path: string, { stills, undecodable }: FolderNames): Pick<Listing, 'sequence' | 'expected'> {
  const pattern = parseFramePattern(path);
  const kind = stillKindOf(basename(path));
  if (!pattern || !kind) {
    throw new ReelError(
      `"${path}" is neither a folder nor a pattern of stills. Give a folder, or a pattern such as scan.%04d.dpx or scan.####.dpx with the extension dpx, tif, png, jpg or exr.`,
    );
  }
  const sequence = sequenceOf(pattern, kind, stills);
  if (sequence.files.size > 0) return { sequence, expected: pattern.numbers };
  const folder = dirname(path);
  const others = findSequences(stills).sequences;
  const there =
    others.length > 0 ? `There are: ${listSequences(others, stills)}` : `There are no numbered stills in it`;
  const unread = undecodable.length > 0 ? ` ${ofUndecodable(undecodable)}` : '';
  throw new ReelError(
    `No file in "${folder}" matches the pattern ${basename(path)}. ${there}.${unread} Give a pattern of what is there.`,
  );
}

/** The folder's one numbered sequence. Stills without a number beside it (a poster, a contact sheet) are not part of it. */
async function onlySequence(folder: string, names: FolderNames): Promise<Pick<Listing, 'sequence' | 'aside'>> {
  const { sequences, unnumbered } = findSequences(names.stills);
  const [sequence, another] = sequences;
  if (names.undecodable.length > 0) {
    const choice = sequence && argumentFor(folder, sequence, [...sequence.files.keys()], names.stills);
    throw new ReelError(
      `"${folder}" cannot be read as it is. ${ofUndecodable(names.undecodable)}${choice ? `, or choose the others by their pattern, such as "${choice}"` : ''}.`,
    );
  }
  for (const dashed of sequences) checkSign(folder, dashed, sequences, names.stills);
  if (another && sequence?.files.size === 1) {
    const all = sequences.flatMap(({ files }) => [...files.values()]);
    throw new ReelError(
      `"${folder}" holds ${all.length} stills whose names differ in more than one number (${listNames(all, 3)}), and a reel is one numbered sequence. Give them names that differ in one number, such as scan.0001.dpx. ${UNRELATED}`,
    );
  }
  if (sequence && another) {
    let choice: string | undefined;
    for (const one of sequences.slice(0, LISTED)) {
      choice ??= argumentFor(folder, one, [...one.files.keys()], names.stills);
    }
    throw new ReelError(
      `"${folder}" holds ${sequences.length} numbered sequences, and a reel is one: ${listSequences(sequences, names.stills)}. ${choice ? `Choose one by its pattern, such as "${choice}"` : 'Move the others elsewhere'}. ${UNRELATED}`,
    );
  }
  if (sequence) return { sequence, aside: unnumbered };
  const [only] = unnumbered;
  if (only !== undefined && unnumbered.length === 1) {
    const kind = stillKindOf(only) as StillKind;
    return { sequence: { kind, prefix: '', suffix: only, files: new Map([[1, only]]), twice: [] }, aside: [] };
  }
  if (only !== undefined) {
    throw new ReelError(
      `"${folder}" holds ${unnumbered.length} stills without numbers (${listNames(unnumbered)}), and a reel is one numbered sequence. Number the files, such as scan.0001.dpx. ${UNRELATED}`,
    );
  }
  throw await withoutStills(folder, names);
}

function ofUndecodable(names: readonly string[]): string {
  const count = names.length === 1 ? 'The name of 1 still is' : `The names of ${names.length} stills are`;
  return `${count} not UTF-8: ${listNames(names, 2)}. Rename ${names.length === 1 ? 'it' : 'them'} in UTF-8`;
}

/**
 * A dash before the number, with nothing but a separator before it, may be a minus sign; read as a dash it would turn time around.
 *
 * @throws ReelError where it may.
 */
function checkSign(
  folder: string,
  dashed: FrameSequence,
  sequences: readonly FrameSequence[],
  names: readonly string[],
): void {
  if (!/(?:^|[._])-$/.test(dashed.prefix)) return;
  const numbers = [...dashed.files.keys()];
  const above = sequences.find(({ prefix, suffix }) => `${prefix}-` === dashed.prefix && suffix === dashed.suffix);
  if (above) {
    const choice = argumentFor(folder, above, [...above.files.keys()], names);
    throw new ReelError(
      `"${folder}" is numbered from ${-most(numbers)} to ${most([...above.files.keys()])}, and numbers below 0 are not read. Number all files from 0 or above${choice ? `, or choose those that are by their pattern, "${choice}"` : ''}.`,
    );
  }
  const choice = argumentFor(folder, dashed, numbers, names);
  throw new ReelError(
    `"${folder}" has a dash before its numbers (${dashed.files.get(least(numbers))}), which may be a minus sign, and numbers below 0 are not read. ${choice ? `If it is a mere dash, give the pattern "${choice}"; else number` : 'Number'} the files from 0 or above.`,
  );
}

/** Sequences as patterns, with their numbers: `scan.####.dpx (100 files, 1001 to 1100)`. */
function listSequences(sequences: readonly FrameSequence[], names: readonly string[]): string {
  const described = sequences.slice(0, LISTED).map((sequence) => {
    const { prefix, suffix, files } = sequence;
    const numbers = [...files.keys()];
    const [first, last] = [least(numbers), most(numbers)];
    const count = files.size === 1 ? `1 file, ${first}` : `${files.size} files, ${first} to ${last}`;
    return `${patternFor(sequence, files, names) ?? `${prefix}…${suffix}`} (${count})`;
  });
  const more = sequences.length > LISTED ? ` and ${sequences.length - LISTED} more` : '';
  return `${described.join(', ')}${more}`;
}

function argumentFor(
  folder: string,
  sequence: FrameSequence,
  numbers: readonly number[],
  names: readonly string[],
): string | undefined {
  const wanted = new Map(
    numbers.flatMap((number) => {
      const name = sequence.files.get(number);
      return name === undefined ? [] : [[number, name] as const];
    }),
  );
  const pattern = patternFor(sequence, wanted, names);
  return pattern === undefined ? undefined : join(folder, pattern);
}

/** What has the name of a frame and is no file stands in its place, so that a person reads what it is. */
function withNotFiles(sequence: FrameSequence, notFiles: readonly string[]): FrameSequence {
  const files = new Map(sequence.files);
  const numbers = [...files.keys()];
  const [first, last] = [least(numbers), most(numbers)];
  const { prefix, suffix } = sequence;
  for (const name of notFiles) {
    const match = matchName({ prefix, suffix, digits: 1, numbers: [first, last] }, name);
    if (match && !files.has(match.number)) files.set(match.number, name);
  }
  return { ...sequence, files };
}

function checkTwice(path: string, folder: string, sequence: FrameSequence, names: readonly string[]): void {
  if (sequence.twice.length === 0) return;
  const { prefix, suffix, kind } = sequence;
  const widths = new Set(
    [...sequence.files.values(), ...sequence.twice].map((name) => name.length - prefix.length - suffix.length),
  );
  // Of the ways to fill a number with zeros, the one that most files have is likely meant.
  const [most] = [...widths]
    .map((digits) => sequenceOf({ prefix, suffix, digits, numbers: null }, kind, names).files)
    .sort((a, b) => b.size - a.size);
  const pattern = most && patternFor(sequence, most, names);
  const choice = pattern === undefined ? '' : `, or choose some by a pattern such as "${join(folder, pattern)}"`;
  throw new ReelError(
    `"${path}" holds the same frame number more than once (${listNames(sequence.twice)}). Keep one file of each number${choice}.`,
  );
}

/**
 * @param part how the argument for a part of the reel is written
 * @throws ReelError where numbers between `first` and `last` are missing, unless that is allowed
 */
export function checkGaps(
  path: string,
  { sequence: { files }, patternOf }: Listing,
  { first, last }: { readonly first: number; readonly last: number },
  allowed: boolean,
): void {
  if (files.size === last - first + 1) return;
  const numbers = [...files.keys()].sort((a, b) => a - b);
  const [longest] = runsOf(numbers).sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
  const part = longest && patternOf(numbers.filter((number) => number >= longest[0] && number <= longest[1]));
  const choice = part === undefined ? '' : `, or choose a part by its pattern, such as "${part}"`;
  if (last - first >= WIDEST_REEL) {
    throw new ReelError(
      `"${path}" is numbered from ${first} to ${last} but has only ${files.size} files. Move the stray files elsewhere${choice}.`,
    );
  }
  if (allowed) return;
  const missing = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((number) => !files.has(number));
  const [frames, are] = missing.length === 1 ? ['frame', 'is'] : [`${missing.length} frames`, 'are'];
  throw new ReelError(
    `"${path}" is numbered from ${first} to ${last}, and ${frames} ${describeNumbers(missing)} ${are} missing. Put the files there, or add --allow-gaps to leave the gaps as they are${missing.length > files.size ? choice : ''}.`,
  );
}
