import { planesOf, type Region } from '../../../film/plate.ts';
import { type CodeScale, codeScale, type PlateColour, type Siting, sitingOf } from '../../../film/plate-colour.ts';
import type { Component, PlaneFormat } from '../../../film/sample-format.ts';
import type { FloatPool } from '../float-pool.ts';
import { fastCurve } from './fast-curve.ts';

/** Planes of a region that have one place, as normalised numbers. */
export interface FloatPlanes {
  /** One after another; lent by the pool. */
  readonly planes: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Index, in the whole plate's plane, of these ones' first column and row. */
  readonly column: number;
  readonly row: number;
  readonly siting: Siting;
}

/** The largest half float: what an infinite sample of a float scan is taken for. */
export const BRIGHTEST_SAMPLE = 65504;

/**
 * Planes of a region as floats: RGB and grey display-referred, YUV in its own terms (luma 0 … 1, chroma −½ … ½). Infinite float samples
 * become ±65504, and what is not a number 0, so that one bad pixel stays one.
 *
 * @param components planes of one size and siting
 */
export function floatPlanes(
  region: Region,
  components: readonly Component[],
  colour: PlateColour,
  pool: FloatPool,
): FloatPlanes {
  const { format, roi } = region;
  const found = components.map((component) => format.planes.findIndex((plane) => plane.component === component));
  const own = planesOf(format, region.bytes, roi.width, roi.height);
  const { width, height } = own[found[0]];
  const curve = format.model === 'yuv' ? undefined : fastCurve(colour.transfer)?.toDisplay;
  const planes = pool.lend(found.length * width * height);
  found.forEach((k, n) => {
    const { samples } = own[k];
    const out = planes.subarray(n * width * height, (n + 1) * width * height);
    const scale = codeScale(format, format.planes[k].component, colour);
    if (samples instanceof Float32Array) finite(samples, curve, out);
    else looked(samples, codeTable(scale, curve ? colour.transfer : '', curve), out);
  });
  return { planes, width, height, ...planePlace(region, format.planes[found[0]], colour) };
}

/** Where a plane of a region lies on the plate. */
export function planePlace(
  region: Region,
  plane: PlaneFormat,
  colour: PlateColour,
): Pick<FloatPlanes, 'column' | 'row' | 'siting'> {
  return {
    column: region.roi.x >> plane.shiftX,
    row: region.roi.y >> plane.shiftY,
    siting: sitingOf(plane, colour.tags),
  };
}

function looked(samples: Uint8Array | Uint16Array, table: Float32Array, out: Float32Array): void {
  const last = table.length - 1;
  for (let i = 0; i < out.length; i++) {
    const code = samples[i];
    // A 10-bit sample in 16-bit memory may carry stray high bits; they are not a picture.
    out[i] = table[Math.min(code, last)];
  }
}

function finite(samples: Float32Array, curve: ((x: number) => number) | undefined, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    const raw = samples[i];
    const x =
      raw > BRIGHTEST_SAMPLE
        ? BRIGHTEST_SAMPLE
        : raw < -BRIGHTEST_SAMPLE
          ? -BRIGHTEST_SAMPLE
          : Number.isNaN(raw)
            ? 0
            : raw;
    out[i] = curve ? curve(x) : x;
  }
}

const tables = new Map<string, Float32Array>();

/** Normalised (and, with a curve, display-referred) value of every code. One is kept for each way of coding met in the run. */
export function codeTable(
  { zero, unit, max }: CodeScale,
  name: string,
  curve: ((x: number) => number) | undefined,
): Float32Array {
  const key = `${zero} ${unit} ${max} ${name}`;
  let table = tables.get(key);
  if (!table) {
    table = Float32Array.from({ length: max + 1 }, (_, code) => {
      const x = (code - zero) / unit;
      return curve ? curve(x) : x;
    });
    tables.set(key, table);
  }
  return table;
}
