import { type Plane, planesOf } from '../../../film/plate.ts';
import { pictureBytes, type Samples, sampleFormat } from '../../../film/sample-format.ts';
import type { DpxHeader } from './dpx.ts';
import { rowPlace } from './dpx-rows.ts';
import { readDpxSamples } from './dpx-samples.ts';

/** Where the samples of a component lie in a row, and in which plane: row sample `from + k · step` is the plane's column `at + k · by`. */
export interface DpxColumns {
  readonly plane: Plane;
  readonly from: number;
  readonly step: number;
  readonly at: number;
  readonly by: number;
}

/** The picture of a DPX file in planes, one after another, as `sampleFormat(header.pixelFormat)` says. */
export function unpackDpx(file: Buffer, header: DpxHeader): Uint8Array {
  const { width, height, words, rows, samples } = header;
  const format = sampleFormat(header.pixelFormat);
  const bytes = new Uint8Array(pictureBytes(format, width, height));
  const columns = columnsOf(header, planesOf(format, bytes, width, height));
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const row = new Uint16Array(samples);
  for (let y = 0; y < height; y++) {
    const { at, first } = rowPlace(rows, y, samples);
    readDpxSamples(view, at, first, words, row);
    for (const column of columns) putColumn(row, column, y);
  }
  return bytes;
}

function putColumn(row: Uint16Array, { plane, from, step, at, by }: DpxColumns, y: number): void {
  const samples: Samples = plane.samples;
  const end = (y + 1) * plane.width;
  for (let to = y * plane.width + at, i = from; to < end; to += by, i += step) samples[to] = row[i] as number;
}

/** Each component of a row and its plane in the picture. */
export function columnsOf({ layout, pixelFormat }: DpxHeader, planes: readonly Plane[]): DpxColumns[] {
  const format = sampleFormat(pixelFormat);
  const step = layout.components.length;
  return layout.components.map((component, from) => {
    const index = format.planes.findIndex((plane) => plane.component === component);
    const plane = planes[index];
    if (!plane) throw new Error(`Unreachable: ${format.name} has no ${component}.`);
    const by = component === 'Cb' || component === 'Cr' ? 1 : layout.pixels;
    const at = layout.components.slice(0, from).filter((other) => other === component).length;
    return { plane, from, step, at, by };
  });
}
