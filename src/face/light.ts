import { lumaOfColour } from '../film/luma.ts';
import { WIDEST_BLUR } from '../motion/blur.ts';
import { noiseSigma } from '../motion/noise.ts';
import { bandOfPicture } from './band.ts';
import { patchSampler, pictureSampler, type Sampler } from './bilinear.ts';
import { blurOfFace } from './blur.ts';
import { eyesToMouth } from './face-window.ts';
import { rgbToLab } from './lalphabeta.ts';
import type { Landmarks } from './landmarks.ts';
import type { RgbPicture } from './networks.ts';
import type { Light, MeasuredLight } from './observation.ts';
import { skinSamples } from './skin.ts';

/** Skin outside this range of luma is a highlight or lies in shadow so deep that it has no colour. */
export const DARKEST = 0.02;
export const BRIGHTEST = 0.97;
/** Samples farther than this from the mean l, in standard deviations, are dropped as hair, hands or dirt. */
export const OUTLYING = 2.5;

/**
 * The light on a face: exposure and colour on the skin, the band around the matte, blur and grain between brows and lips.
 *
 * Colour is read once in the middle of each triangle of skin that faces the camera, weighted by the triangle's area: the same
 * spots of the face in every frame, whatever its size. Blur and grain are those of the given picture, with its pixels and
 * averaging. Blur is null where no edge stands out of the grain; grain is read by taps two pixels apart, which see correlated
 * film grain at about seven tenths.
 */
export function measureLight(picture: RgbPicture, landmarks: Landmarks): MeasuredLight {
  const skin = skinStatistics(pictureSampler(picture), picture.width, picture.height, landmarks);
  const window = eyesToMouth(picture, landmarks);
  return {
    ...skin,
    band: bandOfPicture(picture, landmarks),
    blur: blurOfFace(picture, landmarks),
    grain: window ? noiseSigma(window, 2) : 0,
  };
}

/** The skin's colour on a patch (planar RGB, `Float32Array` of 3·size²), measured as `Light.colour` is. */
export function colourOfPatch(rgb: Float32Array, size: number, landmarks: Landmarks): readonly number[] {
  return skinStatistics(patchSampler(rgb, size), size, size, landmarks).colour;
}

function skinStatistics(
  sample: Sampler,
  width: number,
  height: number,
  landmarks: Landmarks,
): Pick<Light, 'exposure' | 'colour'> {
  const spots = skinSamples(landmarks);
  const count = spots.length / 3;
  // l, α, β, luma, weight of each spot.
  const seen = new Float64Array(5 * count);
  const rgb = new Float64Array(3);
  for (let k = 0; k < count; k++) {
    const x = spots[3 * k];
    const y = spots[3 * k + 1];
    sample(x, y, rgb);
    const [r, g, b] = rgb as unknown as readonly [number, number, number];
    rgbToLab(r, g, b, seen, 5 * k);
    const luma = lumaOfColour(r, g, b);
    const inside = x >= 0 && y >= 0 && x <= width && y <= height;
    seen[5 * k + 3] = luma;
    seen[5 * k + 4] = inside && luma >= DARKEST && luma <= BRIGHTEST ? spots[3 * k + 2] : 0;
  }
  const rough = moments(seen, 0, (_, weight) => weight);
  const reach = OUTLYING * rough.deviation;
  const kept = (l: number, weight: number) => (Math.abs(l - rough.mean) <= reach ? weight : 0);
  const channels = [0, 1, 2].map((c) => moments(seen, c, kept));
  return {
    exposure: moments(seen, 3, kept).mean,
    colour: [...channels.map((m) => m.mean), ...channels.map((m) => m.deviation)],
  };
}

/** Weighted mean and standard deviation of one of the five columns; 0 where nothing has weight. */
function moments(
  seen: Float64Array,
  column: number,
  weightOf: (l: number, weight: number) => number,
): { mean: number; deviation: number } {
  let total = 0;
  let sum = 0;
  let squares = 0;
  for (let o = 0; o < seen.length; o += 5) {
    const weight = weightOf(seen[o], seen[o + 4]);
    const v = seen[o + column];
    total += weight;
    sum += weight * v;
    squares += weight * v * v;
  }
  if (!(total > 0)) return { mean: 0, deviation: 0 };
  const mean = sum / total;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / total - mean * mean)) };
}

/** What a factor on the light adds to l: each of the three logarithms grows by log10 of it (Reinhard 2001, eq. 6). */
const GAIN_IN_L = Math.sqrt(3);
/** Exposure below this is no measure of a gain. */
const NO_LIGHT = 0.005;

/**
 * The light of a track smoothed in time, one a frame, by a zero-phase Gaussian of `sigma` frames.
 *
 * Exposure stays as measured: the face must breathe as the film around it does. Colour and band are divided by it, smoothed, and
 * multiplied by it again. Blur and grain are smoothed as they are. A frame without a measured blur has that of its neighbours,
 * else that of the track. Where no frame has one, the face is out of focus, and the blur is the greatest that can be measured.
 */
export function smoothLight(lights: readonly MeasuredLight[], sigma: number): Light[] {
  const told = lights.flatMap(({ blur }) => (blur === null ? [] : [blur]));
  const typical = told.length > 0 ? told.reduce((sum, blur) => sum + blur, 0) / told.length : WIDEST_BLUR;
  if (!(sigma > 0) || lights.length < 2) return lights.map((light) => ({ ...light, blur: light.blur ?? typical }));
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: reach + 1 }, (_, k) => Math.exp((-k * k) / (2 * sigma * sigma)));
  const gains = lights.map((light) => (light.exposure > NO_LIGHT ? light.exposure : 1));
  return lights.map((light, t) => {
    const gain = gains[t];
    const colour = light.colour.map(() => 0);
    const band = new Float32Array(light.band.length);
    let blur = 0;
    let telling = 0;
    let grain = 0;
    let total = 0;
    for (let s = Math.max(0, t - reach); s <= Math.min(lights.length - 1, t + reach); s++) {
      const other = lights[s] as MeasuredLight;
      const weight = weights[Math.abs(s - t)];
      const ratio = gain / gains[s];
      total += weight;
      for (let k = 0; k < colour.length; k++) {
        const shift = k === 0 ? GAIN_IN_L * Math.log10(ratio) : 0;
        colour[k] = colour[k] + weight * (other.colour[k] + shift);
      }
      for (let k = 0; k < band.length; k++) band[k] = band[k] + weight * ratio * other.band[k];
      if (other.blur !== null) {
        blur += weight * other.blur;
        telling += weight;
      }
      grain += weight * other.grain;
    }
    return {
      exposure: light.exposure,
      colour: colour.map((v) => v / total),
      band: band.map((v) => v / total),
      blur: telling > 0 ? blur / telling : typical,
      grain: grain / total,
    };
  });
}
