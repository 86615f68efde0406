import { applyX, applyY, invert, type Similarity, scaleOf } from '../../face/similarity.ts';
import { lumaWeights } from '../../film/colour.ts';
import type { Region } from '../../film/plate.ts';
import type { PlateColour } from '../plate-colour.ts';
import { MAX_STRETCH, sampleCubic, sampleStretched } from './cubic.ts';
import { fastCurve } from './fast-curve.ts';
import { type FloatPlane, floatPlanes } from './samples.ts';

/**
 * See `PlateOperations.lift`: `Float32Array` of 3·size², planar RGB.
 *
 * @param rgb memory to lift into; default new
 */
export function liftPatch(
  region: Region,
  size: number,
  toPatch: Similarity,
  colour: PlateColour,
  rgb: Float32Array = new Float32Array(3 * size * size),
): Float32Array {
  const planes = floatPlanes(region, colour);
  const of = (component: string) => planes.find((plane) => plane.component === component) as FloatPlane;
  const channel = (k: number) => rgb.subarray(k * size * size, (k + 1) * size * size);
  const out = [channel(0), channel(1), channel(2)];
  if (region.format.model === 'rgb') {
    lift([of('R'), of('G'), of('B')], size, toPatch, out);
  } else if (region.format.model === 'gray') {
    lift([of('Y')], size, toPatch, out);
    for (const copy of out.slice(1)) copy.set(out[0]);
  } else {
    lift([of('Y')], size, toPatch, out.slice(0, 1));
    lift([of('Cb'), of('Cr')], size, toPatch, out.slice(1));
    toRgb(rgb, size * size, colour);
  }
  return rgb;
}

/** Samples planes of one siting at every pixel of the patch. */
function lift(planes: readonly FloatPlane[], size: number, toPatch: Similarity, out: readonly Float32Array[]): void {
  const { siting, width, height, column, row } = planes[0];
  const values = planes.map((plane) => plane.values);
  const toPlate = invert(toPatch);
  const scale = scaleOf(toPatch);
  const stretchX = Math.min(MAX_STRETCH, Math.max(1, 1 / (scale * siting.pitchX)));
  const stretchY = Math.min(MAX_STRETCH, Math.max(1, 1 / (scale * siting.pitchY)));
  const sharp = stretchX === 1 && stretchY === 1;
  const sample = new Float64Array(3);
  const stepX = toPlate.a / siting.pitchX;
  const stepY = toPlate.b / siting.pitchY;
  for (let j = 0, o = 0; j < size; j++) {
    const startX = (applyX(toPlate, 0.5, j + 0.5) - siting.originX) / siting.pitchX;
    const startY = (applyY(toPlate, 0.5, j + 0.5) - siting.originY) / siting.pitchY;
    for (let i = 0; i < size; i++, o++) {
      const u = startX + i * stepX;
      const v = startY + i * stepY;
      const x = Math.floor(u);
      const y = Math.floor(v);
      if (sharp) sampleCubic(values, width, height, x - column, u - x, y - row, v - y, sample);
      else sampleStretched(values, width, height, x - column, u - x, y - row, v - y, stretchX, stretchY, sample);
      for (let k = 0; k < values.length; k++) out[k][o] = sample[k];
    }
  }
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
