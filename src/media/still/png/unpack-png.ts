import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { type Plane, planesOf } from '../../../film/plate.ts';
import { pictureBytes, sampleFormat } from '../../../film/sample-format.ts';
import { DamagedStill, UnsupportedStill } from '../damaged-still.ts';
import type { PngHeader } from './png.ts';
import { pngPicture, unfilterRows } from './png-filter.ts';

/** PNG's order of samples in a pixel, by their number. */
const ORDERS: Readonly<Record<number, string>> = { 1: 'Y', 2: 'Y', 3: 'RGB', 4: 'RGBA' };

/** True for a PNG file whose samples lie in it as they are worked on: no palette, no fewer than 8 bits, not interlaced, no key. */
export function isPlainPng({ bits, colourType, interlaced, pixelFormat, chunks }: PngHeader): boolean {
  const keyed = chunks.some(({ type }) => type === 'tRNS');
  return pixelFormat !== null && colourType !== 3 && bits >= 8 && !interlaced && !keyed;
}

/** The picture of a plain PNG file in planes, as `sampleFormat(header.pixelFormat)` says. @throws DamagedStill */
export async function unpackPng(file: Buffer, header: PngHeader): Promise<Uint8Array> {
  const { width, height, bits, samples, pixelFormat } = header;
  if (pixelFormat === null || !isPlainPng(header)) {
    throw new UnsupportedStill(
      'is a PNG with a palette, a key, interlaced or of less than 8 bits, which only ffmpeg reads',
    );
  }
  const pixel = samples * (bits / 8);
  const rowBytes = width * pixel;
  const filtered = await inflated(pngPicture(file, header));
  if (filtered.length < height * (rowBytes + 1)) {
    throw new DamagedStill(`is damaged: its picture unpacks to ${filtered.length} bytes only`);
  }
  const raw = unfilterRows(filtered.subarray(0, height * (rowBytes + 1)), { rowBytes, pixel });
  const format = sampleFormat(pixelFormat);
  const bytes = new Uint8Array(pictureBytes(format, width, height));
  planesOf(format, bytes, width, height).forEach((plane, k) => {
    const component = format.planes[k]?.component ?? '';
    takeSamples(raw, { from: (ORDERS[samples] as string).indexOf(component), step: samples, bits }, plane);
  });
  return bytes;
}

async function inflated(packed: Buffer): Promise<Buffer> {
  try {
    return await promisify(inflate)(packed);
  } catch (cause) {
    throw new DamagedStill(`is damaged: its picture cannot be unpacked (${(cause as Error).message})`, { cause });
  }
}

interface PlaceInPixel {
  /** Which sample of a pixel, and how many it has. */
  readonly from: number;
  readonly step: number;
  readonly bits: number;
}

function takeSamples(raw: Buffer, { from, step, bits }: PlaceInPixel, { samples }: Plane): void {
  if (bits === 8) for (let k = 0, at = from; k < samples.length; k++, at += step) samples[k] = raw[at] as number;
  else {
    for (let k = 0, at = 2 * from; k < samples.length; k++, at += 2 * step) {
      samples[k] = ((raw[at] as number) << 8) | (raw[at + 1] as number);
    }
  }
}
