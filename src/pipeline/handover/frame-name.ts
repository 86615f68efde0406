import { parse } from 'node:path';
import { frameNumber, type Reel } from '../../film/reel.ts';
import { reelStem } from '../../film/reel-name.ts';

/** Fewest digits of a number: as film scans are numbered. */
const DIGITS = 4;

/** A frame's number as the files of a hand-over have it: with the digits of the reel's own, four at least. */
export function numberText(reel: Reel, frame: number): string {
  return String(frameNumber(reel, frame)).padStart(numberIn(reel)?.digits ?? DIGITS, '0');
}

/** What stands around the number in the names of a folder's frames; of others the reel's name. Never empty. */
export function baseName(reel: Reel): string {
  return numberIn(reel)?.around || reelStem(reel);
}

function firstFile(reel: Reel): string | undefined {
  return reel.kind === 'folder'
    ? (reel.files.find((file) => file !== null && file !== undefined) ?? undefined)
    : undefined;
}

/** The counting number in the name of a folder's first file, the last one that has its value, and the name without it. */
function numberIn(reel: Reel): { readonly digits: number; readonly around: string } | undefined {
  const file = firstFile(reel);
  if (reel.kind !== 'folder' || file === undefined) return undefined;
  const number = frameNumber(reel, reel.files.indexOf(file));
  const { name } = parse(file);
  const match = [...name.matchAll(/\d+/g)].findLast(([digits]) => Number(digits) === number);
  if (!match) return undefined;
  const [digits] = match;
  const before = name.slice(0, match.index).replace(/[\s._-]+$/, '');
  const after = name.slice(match.index + digits.length).replace(before === '' ? /^[\s._-]+/ : /^$/, '');
  return { digits: Math.max(DIGITS, digits.length), around: before + after };
}
