import { type ColourTags, chromaLocationOf, type Transfer } from './colour.ts';
import { uprightChroma } from './orientation.ts';
import { isStoredUpright, type Reel, storedAs } from './reel.ts';
import type { Component, PlaneFormat, SampleFormat } from './sample-format.ts';

/** What the code values of a plate mean. */
export interface PlateColour {
  readonly tags: ColourTags;
  readonly transfer: Transfer;
  /** Height of the whole plate as it is stored, pixels: decides the matrix of an untagged reel. */
  readonly plateHeight: number;
}

/** What the code values of a reel's upright plates mean. */
export function plateColourOf(reel: Reel): PlateColour {
  const { orientation, height } = storedAs(reel, 0);
  const chromaLocation = uprightChroma(chromaLocationOf(reel.colour), orientation);
  const tags = isStoredUpright(reel) ? reel.colour : { ...reel.colour, chromaLocation };
  return { tags, transfer: reel.transfer, plateHeight: height };
}

/** Code value of 0 and distance of 1, of a normalised component: `normalised = (code − zero) / unit`. */
export interface CodeScale {
  readonly zero: number;
  readonly unit: number;
  /** Largest code value; Infinity for float samples. */
  readonly max: number;
}

/**
 * The quantisation of one component: ITU-R BT.709-6 table 4 and BT.2100-2 table 9, both ranges. Chroma is −½ … ½.
 *
 * Untagged YUV is narrow range, untagged RGB and grey full range, as ffmpeg takes them. A film scan in `log` keeps full range
 * whatever the tag says, because Cineon fixes its black and white by absolute code.
 */
export function codeScale(format: SampleFormat, component: Component, colour: PlateColour): CodeScale {
  if (format.kind === 'float') return { zero: 0, unit: 1, max: Infinity };
  const step = 2 ** (format.bits - 8);
  const max = 2 ** format.bits - 1;
  const chroma = component === 'Cb' || component === 'Cr';
  const absolute = colour.transfer === 'log' && format.model !== 'yuv';
  const range = absolute ? 'pc' : (colour.tags.range ?? (format.model === 'yuv' ? 'tv' : 'pc'));
  if (range === 'pc') return { zero: chroma ? 128 * step : 0, unit: max, max };
  return chroma ? { zero: 128 * step, unit: 224 * step, max } : { zero: 16 * step, unit: 219 * step, max };
}

/** Where the samples of a plane lie on the plate: the centre of sample `i` is at `originX + i·pitchX`, plate coordinates. */
export interface Siting {
  readonly originX: number;
  readonly pitchX: number;
  readonly originY: number;
  readonly pitchY: number;
}

/**
 * The siting of a plane by ffmpeg's chroma location (ITU-T H.273 §8.7) or that of a picture which was turned; see `uprightChroma`.
 */
export function sitingOf(plane: PlaneFormat, tags: ColourTags): Siting {
  const location = chromaLocationOf(tags);
  const pitchX = 1 << plane.shiftX;
  const pitchY = 1 << plane.shiftY;
  return {
    originX: location.endsWith('left') ? 0.5 : location.endsWith('right') ? pitchX - 0.5 : pitchX / 2,
    originY: location.startsWith('top') ? 0.5 : location.startsWith('bottom') ? pitchY - 0.5 : pitchY / 2,
    pitchX,
    pitchY,
  };
}
