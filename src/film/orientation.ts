import type { FrameRange } from './range.ts';
import { type SampleFormat, sampleFormat } from './sample-format.ts';

/**
 * How a stored picture is turned to be seen upright, as EXIF 2.32 §4.6.4 A and TIFF 6.0 (field 274) number it: where its first
 * row and first column are seen. 1 top, left (as stored); 2 top, right; 3 bottom, right; 4 bottom, left; 5 left, top; 6 right,
 * top; 7 right, bottom; 8 left, bottom.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A picture as it lies in its file. */
export interface StoredPicture extends PictureSize {
  readonly orientation: Orientation;
}

/** The orientation of that number; 1 for a number that names none, as viewers take it. */
export function orientationOf(number: number | undefined): Orientation {
  return number !== undefined && Number.isInteger(number) && number >= 1 && number <= 8 ? (number as Orientation) : 1;
}

const WORDS: Readonly<Record<Orientation, string>> = {
  1: 'as stored',
  2: 'mirrored left to right',
  3: 'turned by 180 degrees',
  4: 'mirrored top to bottom',
  5: 'turned by 90 degrees clockwise and mirrored left to right',
  6: 'turned by 90 degrees clockwise',
  7: 'turned by 90 degrees clockwise and mirrored top to bottom',
  8: 'turned by 90 degrees counter-clockwise',
};

/** What is done to a stored picture so that it is seen upright, in words. */
export function describeOrientation(orientation: Orientation): string {
  return WORDS[orientation];
}

/** True where stored rows are seen as columns. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** True where the stored columns are seen from the last to the first. */
export function flipsColumns(orientation: Orientation): boolean {
  return orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
}

/** True where the stored rows are seen from the last to the first. */
export function flipsRows(orientation: Orientation): boolean {
  return orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
}

/** The other layout of chroma: 4:2:2 seen on its side is 4:4:0. ffmpeg knows no `yuv441p`, which is 4:1:1 on its side. */
const ON_ITS_SIDE: Readonly<Record<string, string>> = { '422': '440', '440': '422', '411': '441', '441': '411' };

/** The format of the upright picture. No sample changes: where sides are swapped, the chroma's steps are, too. */
export function uprightFormat(stored: SampleFormat, orientation: Orientation): SampleFormat {
  if (!swapsSides(orientation)) return stored;
  return sampleFormat(
    stored.name.replace(/^(yuva?)(\d{3})/, (_, yuv, chroma) => yuv + (ON_ITS_SIDE[chroma] ?? chroma)),
  );
}

/**
 * The size of the upright picture. Where a flipped side ends within a chroma site, the picture is seen with that site filled:
 * the pixels added on its left or top repeat the edge, and are dropped again when it is turned back.
 */
export function uprightSize(format: SampleFormat, { width, height, orientation }: StoredPicture): PictureSize {
  const filled = (length: number, shift: number, flips: boolean) =>
    flips ? ((length + (1 << shift) - 1) >> shift) << shift : length;
  const across = filled(width, Math.max(...format.planes.map(({ shiftX }) => shiftX)), flipsColumns(orientation));
  const down = filled(height, Math.max(...format.planes.map(({ shiftY }) => shiftY)), flipsRows(orientation));
  return swapsSides(orientation) ? { width: down, height: across } : { width: across, height: down };
}

/** Pixels by which the stored picture is filled up on its right and bottom before it is turned; see `uprightSize`. */
export function fillOf(format: SampleFormat, stored: StoredPicture): PictureSize {
  const upright = uprightSize(format, stored);
  const [width, height] = swapsSides(stored.orientation)
    ? [upright.height, upright.width]
    : [upright.width, upright.height];
  return { width: width - stored.width, height: height - stored.height };
}

/** What of an upright picture has changed: rows, and the columns between which they have; all columns where it does not say. */
export interface Changes extends FrameRange {
  readonly columns?: FrameRange;
}

/** The stored rows in which an upright picture's changes lie. */
export function storedRows(changed: Changes, upright: PictureSize, { height, orientation }: StoredPicture): FrameRange {
  const [length, range] = swapsSides(orientation)
    ? [upright.width, changed.columns ?? { in: 0, out: upright.width }]
    : [upright.height, changed];
  const turned = flipsRows(orientation) ? { in: length - range.out, out: length - range.in } : range;
  return { in: Math.max(0, turned.in), out: Math.min(height, turned.out) };
}

const SIDES = ['left', 'center', 'right'] as const;
const ENDS = ['top', '', 'bottom'] as const;

/** Where chroma is sited in the upright picture, in ffmpeg's names and, beyond them, `right`, `topright`, `bottomright`. */
export function uprightChroma(location: string, orientation: Orientation): string {
  let across = location.endsWith('left') ? 0 : location.endsWith('right') ? 2 : 1;
  let down = location.startsWith('top') ? 0 : location.startsWith('bottom') ? 2 : 1;
  if (flipsColumns(orientation)) across = 2 - across;
  if (flipsRows(orientation)) down = 2 - down;
  if (swapsSides(orientation)) [across, down] = [down, across];
  const side = SIDES[across] as string;
  const end = ENDS[down] as string;
  return end === '' ? side : end + (side === 'center' ? '' : side);
}

/**
 * The orientation by a movie's display matrix (ISO/IEC 14496-12 §6.2.2: a, b, u, c, d, v, x, y, w; the stored point (p, q) is shown
 * at (a·p + c·q + x, b·p + d·q + y)); null for one that turns by something else than whole quarters.
 */
export function orientationOfMatrix([a = 0, b = 0, , c = 0, d = 0]: readonly number[]): Orientation | null {
  if (b === 0 && c === 0 && a !== 0 && d !== 0) return a > 0 ? (d > 0 ? 1 : 4) : d > 0 ? 2 : 3;
  if (a === 0 && d === 0 && b !== 0 && c !== 0) return b > 0 ? (c > 0 ? 5 : 6) : c > 0 ? 8 : 7;
  return null;
}
