import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { StillKind } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import {
  describeNumbers,
  describeSequence,
  type FrameSequence,
  findSequences,
  listNames,
  parseFramePattern,
  sequenceOf,
  stillKindOf,
} from './frame-pattern.ts';

/** A gap wider than this is a stray number, not a reel. */
const WIDEST_REEL = 1_000_000;

/** The numbered files that a path means. */
export interface Listing {
  readonly folder: string;
  readonly sequence: FrameSequence;
  /** First and last number that the pattern asks for. */
  readonly expected: readonly [number, number] | null;
}

/** Finds the one numbered sequence of a folder, or the files that a pattern names. @throws ReelError */
export async function listSequence(path: string): Promise<Listing> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const folder = isFolder ? path : dirname(path);
  const names = await stillsIn(folder, path);
  if (isFolder) return { folder, sequence: onlySequence(path, names), expected: null };

  const pattern = parseFramePattern(path);
  const kind = stillKindOf(basename(path));
  if (!pattern || !kind) {
    throw new ReelError(
      `"${path}" is neither a folder nor a pattern of stills. Give a folder, or a pattern such as scan.%04d.dpx or scan.####.dpx with the extension dpx, tif, png, jpg or exr.`,
    );
  }
  const sequence = sequenceOf(pattern, kind, names);
  if (sequence.files.size === 0) {
    const others = findSequences(names).sequences;
    const there =
      others.length > 0 ? `There are: ${listNames(others.map(describeSequence))}` : 'There are no numbered stills';
    throw new ReelError(`No file in "${folder}" matches the pattern ${basename(path)}. ${there}.`);
  }
  checkTwice(path, sequence);
  return { folder, sequence, expected: pattern.numbers };
}

async function stillsIn(folder: string, asked: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && stillKindOf(entry.name) !== undefined)
      .map((entry) => entry.name)
      .sort();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? `there is no folder "${folder}"` : code === 'EACCES' ? 'reading it is not permitted' : code;
    throw new ReelError(`"${asked}" cannot be read: ${why}. Check the path.`, { cause });
  }
}

/** The folder's one numbered sequence. Stills without a number beside it (a poster, a contact sheet) are not part of it. */
function onlySequence(folder: string, names: readonly string[]): FrameSequence {
  const { sequences, unnumbered } = findSequences(names);
  const [sequence, another] = sequences;
  if (sequence && another) {
    throw new ReelError(
      `"${folder}" holds ${sequences.length} numbered sequences, and a reel is one: ${listNames(sequences.map(describeSequence))}. Choose one by its pattern, such as "${join(folder, `${sequence.prefix}####${sequence.suffix}`)}".`,
    );
  }
  if (sequence) {
    checkTwice(folder, sequence);
    return sequence;
  }
  const [only] = unnumbered;
  if (only !== undefined && unnumbered.length === 1) {
    const kind = stillKindOf(only) as StillKind;
    return { kind, prefix: '', suffix: only, files: new Map([[1, only]]), twice: [] };
  }
  if (only !== undefined) {
    throw new ReelError(
      `"${folder}" holds ${unnumbered.length} stills without numbers (${listNames(unnumbered)}), and a reel is one numbered sequence. Number the files, such as scan.0001.dpx.`,
    );
  }
  throw new ReelError(
    `"${folder}" holds no stills. Files such as scan.0001.dpx were expected (dpx, tif, png, jpg or exr): check the path.`,
  );
}

function checkTwice(path: string, { twice }: FrameSequence): void {
  if (twice.length === 0) return;
  throw new ReelError(
    `"${path}" holds the same frame number more than once (${listNames(twice)}). Name all files with the same number of digits, or choose some by a pattern such as scan.%04d.dpx.`,
  );
}

/** @throws ReelError where numbers between `first` and `last` are missing, unless that is allowed */
export function checkGaps(
  path: string,
  { files }: FrameSequence,
  { first, last }: { readonly first: number; readonly last: number },
  allowed: boolean,
): void {
  if (files.size === last - first + 1) return;
  if (last - first >= WIDEST_REEL) {
    throw new ReelError(
      `"${path}" is numbered from ${first} to ${last} but has only ${files.size} files. Move the stray files elsewhere, or choose a range such as scan.[${first}-${first + files.size}].dpx.`,
    );
  }
  if (allowed) return;
  const missing = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((number) => !files.has(number));
  throw new ReelError(
    `"${path}" is numbered from ${first} to ${last}, and ${missing.length === 1 ? 'frame' : `${missing.length} frames`} ${describeNumbers(missing)} ${missing.length === 1 ? 'is' : 'are'} missing. Put the files there, or add --allow-gaps to leave the gaps as they are.`,
  );
}
