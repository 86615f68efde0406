import { type ColourTags, lumaWeights } from '../../../film/colour.ts';
import { type Plane, type Plate, planesOf } from '../../../film/plate.ts';
import { type CodeScale, codeScale, type PlateColour, sitingOf } from '../../../film/plate-colour.ts';
import type { Component, PlaneFormat, SampleFormat } from '../../../film/sample-format.ts';
import { type ChromaTaps, chromaTaps, wovenTaps } from './chroma-taps.ts';

/** Red, green and blue of a row of pixels, or luma alone, and alpha; 0 … 1 is black … white, and nothing is cut off there. */
export type Line = readonly Float64Array[];

/** How a plate becomes rows of RGB, and how its samples come back of them. */
export interface RgbLines {
  /** Of a line, in order. */
  readonly components: readonly Component[];
  /** Writes row `y` of a plate into a line. */
  read(plate: Plate, y: number, line: Line): void;
  /**
   * The plate's samples of one plane as they come back of rows that `lineOf` reads: `put` is called with the codes of each of the
   * plane's rows, which are not rounded, and overwritten by the next.
   */
  back(plane: number, lineOf: (y: number) => Line, put: (row: number, codes: Float64Array) => void): void;
}

/** What samples mean, and how rows were sampled. */
export interface RgbSource {
  readonly format: SampleFormat;
  readonly width: number;
  readonly height: number;
  readonly colour: PlateColour;
  /** True where chroma of the two fields was sampled apart. */
  readonly isInterlaced: boolean;
}

export function rgbLines(source: RgbSource): RgbLines {
  return source.format.model === 'yuv' ? yuvLines(source) : directLines(source);
}

/** The order of a line; the planes' own order is green, blue, red. */
const LINE_ORDER: readonly Component[] = ['R', 'G', 'B', 'Y', 'A'];

/** The scale of a component; alpha has no foot- and headroom in either range. */
function scaleOf({ format, colour }: RgbSource, component: Component): CodeScale {
  const full = { ...colour, tags: { ...colour.tags, range: 'pc' as const } };
  return codeScale(format, component, component === 'A' ? full : colour);
}

function directLines(source: RgbSource): RgbLines {
  const { format, width, height } = source;
  const components = LINE_ORDER.filter((one) => format.planes.some(({ component }) => component === one));
  const places = components.map((one) => format.planes.findIndex(({ component }) => component === one));
  const scales = components.map((one) => scaleOf(source, one));
  const codes = new Float64Array(width);
  return {
    components,
    read(plate, y, line) {
      const planes = planesOf(format, plate.bytes, width, height);
      places.forEach((place, k) => {
        const { samples } = planes[place] as Plane;
        const { zero, unit } = scales[k] as CodeScale;
        const values = line[k] as Float64Array;
        for (let x = 0, at = y * width; x < width; x++, at++) values[x] = ((samples[at] as number) - zero) / unit;
      });
    },
    back(plane, lineOf, put) {
      const k = places.indexOf(plane);
      for (let y = 0; y < height; y++) put(y, scaled(lineOf(y)[k] as Float64Array, scales[k] as CodeScale, codes));
    },
  };
}

