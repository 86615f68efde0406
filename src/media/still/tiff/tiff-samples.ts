import type { Plane } from '../../../film/plate.ts';
import type { FrameRange } from '../../../film/range.ts';
import type { Component, SampleFormat } from '../../../film/sample-format.ts';
import type { TiffHeader } from './tiff.ts';
import { samplesSideBySide, type TiffChunkPlace } from './tiff-chunks.ts';

/** The picture's plane behind each sample that a strip or tile holds side by side; null for one that no plane has. */
export function planesBehind(
  header: TiffHeader,
  { plane }: TiffChunkPlace,
  format: SampleFormat,
  planes: readonly Plane[],
): (Plane | null)[] {
  const order: readonly Component[] = header.samples >= 3 && format.model === 'rgb' ? ['R', 'G', 'B', 'A'] : ['Y'];
  const all = Array.from({ length: header.samples }, (_, k) => {
    const at = format.planes.findIndex(({ component }) => component === order[k]);
    return at < 0 ? null : (planes[at] as Plane);
  });
  return header.planar ? [all[plane] ?? null] : all;
}

/** Which samples of a strip or tile are meant: component `component` of the picture's `rows`. */
interface ChunkSamples {
  readonly component: number;
  readonly rows: FrameRange;
}

/** Copies samples of a strip or tile into the picture's plane. */
export function takeSamples(
  raw: Buffer,
  header: TiffHeader,
  place: TiffChunkPlace,
  { component, rows }: ChunkSamples,
  { samples, width }: Plane,
): void {
  const { bits, form } = header;
  const flip = header.inverted ? 2 ** bits - 1 : 0;
  const step = samplesSideBySide(header);
  const count = place.columns.out - place.columns.in;
  const high = form.bigEndian ? 0 : 1;
  for (let y = rows.in; y < rows.out; y++) {
    const row = (y - place.rows.in) * place.rowBytes;
    const to = y * width + place.columns.in;
    if (bits === 8) {
      for (let x = 0, at = row + component; x < count; x++, at += step) samples[to + x] = (raw[at] as number) ^ flip;
    } else if (bits === 16) {
      for (let x = 0, at = row + 2 * component; x < count; x++, at += 2 * step) {
        samples[to + x] = (((raw[at + high] as number) << 8) | (raw[at + 1 - high] as number)) ^ flip;
      }
    } else {
      for (let x = 0; x < count; x++) {
        samples[to + x] = bitsAt(raw, row * 8 + (x * step + component) * bits, bits) ^ flip;
      }
    }
  }
}

/** The inverse of `takeSamples`. */
export function putSamples(
  raw: Buffer,
  header: TiffHeader,
  place: TiffChunkPlace,
  { component, rows }: ChunkSamples,
  { samples, width }: Plane,
): void {
  const { bits, form } = header;
  const flip = header.inverted ? 2 ** bits - 1 : 0;
  const step = samplesSideBySide(header);
  const count = place.columns.out - place.columns.in;
  const high = form.bigEndian ? 0 : 1;
  for (let y = rows.in; y < rows.out; y++) {
    const row = (y - place.rows.in) * place.rowBytes;
    const from = y * width + place.columns.in;
    for (let x = 0; x < count; x++) {
      const value = (samples[from + x] as number) ^ flip;
      const at = x * step + component;
      if (bits === 8) raw[row + at] = value;
      else if (bits === 16) {
        raw[row + 2 * at + high] = value >> 8;
        raw[row + 2 * at + 1 - high] = value;
      } else putBits(raw, row * 8 + at * bits, bits, value);
    }
  }
}

/** A number of 9 to 16 bits, the highest first, that begins at any bit (TIFF 6.0, BitsPerSample: rows begin at bytes, samples need not). */
function bitsAt(bytes: Buffer, at: number, bits: number): number {
  const first = at >> 3;
  const window = ((bytes[first] as number) << 16) | ((bytes[first + 1] ?? 0) << 8) | (bytes[first + 2] ?? 0);
  return (window >> (24 - (at & 7) - bits)) & (2 ** bits - 1);
}

function putBits(bytes: Buffer, at: number, bits: number, value: number): void {
  const first = at >> 3;
  const shift = 24 - (at & 7) - bits;
  const mask = (2 ** bits - 1) << shift;
  const window = ((bytes[first] as number) << 16) | ((bytes[first + 1] ?? 0) << 8) | (bytes[first + 2] ?? 0);
  const changed = (window & ~mask) | (value << shift);
  for (let k = 0; k < 3 && first + k < bytes.length; k++) bytes[first + k] = (changed >> (16 - 8 * k)) & 0xff;
}
