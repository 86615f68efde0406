import { basename } from 'node:path';
import type { FrameRange } from '../../../film/range.ts';
import { frameNumber, type Reel } from '../../../film/reel.ts';
import { frameStem } from '../../../film/reel-name.ts';

/** What files of written frames are called: `name.number.extension`. */
export interface FrameNames {
  readonly name: string;
  readonly extension: string;
  /** Number of the reel's first frame; below 0 where only later frames are written. */
  readonly first: number;
  /** Digits of a number, filled with zeros. */
  readonly digits: number;
}

/** Four digits, as film numbers its frames; seven where the reel has more frames than those can count. */
const FEW = 4;
const MANY = 7;

/**
 * The names of a reel's frames, written in `range`.
 *
 * @param start number of the range's first frame; the reel's own where absent
 */
export function frameNames(
  reel: Reel,
  extension: string,
  { range, start }: { readonly range: FrameRange; readonly start?: number | undefined },
): FrameNames {
  const first = start === undefined ? reel.first : start - range.in;
  const last = start === undefined ? frameNumber(reel, reel.frames - 1) : start + range.out - range.in - 1;
  return {
    name: frameStem(reel),
    extension,
    first,
    digits: String(last).length <= FEW ? FEW : Math.max(MANY, String(last).length),
  };
}

export function frameFileName({ name, extension, first, digits }: FrameNames, frame: number): string {
  return `${name}.${String(first + frame).padStart(digits, '0')}${extension}`;
}

/** Tells an output's frames from other files: named as the reel's own are, or by any number in another kind of stills. */
export function isFrameOf(reel: Reel): (file: string) => boolean {
  const own = new Set(
    reel.kind === 'folder' ? reel.files.flatMap((file) => (file === null ? [] : [basename(file)])) : [],
  );
  const start = `${frameStem(reel)}.`;
  return (file) =>
    own.has(file) || (file.startsWith(start) && /^\d{4,}\.(dpx|tif|exr)$/.test(file.slice(start.length)));
}
