import { type CodePicture, checkPlanes } from '../code-picture.ts';
import { DPX_HEADER_BYTES, type DpxFacts, dpxHeaderBytes } from './dpx-header-bytes.ts';
import { bytesOfSamples, type DpxWords, writeDpxSamples } from './dpx-samples.ts';

/**
 * The bytes of a DPX file (SMPTE ST 268-1, V2.0) of luma, RGB or RGBA: big-endian; 10 bits three to a word and 12 bits one to 16
 * bits, filled by method A; rows end with whole words. The same picture and facts make the same bytes.
 */
export function writeDpx(picture: CodePicture, facts: DpxFacts): Buffer {
  checkPlanes(picture);
  const { width, height, bits, planes } = picture;
  const packing = bits === 10 || bits === 12 ? 'A' : 'packed';
  // Of a single channel a word's first sample is in its lowest bits, as ffmpeg and OpenImageIO have it.
  const words: DpxWords = { bigEndian: true, bits, packing, lowFirst: planes.length === 1 };
  const count = width * planes.length;
  const rowBytes = Math.ceil(bytesOfSamples(words, count) / 4) * 4;
  const file = Buffer.alloc(DPX_HEADER_BYTES + rowBytes * height);
  file.set(dpxHeaderBytes(picture, file.length, facts));
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const row = new Uint16Array(count);
  for (let y = 0; y < height; y++) {
    planes.forEach((plane, k) => {
      for (let i = y * width, to = k; to < count; i++, to += planes.length) row[to] = plane[i] as number;
    });
    writeDpxSamples(view, DPX_HEADER_BYTES + y * rowBytes, 0, words, row);
  }
  return file;
}
