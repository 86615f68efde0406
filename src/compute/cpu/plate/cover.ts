import type { Region } from '../../../film/plate.ts';
import type { PlateColour } from '../../../film/plate-colour.ts';
import { isEmpty } from '../../../film/roi.ts';
import type { Applied, ApplyOptions, PatchPlace } from '../../plates.ts';
import { channelsOf } from '../filter/planar.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { added, anyMatte, footprint, inComponents, targetsOf, type WrittenPlane } from './apply.ts';
import { type DisplayDelta, placePlanes, type RestoredSamples } from './delta.ts';
import { fastCurve } from './fast-curve.ts';

/**
 * Lays a picture over a region: `PlateOperations.apply` for what is to hide a face. There the difference to the lifted patch is
 * written, and what a patch does not hold of the plate (its finest detail, and any face that was painted before) stays in it; here
 * the samples themselves give way, each by its matte, and where that is 1 nothing of them is left.
 *
 * @param restored `rgb` is to be drawn in all of the patch
 */
export function coverRegion(
  region: Region,
  place: PatchPlace,
  restored: Omit<RestoredSamples, 'original'>,
  { pool = FRESH, ...options }: ApplyOptions & { readonly pool?: FloatPool },
): Applied {
  const { roi, format } = region;
  const { colour } = place;
  const bytes = options.inPlace ? region.bytes : new Uint8Array(region.bytes);
  const result = { roi, format, bytes };
  const laid = placePlanes(roi, place, { planes: restored.rgb, matte: restored.matte }, pool);
  const { matte, touched } = laid;
  if (!isEmpty(touched)) {
    const colours = coloursOf(region, laid, colour);
    for (const target of targetsOf(result, colour, options)) {
      const wanted = colours.get(target.component);
      if (wanted) coverPlane(target, wanted, laid);
    }
  }
  pool.giveBack(laid.rgb);
  const from = roi.y + touched.y;
  return {
    region: result,
    matte,
    changed: isEmpty(touched) ? null : { in: from, out: from + touched.height },
  };
}

/** What each component is to be, normalised code values a pixel of the region. */
function coloursOf(region: Region, laid: DisplayDelta, colour: PlateColour) {
  const curve = fastCurve(colour.transfer);
  if (curve) {
    for (const channel of channelsOf(laid.rgb)) {
      for (let i = 0; i < channel.length; i++) if (laid.matte[i] > 0) channel[i] = curve.fromDisplay(channel[i]);
    }
  }
  return inComponents(region, laid, colour);
}

/** Writes a plane's samples: the mean of what is wanted and of the matte over each one's footprint, which is a pixel or is shared. */
function coverPlane(target: WrittenPlane, wanted: Float32Array, { touched, matte, width, height }: DisplayDelta): void {
  const { siting } = target;
  const { pitchX, pitchY } = siting ?? { pitchX: 1, pitchY: 1 };
  const acrossX = footprint(siting?.originX ?? 0.5, pitchX);
  const acrossY = footprint(siting?.originY ?? 0.5, pitchY);
  const { zero, unit } = target.scale;
  const toX = Math.ceil((touched.x + touched.width) / pitchX);
  const toY = Math.ceil((touched.y + touched.height) / pitchY);
  for (let row = Math.floor(touched.y / pitchY); row < toY; row++) {
    const key = target.dither(target.row + row);
    for (let column = Math.floor(touched.x / pitchX); column < toX; column++) {
      const left = column * pitchX;
      const top = row * pitchY;
      if (!anyMatte(matte, width, height, left, top, pitchX, pitchY)) continue;
      let sum = 0;
      let share = 0;
      let weight = 0;
      for (let j = 0; j < acrossY.weights.length; j++) {
        const y = top + acrossY.first + j;
        if (y < 0 || y >= height) continue;
        for (let i = 0; i < acrossX.weights.length; i++) {
          const x = left + acrossX.first + i;
          if (x < 0 || x >= width) continue;
          const w = acrossY.weights[j] * acrossX.weights[i];
          const alpha = (w * matte[y * width + x]) / 65535;
          if (alpha > 0) sum += alpha * wanted[y * width + x];
          share += alpha;
          weight += w;
        }
      }
      const o = row * target.width + column;
      const change = (sum - share * ((target.samples[o] - zero) / unit)) / weight;
      if (change !== 0) target.samples[o] = added(target.samples, o, change, target, key, column);
    }
  }
}
