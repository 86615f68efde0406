import { type Plate, planesOf } from '../../../film/plate.ts';
import type { FrameRange } from '../../../film/range.ts';
import type { DpxHeader } from './dpx.ts';
import { rowPlace } from './dpx-rows.ts';
import { readDpxSamples, writeDpxSamples } from './dpx-samples.ts';
import { columnsOf } from './unpack-dpx.ts';

/**
 * A copy of a DPX file in which the samples of the rows `[rows.in, rows.out)` are the plate's. Headers, padding, alpha and
 * all other rows stay as they are, bit for bit.
 */
export function spliceDpx(file: Buffer, header: DpxHeader, plate: Plate, rows: FrameRange): Buffer {
  const spliced = Buffer.from(file);
  const view = new DataView(spliced.buffer, spliced.byteOffset, spliced.byteLength);
  const planes = planesOf(plate.format, plate.bytes, plate.width, plate.height);
  const alpha = planes[plate.format.planes.findIndex(({ component }) => component === 'A')];
  const columns = columnsOf(header, planes).filter(({ plane }) => plane !== alpha);
  const row = new Uint16Array(header.samples);
  for (let y = rows.in; y < rows.out; y++) {
    const { at, first } = rowPlace(header.rows, y, header.samples);
    readDpxSamples(view, at, first, header.words, row);
    for (const { plane, from, step, at: column, by } of columns) {
      const end = (y + 1) * plane.width;
      for (let i = y * plane.width + column, to = from; i < end; i += by, to += step)
        row[to] = plane.samples[i] as number;
    }
    writeDpxSamples(view, at, first, header.words, row);
  }
  return spliced;
}
