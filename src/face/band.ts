import { patchSampler, pictureSampler, type Sampler } from './bilinear.ts';
import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import type { RgbPicture } from './networks.ts';
import { BAND_DIRECTIONS } from './observation.ts';
import { outlineDirections } from './outline.ts';

/**
 * Width of the band inside the matte's edge, inter-ocular distances: the skin over which the matte fades. Outside lie hair, collar
 * and backdrop, which would bleed into the face.
 */
const WIDTH = 0.12;
/** Rings in it that are sampled. */
const RINGS = 4;
/** Standard deviation along the edge over which neighbouring directions are averaged: 4 pixels at a distance of 107. */
const BLUR = 0.04;
/** Samples between two directions, so that no pixel of a large face is passed over. */
const BETWEEN = 4;

/** The blurred colour just inside the matte's edge on a picture, as `Light.band` holds it. */
export function bandOfPicture(picture: RgbPicture, landmarks: Landmarks): Float32Array {
  return measureBand(landmarks, pictureSampler(picture));
}

/** The same on a patch: planar RGB, `Float32Array` of 3·size². Direction 0 points to the patch's right. */
export function bandOfPatch(rgb: Float32Array, size: number, landmarks: Landmarks): Float32Array {
  return measureBand(landmarks, patchSampler(rgb, size));
}

/** What a band is measured by, whatever the picture holds. */
export interface BandPlaces {
  /** The samples of each fine direction, ring by ring: x, y. */
  readonly xy: Float64Array;
  /** Rings that a direction has. */
  readonly rings: number;
  /** Fine directions between two of the band's. */
  readonly between: number;
  /** What fine directions count that lie 0, 1, 2 … from a direction of the band, on either side; not normalised. */
  readonly weights: Float64Array;
}

export function bandPlaces(landmarks: Landmarks): BandPlaces {
  const { x, y, angle, radius } = outlineDirections(landmarks);
  const distance = interOcular(fivePoints(landmarks));
  const count = BAND_DIRECTIONS * BETWEEN;
  const xy = new Float64Array(2 * count * RINGS);
  let edge = 0;
  for (let f = 0, o = 0; f < count; f++) {
    const direction = angle + (2 * Math.PI * f) / count;
    const k = Math.floor(f / BETWEEN);
    const t = (f % BETWEEN) / BETWEEN;
    const reach = radius[k] * (1 - t) + radius[(k + 1) % BAND_DIRECTIONS] * t;
    edge += (reach * 2 * Math.PI) / count;
    for (let ring = 0; ring < RINGS; ring++, o += 2) {
      const r = reach - (WIDTH * distance * (ring + 0.5)) / RINGS;
      xy[o] = x + r * Math.cos(direction);
      xy[o + 1] = y + r * Math.sin(direction);
    }
  }
  const sigma = Math.max(1, (BLUR * distance * count) / edge);
  const weights = Float64Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, o) =>
    Math.exp((-o * o) / (2 * sigma * sigma)),
  );
  return { xy, rings: RINGS, between: BETWEEN, weights };
}

/** The mean over the rings on fine directions, blurred along the edge (normalised), read at the band's own directions. */
function measureBand(landmarks: Landmarks, sample: Sampler): Float32Array {
  const { xy, weights } = bandPlaces(landmarks);
  const count = BAND_DIRECTIONS * BETWEEN;
  const fine = new Float64Array(3 * count);
  const seen = new Float64Array(3);
  for (let f = 0, o = 0; f < count; f++) {
    for (let ring = 0; ring < RINGS; ring++, o += 2) {
      sample(xy[o], xy[o + 1], seen);
      for (let c = 0; c < 3; c++) fine[3 * f + c] = fine[3 * f + c] + seen[c] / RINGS;
    }
  }
  const reach = weights.length - 1;
  const band = new Float32Array(3 * BAND_DIRECTIONS);
  for (let d = 0; d < BAND_DIRECTIONS; d++) {
    let total = 0;
    for (let o = -reach; o <= reach; o++) {
      const weight = weights[Math.abs(o)];
      const f = (d * BETWEEN + o + count) % count;
      total += weight;
      for (let c = 0; c < 3; c++) band[3 * d + c] = band[3 * d + c] + weight * fine[3 * f + c];
    }
    for (let c = 0; c < 3; c++) band[3 * d + c] = band[3 * d + c] / total;
  }
  return band;
}
