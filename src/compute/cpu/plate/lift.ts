import { invert, scaleOf } from '../../../face/similarity.ts';
import { lumaWeights } from '../../../film/colour.ts';
import type { Region } from '../../../film/plate.ts';
import type { PlateColour } from '../../plate-colour.ts';
import type { PatchPlace } from '../../plates.ts';
import { type AffineSampling, positions, sampleAffine } from './affine-positions.ts';
import { fastCurve } from './fast-curve.ts';
import { type FloatPlane, floatPlanes } from './samples.ts';

/**
 * See `PlateOperations.lift`: `Float32Array` of 3·size², planar RGB.
 *
 * @param rgb memory to lift into; default new
 */
export function liftPatch(
  region: Region,
  place: PatchPlace,
  rgb: Float32Array = new Float32Array(3 * place.size ** 2),
): Float32Array {
  const { size, colour } = place;
  const planes = floatPlanes(region, colour);
  const of = (component: string) => planes.find((plane) => plane.component === component) as FloatPlane;
  const channel = (k: number) => rgb.subarray(k * size * size, (k + 1) * size * size);
  const out = [channel(0), channel(1), channel(2)];
  if (region.format.model === 'rgb') {
    lift([of('R'), of('G'), of('B')], place, out);
  } else if (region.format.model === 'gray') {
    lift([of('Y')], place, out);
    for (const copy of out.slice(1)) copy.set(out[0]);
  } else {
    lift([of('Y')], place, out.slice(0, 1));
    lift([of('Cb'), of('Cr')], place, out.slice(1));
    toRgb(rgb, size * size, colour);
  }
  return rgb;
}

/** Samples planes of one siting at every pixel of the patch. */
function lift(planes: readonly FloatPlane[], place: PatchPlace, out: readonly Float32Array[]): void {
  const [plane] = planes;
  const values = planes.map((of) => of.values);
  sampleAffine(values, plane, liftSampling(plane, place), out);
}

/** Where the pixels of a patch lie in a plane of the region. */
export function liftSampling(
  { siting, column, row }: Pick<FloatPlane, 'siting' | 'column' | 'row'>,
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
