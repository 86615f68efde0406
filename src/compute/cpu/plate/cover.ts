import type { Region } from '../../../film/plate.ts';
import type { PlateColour } from '../../../film/plate-colour.ts';
import { isEmpty } from '../../../film/roi.ts';
import type { Applied, ApplyOptions, PatchPlace } from '../../plates.ts';
import { channelsOf } from '../filter/planar.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { inComponents } from './apply.ts';
import { type DisplayDelta, placePlanes, type RestoredSamples } from './delta.ts';
import { fastCurve } from './fast-curve.ts';
import { added, eachSample, meanUnder, targetsOf, type WrittenPlane } from './written-plane.ts';

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
    const alpha = alphaOf(matte);
    for (const target of targetsOf(result, colour, options)) {
      const wanted = colours.get(target.component);
      if (wanted) coverPlane(target, wanted, laid, alpha);
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
function coverPlane(target: WrittenPlane, wanted: Float32Array, laid: DisplayDelta, alpha: Float64Array): void {
  const { zero, unit } = target.scale;
  const weighted = new Float64Array(alpha.length);
  // What is wanted beyond the matte may be anything, even NaN.
  for (let i = 0; i < alpha.length; i++) if (alpha[i] > 0) weighted[i] = alpha[i] * wanted[i];
  eachSample(target, laid, (sample, footprint) => {
    const old = (target.samples[sample] - zero) / unit;
    const change = meanUnder(footprint, weighted) - meanUnder(footprint, alpha) * old;
    if (change !== 0) {
      target.samples[sample] = added(target, sample, change, footprint.key, footprint.column);
    }
  });
}

/** How far each pixel is covered, 0 … 1; of 64 bits, so that the mean of a flat colour is that colour to the last code. */
function alphaOf(matte: Uint16Array): Float64Array {
  const alpha = new Float64Array(matte.length);
  for (let i = 0; i < alpha.length; i++) alpha[i] = matte[i] / 65535;
  return alpha;
}
