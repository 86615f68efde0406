import { invert, scaleOf } from '../../../face/similarity.ts';
import { lumaWeights } from '../../../film/colour.ts';
import type { Region } from '../../../film/plate.ts';
import type { PlateColour } from '../../../film/plate-colour.ts';
import type { Component } from '../../../film/sample-format.ts';
import type { PatchPlace } from '../../plates.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { type AffineSampling, positions, sampleAffine } from './affine-positions.ts';
import { fastCurve } from './fast-curve.ts';
import { type FloatPlanes, floatPlanes } from './samples.ts';

/** See `PlateOperations.lift`: `Float32Array` of 3·size², planar RGB, lent by the pool. */
export function liftPatch(region: Region, place: PatchPlace, pool: FloatPool = FRESH): Float32Array {
  const { size, colour } = place;
  const area = size * size;
  const rgb = pool.lend(3 * area);
  const lift = (components: readonly Component[], first: number) => {
    const { planes, ...plane } = floatPlanes(region, components, colour, pool);
    sampleAffine(
      planes,
      plane,
      liftSampling(plane, place),
      rgb.subarray(first, first + components.length * area),
      pool,
    );
    pool.giveBack(planes);
  };
  if (region.format.model === 'rgb') {
    lift(['R', 'G', 'B'], 0);
  } else if (region.format.model === 'gray') {
    lift(['Y'], 0);
    for (let k = 1; k < 3; k++) rgb.copyWithin(k * area, 0, area);
  } else {
    lift(['Y'], 0);
    lift(['Cb', 'Cr'], area);
    toRgb(rgb, area, colour);
  }
  return rgb;
}

/** Where the pixels of a patch lie in a plane of the region. */
export function liftSampling(
  { siting, column, row }: Pick<FloatPlanes, 'siting' | 'column' | 'row'>,
  { size, toPatch }: PatchPlace,
): AffineSampling {
  const { a, b, tx, ty } = invert(toPatch);
  const scale = scaleOf(toPatch);
  const { originX, originY, pitchX, pitchY } = siting;
  const at = {
    columnX: positions(size, (i) => (a * (i + 0.5)) / pitchX),
    columnY: positions(size, (i) => (b * (i + 0.5)) / pitchY),
    rowX: positions(size, (j) => (tx - b * (j + 0.5) - originX) / pitchX, column),
    rowY: positions(size, (j) => (ty + a * (j + 0.5) - originY) / pitchY, row),
  };
  return { at, stretchX: 1 / (scale * pitchX), stretchY: 1 / (scale * pitchY) };
}

/** Luma and chroma in the three planes become display-referred RGB, in place. */
function toRgb(planes: Float32Array, count: number, colour: PlateColour): void {
  const { kr, kb } = lumaWeights(colour.tags.matrix, colour.plateHeight);
  const kg = 1 - kr - kb;
  const curve = fastCurve(colour.transfer)?.toDisplay;
  for (let i = 0; i < count; i++) {
    const y = planes[i];
    const r = y + 2 * (1 - kr) * planes[count + count + i];
    const b = y + 2 * (1 - kb) * planes[count + i];
    const g = (y - kr * r - kb * b) / kg;
    planes[i] = curve ? curve(r) : r;
    planes[count + i] = curve ? curve(g) : g;
    planes[count + count + i] = curve ? curve(b) : b;
  }
}
