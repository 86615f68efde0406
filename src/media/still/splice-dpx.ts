import { type Plane, type Plate, planesOf } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import type { DpxComponent, DpxHeader } from './dpx.ts';

/**
 * A copy of a DPX file in which the samples of the rows `[rows.in, rows.out)` are the plate's. Headers, padding, alpha and
 * all other rows stay as they are, bit for bit.
 */
export function spliceDpx(file: Buffer, header: DpxHeader, plate: Plate, rows: FrameRange): Buffer {
  const spliced = Buffer.from(file);
  if (isWordAPixel(header)) {
    putPixels(spliced, header, plate, rows);
    return spliced;
  }
  const put = samplePutter(spliced, header);
  const row = rowMap(header, plate);
  const perRow = row.plane.length;
  for (let y = rows.in; y < rows.out; y++) {
    for (let i = 0; i < perRow; i++) {
      const plane = row.plane[i];
      if (plane) put(y, i, plane.samples[y * plane.width + (row.x[i] as number)] as number);
    }
  }
  return spliced;
}

/** Scans as most are: red, green and blue in the ten bits each of one word. */
function isWordAPixel({ bits, components }: DpxHeader): boolean {
  return bits === 10 && components.join('') === 'RGB';
}

/** Writes whole words, a pixel each; the two bits between them stay as they are. */
function putPixels(file: Buffer, header: DpxHeader, plate: Plate, rows: FrameRange): void {
  const { offset, packing, rowBytes, width, bigEndian } = header;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const planes = planesOf(plate.format, plate.bytes, plate.width, plate.height);
  const red = planeNamed(plate, planes, 'R').samples;
  const green = planeNamed(plate, planes, 'G').samples;
  const blue = planeNamed(plate, planes, 'B').samples;
  const gap = packing === 'A' ? 2 : 0;
  const kept = packing === 'A' ? 3 : 3 << 30;
  for (let y = rows.in; y < rows.out; y++) {
    for (let x = 0, i = y * width, at = offset + y * rowBytes; x < width; x++, i++, at += 4) {
      const samples =
        (((red[i] as number) & 0x3ff) << 20) | (((green[i] as number) & 0x3ff) << 10) | ((blue[i] as number) & 0x3ff);
      view.setUint32(at, (view.getUint32(at, !bigEndian) & kept) | (samples << gap), !bigEndian);
    }
  }
}

function planeNamed({ format }: Plate, planes: readonly Plane[], component: DpxComponent): Plane {
  const plane = planes[format.planes.findIndex((one) => one.component === component)];
  if (!plane) throw new Error(`Unreachable: ${format.name} has no ${component}.`);
  return plane;
}

/** For each sample of a row, in file order: the plate's plane that holds it, and the column there; null for alpha, which stays. */
function rowMap(header: DpxHeader, plate: Plate): { plane: (Plane | null)[]; x: Uint32Array } {
  const planes = planesOf(plate.format, plate.bytes, plate.width, plate.height);
  const named = (component: DpxComponent) => planeNamed(plate, planes, component);
  const perPixel = header.components.length;
  const x = new Uint32Array(header.width * perPixel);
  const plane: (Plane | null)[] = [];
  for (let pixel = 0; pixel < header.width; pixel++) {
    header.components.forEach((component) => {
      const shared = component === 'CbCr';
      x[plane.length] = shared ? pixel >> 1 : pixel;
      if (component === 'A') plane.push(null);
      else plane.push(shared ? named(pixel % 2 === 0 ? 'Cb' : 'Cr') : named(component));
    });
  }
  return { plane, x };
}

type Put = (y: number, i: number, value: number) => void;

/** Writes sample `i` of row `y` into `file` and leaves every other bit alone. */
function samplePutter(file: Buffer, header: DpxHeader): Put {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const little = !header.bigEndian;
  const { offset, bits, packing, rowBytes } = header;
  const start = (y: number) => offset + y * rowBytes;

  if (bits === 8) {
    return (y, i, value) => {
      file[start(y) + i] = value;
    };
  }
  if (bits === 16) return (y, i, value) => view.setUint16(start(y) + i * 2, value, little);
  if (bits === 12 && packing !== 'packed') {
    const shift = packing === 'A' ? 4 : 0;
    const keep = 0xffff ^ (0xfff << shift);
    return (y, i, value) => {
      const at = start(y) + i * 2;
      view.setUint16(at, (view.getUint16(at, little) & keep) | (value << shift), little);
    };
  }
  const putBits = (at: number, shift: number, mask: number, value: number) => {
    const word = view.getUint32(at, little);
    view.setUint32(at, ((word & ~(mask << shift)) | ((value & mask) << shift)) >>> 0, little);
  };
  if (bits === 12) {
    // Eight samples fill three words, the first in the lowest bits.
    return (y, i, value) => {
      const at = start(y) + ((i * 12) >> 5) * 4;
      const shift = (i * 12) & 31;
      putBits(at, shift, shift > 20 ? (1 << (32 - shift)) - 1 : 0xfff, value);
      if (shift > 20) putBits(at + 4, 0, (1 << (shift - 20)) - 1, value >> (32 - shift));
    };
  }
  // Three samples of 10 bits a word: colours from the top down, a single channel from the bottom up, as ffmpeg reads them.
  const gap = packing === 'A' ? 2 : 0;
  const single = header.components.length === 1;
  return (y, i, value) => {
    const place = i % 3;
    putBits(start(y) + ((i / 3) | 0) * 4, gap + 10 * (single ? place : 2 - place), 0x3ff, value);
  };
}
