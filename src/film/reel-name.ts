import { frameNumber, type Reel } from './reel.ts';

/** The name of the reel's file or folder, or its pattern. */
export function reelFileName({ path }: Pick<Reel, 'path'>): string {
  return lastPart(path);
}

function lastPart(path: string): string {
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
  return String(frameNumber(reel, frame)).padStart(numberIn(reel)?.digits ?? DIGITS, '0');
}

/** What stands around the number in the names of a folder's frames; of others the reel's name. Never empty. */
export function frameStem(reel: Reel): string {
  return numberIn(reel)?.around || reelStem(reel);
}

/** The counting number in the name of a folder's first file, the last one that has its value, and the name without it. */
function numberIn(reel: Reel): { readonly digits: number; readonly around: string } | undefined {
  if (reel.kind !== 'folder') return undefined;
  const first = reel.files.findIndex((file) => file !== null && file !== undefined);
  const file = reel.files[first];
  if (!file) return undefined;
  const name = lastPart(file).replace(/\.[^.]*$/, '');
  const match = [...name.matchAll(/\d+/g)].findLast(([digits]) => Number(digits) === frameNumber(reel, first));
  if (!match) return undefined;
  const [digits] = match;
  const before = name.slice(0, match.index).replace(/[\s._-]+$/, '');
  const after = name.slice(match.index + digits.length).replace(before === '' ? /^[\s._-]+/ : /^$/, '');
  return { digits: Math.max(DIGITS, digits.length), around: before + after };
}
