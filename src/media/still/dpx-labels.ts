import { open } from 'node:fs/promises';
import { type Rational, rational } from '../../film/rational.ts';

/** What a DPX file states of its place in a reel and of its pixels, for a movie made of such files. */
export interface DpxLabels {
  /** `HH:MM:SS:FF`. */
  readonly timecode?: string;
  /** Width of a pixel over its height. */
  readonly pixelAspect?: Rational;
}

/** Byte offsets of SMPTE ST 268-1: pixel aspect of the orientation header, timecode of the television header. */
const AT_ASPECT = 1628;
const AT_TIMECODE = 1920;
const HEADER_BYTES = 2048;
const UNDEFINED = 0xffffffff;
/** No film or video has pixels as oblong: such a number is not an aspect. */
const MOST_OBLONG = 4;

/** Reads the labels of a file that has been found whole; a field without a sensible value is left out. */
export async function readDpxLabels(path: string): Promise<DpxLabels> {
  await using file = await open(path);
  const { buffer: head, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  const bigEndian = head.toString('latin1', 0, 4) === 'SDPX';
  const word = (at: number) => (bigEndian ? head.readUInt32BE(at) : head.readUInt32LE(at));
  // Files with a generic header alone have the picture there.
  const stated = Math.min(bytesRead, word(4));
  const timecode = stated >= AT_TIMECODE + 4 ? timecodeOf(word(AT_TIMECODE)) : null;
  const pixelAspect = aspectOf(word(AT_ASPECT), word(AT_ASPECT + 4));
  return { ...(timecode === null ? {} : { timecode }), ...(pixelAspect === null ? {} : { pixelAspect }) };
}

/** Eight decimal digits, four bits each. */
function timecodeOf(bits: number): string | null {
  const digits = bits.toString(16).padStart(8, '0');
  if (bits === UNDEFINED || !/^([01]\d|2[0-3])([0-5]\d){2}\d\d$/.test(digits)) return null;
  return digits.replace(/^(..)(..)(..)(..)$/, '$1:$2:$3:$4');
}

function aspectOf(width: number, height: number): Rational | null {
  if (width === 0 || height === 0 || width === UNDEFINED || height === UNDEFINED || width === height) return null;
  const ratio = width / height;
  return ratio < 1 / MOST_OBLONG || ratio > MOST_OBLONG ? null : rational(width, height);
}
