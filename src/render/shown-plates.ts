import { fastCurve } from '../compute/cpu/plate/fast-curve.ts';
import { lumaWeights } from '../film/colour.ts';
import { type Plane, type Plate, planesOf } from '../film/plate.ts';
import { codeScale, type PlateColour } from '../film/plate-colour.ts';
import type { Roi } from '../film/roi.ts';
import type { Component, PlaneFormat, SampleFormat, Samples } from '../film/sample-format.ts';

/** Shows the plates of a reel: display-referred, 8-bit, as `displayPicture` does, but whole ones in some hundredths of a second each. */
export interface PlateShower {
  /** Of the pictures, pixels: each stands for `shrink` × `shrink` of the plate, whose last ones are left out where that does not divide it. */
  readonly width: number;
  readonly height: number;
  readonly shrink: number;
  /**
   * Writes interleaved RGB of the whole picture, or of `part` of it, pixels of the picture.
   *
   * @param rgb 3·width·height, the whole picture whichever part is written
   */
  show(plate: Plate, rgb: Uint8Array, part?: Roi): void;
}

/** What plates are. */
type PlateLayout = Pick<Plate, 'format' | 'width' | 'height'>;

/** Values between two that a table of light has, 0 … 1. */
const STEPS = 65535;

/**
 * Code values are averaged over `shrink` × `shrink` pixels, as the scaler of proxies does, and then shown. Chroma is that of the
 * nearest site.
 */
export function plateShower(
  { format, width: plateWidth, height: plateHeight }: PlateLayout,
  colour: PlateColour,
  shrink: number,
): PlateShower {
  const width = Math.max(1, Math.floor(plateWidth / shrink));
  const height = Math.max(1, Math.floor(plateHeight / shrink));
  const write = format.model === 'yuv' ? yuvWriter(format, colour) : rgbWriter(format, colour);
  const components: readonly Component[] =
    format.model === 'yuv' ? ['Y', 'Cb', 'Cr'] : format.model === 'rgb' ? ['R', 'G', 'B'] : ['Y', 'Y', 'Y'];
  const shrinkers = components.map((component) => {
    const k = format.planes.findIndex((plane) => plane.component === component);
    return { k, row: rowShrinker(format.planes[k] as PlaneFormat, shrink), line: new Float32Array(width) };
  });
  const [first, second, third] = shrinkers.map(({ line }) => line) as [Float32Array, Float32Array, Float32Array];
  return {
    width,
    height,
    shrink,
    show({ bytes }, rgb, part = { x: 0, y: 0, width, height }) {
      const clamped = new Uint8ClampedArray(rgb.buffer, rgb.byteOffset, rgb.length);
      const planes = planesOf(format, bytes, plateWidth, plateHeight);
      const until = part.x + part.width;
      for (let y = part.y; y < part.y + part.height; y++) {
        for (const { k, row, line } of shrinkers) row(planes[k] as Plane, y, { from: part.x, until }, line);
        write([first, second, third], { from: part.x, until }, clamped.subarray(3 * y * width, 3 * (y + 1) * width));
      }
    },
  };
}

/** Pixels of a row. */
interface Columns {
  readonly from: number;
  readonly until: number;
}

/** Means of code values for a row of the picture. */
type RowShrinker = (plane: Plane, y: number, columns: Columns, line: Float32Array) => void;

function rowShrinker({ shiftX, shiftY }: PlaneFormat, shrink: number): RowShrinker {
  const columns = Math.max(1, shrink >> shiftX);
  const rows = Math.max(1, shrink >> shiftY);
  const share = 1 / (rows * columns);
  return ({ samples, width, height }, y, { from, until }, line) => {
    const top = Math.min(height - 1, (y * shrink) >> shiftY);
    if (rows === 1 && columns === 1) {
      const row = top * width;
      for (let x = from; x < until; x++) line[x] = samples[row + ((x * shrink) >> shiftX)] as number;
      return;
    }
    const bottom = Math.min(height, top + rows);
    for (let x = from; x < until; x++) {
      const left = (x * shrink) >> shiftX;
      line[x] = share * sumOf(samples, width, { top, bottom, left, right: left + columns });
    }
  };
}

function sumOf(
  samples: Samples,
  width: number,
  { top, bottom, left, right }: { top: number; bottom: number; left: number; right: number },
): number {
  let sum = 0;
  for (let j = top; j < bottom; j++) {
    for (let i = j * width + left; i < j * width + right; i++) sum += samples[i] as number;
  }
  return sum;
}

/** Writes a row of the picture from the means of its components. */
type RowWriter = (
  lines: readonly [Float32Array, Float32Array, Float32Array],
  columns: Columns,
  row: Uint8ClampedArray,
) => void;

/** RGB, and grey as three equal components: each by a table of its codes, or of light from 0 to 1. */
function rgbWriter(format: SampleFormat, colour: PlateColour): RowWriter {
  const { zero, unit, max } = codeScale(format, format.planes[0]?.component ?? 'Y', colour);
  const curve = fastCurve(colour.transfer)?.toDisplay ?? ((x: number) => x);
  const isFloat = max === Infinity;
  const last = isFloat ? STEPS : max;
  const table = Uint8ClampedArray.from(
    { length: last + 1 },
    (_, code) => 255 * curve(isFloat ? code / STEPS : (code - zero) / unit),
  );
  const scale = isFloat ? STEPS : 1;
  return ([r, g, b], { from, until }, row) => {
    for (let x = from, o = 3 * from; x < until; x++) {
      row[o++] = shown(table, (r[x] as number) * scale, last);
      row[o++] = shown(table, (g[x] as number) * scale, last);
      row[o++] = shown(table, (b[x] as number) * scale, last);
    }
  };
}

/** What is not a number is black. */
function shown(table: Uint8ClampedArray, code: number, last: number): number {
  return table[code >= last ? last : code > 0 ? (code + 0.5) | 0 : 0] as number;
}

function yuvWriter(format: SampleFormat, colour: PlateColour): RowWriter {
  const luma = codeScale(format, 'Y', colour);
  const chroma = codeScale(format, 'Cb', colour);
  const { kr, kb } = lumaWeights(colour.tags.matrix, colour.plateHeight);
  const kg = 1 - kr - kb;
  const curve = fastCurve(colour.transfer)?.toDisplay;
  const table = curve && Uint8ClampedArray.from({ length: STEPS + 1 }, (_, k) => 255 * curve(k / STEPS));
  const top = table ? STEPS : 255;
  const toLuma = top / luma.unit;
  const [toRed, toBlue] = [(2 * (1 - kr) * top) / chroma.unit, (2 * (1 - kb) * top) / chroma.unit];
  return ([ys, cbs, crs], { from, until }, row) => {
    for (let x = from, o = 3 * from; x < until; x++) {
      const y = ((ys[x] as number) - luma.zero) * toLuma;
      const r = y + ((crs[x] as number) - chroma.zero) * toRed;
      const b = y + ((cbs[x] as number) - chroma.zero) * toBlue;
      const g = (y - kr * r - kb * b) / kg;
      row[o++] = table ? shown(table, r, STEPS) : r;
      row[o++] = table ? shown(table, g, STEPS) : g;
      row[o++] = table ? shown(table, b, STEPS) : b;
    }
  };
}