/** ITU-R BT.709-6 §3, with the weights of any matrix: Cb and Cr are the distances of blue and red from luma, −½ … ½. */
function yuvLines(source: RgbSource): RgbLines {
  const { format, width, height, colour } = source;
  const { kr, kb } = lumaWeights(colour.tags.matrix, colour.plateHeight);
  const kg = 1 - kr - kb;
  const ofRed = 2 * (1 - kr);
  const ofBlue = 2 * (1 - kb);
  const luma = scaleOf(source, 'Y');
  const chroma = scaleOf(source, 'Cb');
  const alpha = format.planes.length === 4 ? scaleOf(source, 'A') : null;
  const across = tapsAcross(source);
  const down = tapsDown(source);
  const chromaWidth = across.pixels.length / 2;
  const coarse = [0, 1].map(() => new Float64Array(chromaWidth)) as [Float64Array, Float64Array];
  const fine = [0, 1].map(() => new Float64Array(width)) as [Float64Array, Float64Array];
  const sums = new Float64Array(width);
  const codes = new Float64Array(width);

  return {
    components: alpha ? ['R', 'G', 'B', 'A'] : ['R', 'G', 'B'],
    read(plate, y, line) {
      const planes = planesOf(format, plate.bytes, width, height);
      for (const k of [0, 1] as const) {
        sumRows(planes[k + 1] as Plane, y, down, chroma, coarse[k]);
        spread(coarse[k], across, fine[k]);
      }
      const [red, green, blue, a] = line as [Float64Array, Float64Array, Float64Array, Float64Array?];
      const [cb, cr] = fine;
      const { samples } = planes[0] as Plane;
      for (let x = 0, at = y * width; x < width; x++, at++) {
        const value = ((samples[at] as number) - luma.zero) / luma.unit;
        const r = value + ofRed * (cr[x] as number);
        const b = value + ofBlue * (cb[x] as number);
        red[x] = r;
        blue[x] = b;
        green[x] = (value - kr * r - kb * b) / kg;
      }
      if (a && alpha) {
        const { samples } = planes[3] as Plane;
        for (let x = 0, at = y * width; x < width; x++, at++)
          a[x] = ((samples[at] as number) - alpha.zero) / alpha.unit;
      }
    },
    back(plane, lineOf, put) {
      if (plane === 3) {
        for (let y = 0; y < height; y++) put(y, scaled(lineOf(y)[3] as Float64Array, alpha as CodeScale, codes));
        return;
      }
      if (plane === 0) {
        for (let y = 0; y < height; y++) put(y, scaled(lumaOf(lineOf(y), sums), luma, codes));
        return;
      }
      const [component, distance] = plane === 1 ? [2, ofBlue] : [0, ofRed];
      for (let row = 0; row < down.pixels.length / 2; row++) {
        sums.fill(0);
        for (const one of [2 * row, 2 * row + 1]) {
          const share = (down.shares[one] as number) / distance;
          if (share === 0) continue;
          const line = lineOf(down.pixels[one] as number);
          const value = lumaOf(line, fine[0]);
          const colours = line[component] as Float64Array;
          for (let x = 0; x < width; x++) {
            sums[x] = (sums[x] as number) + share * ((colours[x] as number) - (value[x] as number));
          }
        }
        for (let x = 0; x < chromaWidth; x++)
          fine[1][x] = shareOf(sums, across, 2 * x) + shareOf(sums, across, 2 * x + 1);
        put(row, scaled(fine[1].subarray(0, chromaWidth), chroma, codes.subarray(0, chromaWidth)));
      }
    },
  };
  function lumaOf([red, green, blue]: Line, out: Float64Array): Float64Array {
    const [r, g, b] = [red, green, blue] as [Float64Array, Float64Array, Float64Array];
    for (let x = 0; x < width; x++) out[x] = kr * (r[x] as number) + kg * (g[x] as number) + kb * (b[x] as number);
    return out;
  }
}

/** Normalised values as codes, in `out`. */
function scaled(values: Float64Array, { zero, unit }: CodeScale, out: Float64Array): Float64Array {
  for (let x = 0; x < values.length; x++) out[x] = zero + unit * (values[x] as number);
  return out;
}

function tapsAcross({ format, width, colour }: RgbSource): ChromaTaps {
  const plane = format.planes[1] as PlaneFormat;
  const step = 1 << plane.shiftX;
  const site = sitingOf(plane, colour.tags).originX - 0.5;
  return chromaTaps({ length: width, count: Math.ceil(width / step), step, site });
}

function tapsDown({ format, height, colour, isInterlaced }: RgbSource): ChromaTaps {
  const plane = format.planes[1] as PlaneFormat;
  const step = 1 << plane.shiftY;
  const site = sitingOf(plane, colour.tags).originY - 0.5;
  const line = { length: height, count: Math.ceil(height / step), step, site };
  return isInterlaced && step === 2 ? wovenTaps(line) : chromaTaps(line);
}

/** Writes the samples of a pixel row's colour, as wide as their plane, into `out`. */
function sumRows(
  { samples, width }: Plane,
  y: number,
  taps: ChromaTaps,
  { zero, unit }: CodeScale,
  out: Float64Array,
): void {
  out.fill(-zero / unit);
  for (let i = 4 * y; i < 4 * y + 4; i++) {
    const weight = (taps.weights[i] as number) / unit;
    if (weight === 0) continue;
    const from = (taps.samples[i] as number) * width;
    for (let x = 0; x < width; x++) out[x] = (out[x] as number) + weight * (samples[from + x] as number);
  }
}

function spread(coarse: Float64Array, { samples, weights }: ChromaTaps, fine: Float64Array): void {
  if (coarse.length === fine.length) {
    fine.set(coarse);
    return;
  }
  for (let x = 0, i = 0; x < fine.length; x++, i += 4) {
    fine[x] =
      (weights[i] as number) * (coarse[samples[i] as number] as number) +
      (weights[i + 1] as number) * (coarse[samples[i + 1] as number] as number) +
      (weights[i + 2] as number) * (coarse[samples[i + 2] as number] as number) +
      (weights[i + 3] as number) * (coarse[samples[i + 3] as number] as number);
  }
}

/** What one of a sample's two pixels counts; nothing where it has no share, even where it is no number. */
function shareOf(values: Float64Array, { pixels, shares }: ChromaTaps, one: number): number {
  const share = shares[one] as number;
  return share === 0 ? 0 : share * (values[pixels[one] as number] as number);
}

/** Matrices by which RGB is made here; others have no weights of red and blue alone. */
const MATRICES: ReadonlySet<string> = new Set(['bt709', 'bt470bg', 'smpte170m', 'fcc', 'smpte240m', 'bt2020nc']);

/** True where the matrix that YUV is tagged with is one of weights of red and blue alone, or where none is tagged. */
export function isKnownMatrix({ matrix }: ColourTags): boolean {
  return matrix === undefined || MATRICES.has(matrix);
}
