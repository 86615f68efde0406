import { open } from 'node:fs/promises';
import { type Rational, rational } from '../../../film/rational.ts';
import { bytesInFile } from '../byte-source.ts';
import { readDpxFields } from './dpx-header.ts';

/** What a DPX file states of its place in a reel and of its pixels, for a movie made of such files. */
export interface DpxLabels {
  /** `HH:MM:SS:FF`. */
  readonly timecode?: string;
  /** Width of a pixel over its height. */
  readonly pixelAspect?: Rational;
}

/** No film or video has pixels as oblong: such a number is not an aspect. */
const MOST_OBLONG = 4;

/** Reads the labels of a file that has been found whole; a field without a sensible value is left out. */
export async function readDpxLabels(path: string): Promise<DpxLabels> {
  await using file = await open(path);
  const { size } = await file.stat();
  const fields = await readDpxFields(bytesInFile(file, size));
  const timecode = timecodeOf(fields.timecode);
  const pixelAspect = aspectOf(fields.pixelWidth, fields.pixelHeight);
  return { ...(timecode === null ? {} : { timecode }), ...(pixelAspect === null ? {} : { pixelAspect }) };
}

function timecodeOf(bits: number | null): string | null {
  const digits = bits?.toString(16).padStart(8, '0') ?? '';
  if (!/^([01]\d|2[0-3])([0-5]\d){2}\d\d$/.test(digits)) return null;
  return digits.replace(/^(..)(..)(..)(..)$/, '$1:$2:$3:$4');
}

function aspectOf(width: number | null, height: number | null): Rational | null {
  if (!width || !height || width === height) return null;
  const ratio = width / height;
  return ratio < 1 / MOST_OBLONG || ratio > MOST_OBLONG ? null : rational(width, height);
}
