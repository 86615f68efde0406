import type { Region } from '../../../film/plate.ts';
import type { PlateColour } from '../../../film/plate-colour.ts';
import { lumaOfPlanar } from '../filter/planar.ts';
import type { FloatPool } from '../float-pool.ts';
import { liftPatch } from '../plate/lift.ts';
import { floatPlanes } from '../plate/samples.ts';

/** A region in which lines are looked for, one pixel a square of the plate's. Closing it gives back what was lent. */
export interface RegionPicture extends Disposable {
  readonly width: number;
  readonly height: number;
  /** `Float32Array` of width·height. */
  readonly luma: Float32Array;
  /** Planar R, G, B, display-referred. Of YUV they are made when they are asked for: where nothing is found nobody does. */
  rgb(): Float32Array;
}

/** How a region is made smaller: one pixel for `pitch` by `pitch` of the plate's. */
interface Reduction {
  readonly pitch: number;
  readonly width: number;
  readonly height: number;
}

export function pictureOfRegion(region: Region, at: Reduction, colour: PlateColour, pool: FloatPool): RegionPicture {
  const { width, height } = at;
  const { model } = region.format;
  const components = model === 'rgb' ? (['R', 'G', 'B'] as const) : (['Y'] as const);
  const { planes } = floatPlanes(region, components, colour, pool);
  const own = averaged(planes, region.roi, at, pool);
  if (own !== planes) pool.giveBack(planes);
  const luma = model === 'rgb' ? lumaOfPlanar(own, pool) : own;
  return {
    ...{ width, height, luma },
    rgb() {
      if (model === 'rgb') return own;
      return model === 'gray' ? threeTimes(own) : lifted(region, at, colour);
    },
    [Symbol.dispose]: () => pool.giveBack(...new Set([own, luma])),
  };
}

/** Means over squares of `pitch` pixels a side; the planes themselves where it is 1. */
function averaged(
  planes: Float32Array,
  roi: { readonly width: number; readonly height: number },
  { pitch, width, height }: Reduction,
  pool: FloatPool,
): Float32Array {
  if (pitch === 1) return planes;
  const count = planes.length / (roi.width * roi.height);
  const out = pool.lend(count * width * height);
  for (let k = 0, o = 0; k < count; k++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, o++) {
        let sum = 0;
        for (let j = 0; j < pitch; j++) {
          const first = (k * roi.height + y * pitch + j) * roi.width + x * pitch;
          for (let i = first; i < first + pitch; i++) sum += planes[i];
        }
        out[o] = sum / (pitch * pitch);
      }
    }
  }
  return out;
}

function threeTimes(plane: Float32Array): Float32Array {
  const out = new Float32Array(3 * plane.length);
  for (let k = 0; k < 3; k++) out.set(plane, k * plane.length);
  return out;
}

function lifted(region: Region, { pitch, width, height }: Reduction, colour: PlateColour): Float32Array {
  const { roi } = region;
  const size = Math.max(width, height);
  const toPatch = { a: 1 / pitch, b: 0, tx: -roi.x / pitch, ty: -roi.y / pitch };
  return cutFrom(liftPatch(region, { size, toPatch, colour }), size, width, height);
}

/** The top left of a square's three planes. */
function cutFrom(square: Float32Array, size: number, width: number, height: number): Float32Array {
  const rgb = new Float32Array(3 * width * height);
  for (let row = 0; row < 3 * height; row++) {
    const from = (Math.floor(row / height) * size + (row % height)) * size;
    rgb.set(square.subarray(from, from + width), row * width);
  }
  return rgb;
}
