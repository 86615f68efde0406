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

/** Writes r, g, b (0 … 1) of a picture at a place to `out`. */
export type Sampler = (x: number, y: number, out: Float64Array) => void;

/** The blurred colour just inside the matte's edge on a picture, as `Light.band` holds it. */
export function bandOfPicture(picture: RgbPicture, landmarks: Landmarks): Float32Array {
  return measureBand(landmarks, pictureSampler(picture));
}

/** The same on a patch: planar RGB, `Float32Array` of 3·size². Direction 0 points to the patch's right. */
export function bandOfPatch(rgb: Float32Array, size: number, landmarks: Landmarks): Float32Array {
  return measureBand(landmarks, patchSampler(rgb, size));
}

/** Reads a patch (planar RGB, `Float32Array` of 3·size²) between its pixels, as `pictureSampler` does a picture. */
export function patchSampler(rgb: Float32Array, size: number): Sampler {
  const area = size * size;
  return (x, y, out) => {
    const { a, b, c, d, fx, fy } = corners(x, y, size, size);
    for (let k = 0; k < 3; k++) {
      const o = k * area;
      const above = rgb[o + a] * (1 - fx) + rgb[o + b] * fx;
      const below = rgb[o + c] * (1 - fx) + rgb[o + d] * fx;
      out[k] = above * (1 - fy) + below * fy;
    }
  };
}

/** Reads a picture between its pixels (bilinear); beyond its edge the outermost pixels are repeated. */
export function pictureSampler({ width, height, rgb }: RgbPicture): Sampler {
  return (x, y, out) => {
    const { a, b, c, d, fx, fy } = corners(x, y, width, height);
    for (let k = 0; k < 3; k++) {
      const above = rgb[3 * a + k] * (1 - fx) + rgb[3 * b + k] * fx;
      const below = rgb[3 * c + k] * (1 - fx) + rgb[3 * d + k] * fx;
      out[k] = (above * (1 - fy) + below * fy) / 255;
    }
  };
}

function corners(x: number, y: number, width: number, height: number) {
  const u = Math.min(width - 1, Math.max(0, x - 0.5));
  const v = Math.min(height - 1, Math.max(0, y - 0.5));
  const i = Math.floor(u);
  const j = Math.floor(v);
  const right = i + 1 < width ? 1 : 0;
  const down = j + 1 < height ? width : 0;
  const a = j * width + i;
  return { a, b: a + right, c: a + down, d: a + right + down, fx: u - i, fy: v - j };
}

/** The mean over the rings on fine directions, blurred along the edge (normalised), read at the band's own directions. */
function measureBand(landmarks: Landmarks, sample: Sampler): Float32Array {
  const { x, y, angle, radius } = outlineDirections(landmarks);
  const distance = interOcular(fivePoints(landmarks));
  const count = BAND_DIRECTIONS * BETWEEN;
  const fine = new Float64Array(3 * count);
  const seen = new Float64Array(3);
  let edge = 0;
  for (let f = 0; f < count; f++) {
    const direction = angle + (2 * Math.PI * f) / count;
    const k = Math.floor(f / BETWEEN);
    const t = (f % BETWEEN) / BETWEEN;
    const reach = radius[k] * (1 - t) + radius[(k + 1) % BAND_DIRECTIONS] * t;
    edge += (reach * 2 * Math.PI) / count;
    for (let ring = 0; ring < RINGS; ring++) {
      const r = reach - (WIDTH * distance * (ring + 0.5)) / RINGS;
      sample(x + r * Math.cos(direction), y + r * Math.sin(direction), seen);
      for (let c = 0; c < 3; c++) fine[3 * f + c] = fine[3 * f + c] + seen[c] / RINGS;
    }
  }
  const sigma = Math.max(1, (BLUR * distance * count) / edge);
  const reach = Math.ceil(3 * sigma);
  const band = new Float32Array(3 * BAND_DIRECTIONS);
  for (let d = 0; d < BAND_DIRECTIONS; d++) {
    let total = 0;
    for (let o = -reach; o <= reach; o++) {
      const weight = Math.exp((-o * o) / (2 * sigma * sigma));
      const f = (d * BETWEEN + o + count) % count;
      total += weight;
      for (let c = 0; c < 3; c++) band[3 * d + c] = band[3 * d + c] + weight * fine[3 * f + c];
    }
    for (let c = 0; c < 3; c++) band[3 * d + c] = band[3 * d + c] / total;
  }
  return band;
}
