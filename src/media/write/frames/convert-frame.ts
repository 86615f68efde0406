import { fromHalf, toHalf } from '../../../film/half-float.ts';
import { type Plate, planesOf } from '../../../film/plate.ts';
import type { Component } from '../../../film/sample-format.ts';
import type { FrameFormat } from './frame-format.ts';
import { type Line, type RgbLines, type RgbSource, rgbLines } from './rgb-lines.ts';

/** A frame in the samples of its file. */
export interface ConvertedFrame {
  /** Luma, or red, green and blue; then alpha. */
  readonly components: readonly Component[];
  /** One plane a component: codes of whole bits, or floats of which 0 is black and 1 white. */
  readonly planes: readonly (Uint16Array | Float32Array)[];
  /** Samples that lie outside black and white and were cut off there; of floats none is. */
  readonly clipped: number;
}

/** How far samples are from their own when a written frame is converted back, in codes of the plate's own bits. */
export interface RoundTrip {
  readonly samples: number;
  readonly greatest: number;
  readonly sumOfSquares: number;
  /** The same of samples of which no pixel was cut off. */
  readonly unclipped: { readonly samples: number; readonly greatest: number };
}

/** Converts a reel's plates one after another; the planes of one are overwritten by the next. */
export interface FrameConverter {
  convert(plate: Plate): ConvertedFrame;
  /** Compares a plate, the last that was converted, with what comes back of it. */
  roundTrip(plate: Plate): RoundTrip;
}

export function frameConverter(source: RgbSource, format: FrameFormat): FrameConverter {
  const { width, height } = source;
  const lines = rgbLines(source);
  const { components } = lines;
  const line = components.map(() => new Float64Array(width));
  const top = format.kind === 'integer' ? 2 ** format.bits - 1 : 1;
  const planes = components.map(() =>
    format.kind === 'integer' ? new Uint16Array(width * height) : new Float32Array(width * height),
  );
  /** Of the last plate. */
  let clipped = 0;
  return {
    convert(plate) {
      clipped = 0;
      for (let y = 0; y < height; y++) {
        lines.read(plate, y, line);
        line.forEach((values, k) => {
          const plane = planes[k] as Uint16Array | Float32Array;
          if (plane instanceof Uint16Array) clipped += putCodes(values, plane, y * width, top);
          else plane.set(values, y * width);
        });
      }
      return { components, planes, clipped };
    },
    roundTrip(plate) {
      const written = components.map(() => new Float64Array(width));
      const isHalf = format.kind === 'float' && format.bits === 16;
      const writtenLine = (y: number): Line => {
        written.forEach((values, k) => {
          const plane = planes[k] as Uint16Array | Float32Array;
          for (let x = 0, at = y * width; x < width; x++, at++) {
            const sample = plane[at] as number;
            values[x] = isHalf ? fromHalf(toHalf(sample)) : sample / top;
          }
        });
        return written;
      };
      const all = compare(source, lines, plate, writtenLine);
      if (clipped === 0) return { ...all, unclipped: { samples: all.samples, greatest: all.greatest } };
      /** The written line, without what was cut off. */
      const unclippedLine = (y: number): Line => {
        lines.read(plate, y, line);
        return writtenLine(y).map((values, k) =>
          values.map((value, x) =>
            isInside(Math.floor(((line[k] as Float64Array)[x] as number) * top + 0.5), top) ? value : NaN,
          ),
        );
      };
      const { samples, greatest } = compare(source, lines, plate, unclippedLine);
      return { ...all, unclipped: { samples, greatest } };
    },
  };
}

/** Differences of a plate's samples and of those that come back of written lines; those that come back as no number are passed over. */
function compare(
  { format, width, height }: RgbSource,
  lines: RgbLines,
  plate: Plate,
  lineOf: (y: number) => Line,
): Omit<RoundTrip, 'unclipped'> {
  const top = 2 ** format.bits - 1;
  let [samples, greatest, sumOfSquares] = [0, 0, 0];
  planesOf(format, plate.bytes, width, height).forEach((plane, k) => {
    lines.back(k, lineOf, (row, codes) => {
      for (let x = 0, at = row * plane.width; x < codes.length; x++, at++) {
        const code = codes[x] as number;
        if (Number.isNaN(code)) continue;
        const came = format.kind === 'float' ? code : Math.min(Math.max(Math.floor(code + 0.5), 0), top);
        const difference = Math.abs(came - (plane.samples[at] as number));
        samples += 1;
        sumOfSquares += difference * difference;
        if (difference > greatest) greatest = difference;
      }
    });
  });
  return { samples, greatest, sumOfSquares };
}

function isInside(code: number, top: number): boolean {
  return code >= 0 && code <= top;
}

/** Rounds to the nearest code, half a code upwards. Gives the count of those that would have been below 0 or above `top`. */
function putCodes(values: Float64Array, out: Uint16Array, from: number, top: number): number {
  let clipped = 0;
  for (let x = 0; x < values.length; x++) {
    const code = Math.floor((values[x] as number) * top + 0.5);
    if (isInside(code, top)) out[from + x] = code;
    else {
      out[from + x] = code < 0 ? 0 : top;
      clipped += 1;
    }
  }
  return clipped;
}
