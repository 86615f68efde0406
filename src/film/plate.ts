import type { Roi } from './roi.ts';
import { pictureBytes, planeSize, type SampleFormat, type Samples } from './sample-format.ts';

/** The untouched samples of one picture in their own format. Its memory is lent by a pool. */
export interface Plate {
  /** Counted from the reel's first frame, from 0. */
  readonly frame: number;
  readonly format: SampleFormat;
  readonly width: number;
  readonly height: number;
  /** `pictureBytes(format, width, height)` bytes, planes one after another without padding. */
  readonly bytes: Uint8Array;
}

/** A rectangle of a plate, cut out: a small picture that remembers where it came from. */
export interface Region {
  /** On whole chroma sites of the plate, or at its edge. */
  readonly roi: Roi;
  readonly format: SampleFormat;
  readonly bytes: Uint8Array;
}

/** One plane of a picture that is `width` × `height` as a whole, as a view on its memory. */
export interface Plane {
  readonly samples: Samples;
  readonly width: number;
  readonly height: number;
}

/** The planes of a plate's or region's memory, in the format's order. Nothing is copied. */
export function planesOf(format: SampleFormat, bytes: Uint8Array, width: number, height: number): Plane[] {
  let offset = bytes.byteOffset;
  return format.planes.map((plane) => {
    const size = planeSize(plane, width, height);
    const count = size.width * size.height;
    const samples = view(format, bytes.buffer, offset, count);
    offset += count * format.bytes;
    return { samples, ...size };
  });
}

function view(format: SampleFormat, buffer: ArrayBufferLike, offset: number, count: number): Samples {
  if (format.kind === 'float') return new Float32Array(buffer, offset, count);
  return format.bytes === 2 ? new Uint16Array(buffer, offset, count) : new Uint8Array(buffer, offset, count);
}

/** Copies a rectangle out of a plate. `roi` must lie inside it, on whole chroma sites. */
export function cutRegion(plate: Plate, roi: Roi): Region {
  const bytes = new Uint8Array(pictureBytes(plate.format, roi.width, roi.height));
  const region = { roi, format: plate.format, bytes };
  copyRows(plate, region, (onPlate, inRegion) => inRegion.set(onPlate));
  return region;
}

/** Writes a region back to where it came from; the rest of the plate stays as it is. */
export function pasteRegion(plate: Plate, region: Region): void {
  copyRows(plate, region, (onPlate, inRegion) => onPlate.set(inRegion));
}

function copyRows(plate: Plate, region: Region, copy: (onPlate: Samples, inRegion: Samples) => void): void {
  const { roi, format } = region;
  const whole = planesOf(format, plate.bytes, plate.width, plate.height);
  const part = planesOf(format, region.bytes, roi.width, roi.height);
  format.planes.forEach(({ shiftX, shiftY }, k) => {
    const from = whole[k] as Plane;
    const to = part[k] as Plane;
    const left = roi.x >> shiftX;
    const top = roi.y >> shiftY;
    for (let row = 0; row < to.height; row++) {
      const start = (top + row) * from.width + left;
      copy(from.samples.subarray(start, start + to.width), to.samples.subarray(row * to.width, (row + 1) * to.width));
    }
  });
}
