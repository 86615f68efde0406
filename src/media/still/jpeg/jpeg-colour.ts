import type { ColourTags } from '../../../film/colour.ts';
import type { JpegHeader } from './jpeg.ts';

/** JFIF 1.02: full range, the matrix of BT.601, and chroma in the middle of the luma samples that share it. */
const JFIF: ColourTags = { range: 'pc', matrix: 'bt470bg', chromaLocation: 'center' };
/** Comments by which ffmpeg tells writers whose pictures are upside down, of video range, or padded. */
const OF_ODD_WRITERS = /^(AVID|CS=ITU601|Intel\(R\) JPEG Library|Metasoft MJPEG)/;

/** What a JPEG file's samples mean where `unpackJpeg` reads them; null where only ffmpeg does. */
export function jpegColour({ pixelFormat, obstacle, segments }: JpegHeader, file: Buffer): ColourTags | null {
  if (pixelFormat === null || obstacle !== null) return null;
  const isOdd = segments.some(
    ({ marker, start, end }) => marker === 0xfe && OF_ODD_WRITERS.test(file.toString('latin1', start, end)),
  );
  return isOdd ? null : JFIF;
}
