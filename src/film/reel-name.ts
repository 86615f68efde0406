import { frameNumber, type Reel } from './reel.ts';

/** The name of the reel's file or folder, or its pattern. */
export function reelFileName({ path }: Pick<Reel, 'path'>): string {
  return lastPart(path);
}

/** The name of a file or folder in a path of whichever system. */
export function lastPart(path: string): string {
  return path.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
}

/** The same without the place of frame numbers, and without what tells a file's kind; never empty. */
export function reelStem(reel: Pick<Reel, 'path'>): string {
  const name = reelFileName(reel).replace(/[.\s_%#\d-]*(?:%0?\d*d|#+|\[.*\])[^\\/]*$/, '');
  return name.replace(/\.\w{2,5}$/, '') || 'reel';
}

/** Fewest digits of a number in a file's name: as film scans are numbered. */
const DIGITS = 4;

/** A frame's number as names of files have it: with the digits of the reel's own, four at least. */
export function numberText(reel: Reel, frame: number): string {
  const digits = Math.max(DIGITS, numberedName(reel)?.digits.length ?? 0);
  return String(frameNumber(reel, frame)).padStart(digits, '0');
}

/** What stands around the number in the names of a folder's frames; of others the reel's name. Never empty. */
export function frameStem(reel: Reel): string {
  const { prefix = '', suffix = '' } = numberedName(reel) ?? {};
  const before = prefix.replace(/[\s._-]+$/, '');
  const after = suffix.replace(/\.[^.]*$/, '').replace(before === '' ? /^[\s._-]+/ : /^$/, '');
  return before + after || reelStem(reel);
}

/** The name of a folder's first file in its parts. */
export interface NumberedName {
  readonly folder: string;
  readonly prefix: string;
  /** The number that counts the frames: the last one in the name that has the first frame's value. */
  readonly digits: string;
  /** With what tells the file's kind. */
  readonly suffix: string;
}

/** How a folder's files are named around their numbers; undefined for a movie. */
export function numberedName(reel: Reel): NumberedName | undefined {
  if (reel.kind !== 'folder') return undefined;
  const first = reel.files.findIndex((file) => file !== null && file !== undefined);
  const file = reel.files[first];
  if (!file) return undefined;
  const name = lastPart(file);
  const numbers = [...name.replace(/\.[^.]*$/, '').matchAll(/\d+/g)];
  const match = numbers.findLast(([digits]) => Number(digits) === frameNumber(reel, first));
  if (!match) return undefined;
  const [digits] = match;
  const folder = file.slice(0, -(name.length + 1));
  return { folder, prefix: name.slice(0, match.index), digits, suffix: name.slice(match.index + digits.length) };
}
