import type { Compute } from '../../src/compute/compute.ts';
import { bandOfPatch } from '../../src/face/band.ts';
import { LMS_TO_RGB, rgbToLab } from '../../src/face/lalphabeta.ts';
import { colourOfPatch } from '../../src/face/light.ts';
import { BAND_DIRECTIONS } from '../../src/face/observation.ts';
import { drawFace } from '../face/drawn-face.ts';
import { CHAINED, type ConformanceCase, MEASURED, type Tolerance } from './conformance-case.ts';
import { roundMatte } from './plates.ts';
import { eachPlane, gaussian } from './reference.ts';
import { disc, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 128;
const AREA = SIZE * SIZE;
const RATIOS = { leastRatio: 0.7, greatestRatio: 1.4 };
const GRID = 64;
const RADIUS = 45;
const DEPTH = 0.1;

const SPANNED: Tolerance = {
  name: 'spanned',
  most: (2 / RADIUS) * DEPTH,
  share: 0,
  reason: 'The boundary may lie a pixel of the grid farther out than the matte’s edge, which is two of the patch.',
};

export function lightCases(): ConformanceCase[] {
  const rgb = seededRgb(SIZE, 81).map((v) => 0.2 + 0.6 * v);
  const landmarks = drawFace({ x: 64, y: 66, interOcular: 32, yaw: 0.1, roll: 0.1 });
  const where = disc(SIZE, 50);
  const colour = colourOfPatch(rgb, SIZE, landmarks);
  const nearby = colour.map((v, k) => (k < 3 ? v - 0.05 : 1.2 * v));
  const far = colour.map((v, k) => (k < 3 ? v + 0.02 * k : (k === 3 ? 10 : 0.1) * v));
  const transferred = async (compute: Compute, to: readonly number[]) => {
    using image = squareOf(compute, rgb);
    using looked = squareOf(compute, where);
    const from = compute.colourOfPatch(image, landmarks);
    return await taken(compute, compute.transferColour(image, looked, from, { to, ...RATIOS }));
  };
  return [
    {
      operation: 'colourOfPatch',
      input: 'a turned face',
      tolerance: CHAINED,
      async found(compute) {
        using image = squareOf(compute, rgb);
        return (await compute.statistics({ told: compute.colourOfPatch(image, landmarks) })).told;
      },
      expected: () => colour,
    },
    {
      operation: 'bandOfPatch',
      input: 'a turned face',
      tolerance: CHAINED,
      async found(compute) {
        using image = squareOf(compute, rgb);
        return (await compute.statistics({ told: compute.bandOfPatch(image, landmarks) })).told;
      },
      expected: () => bandOfPatch(rgb, SIZE, landmarks),
    },
    {
      operation: 'blurOf',
      input: 'a part with a blurred edge, and one without an edge',
      tolerance: MEASURED,
      async found(compute) {
        using image = squareOf(compute, blurredEdge(1.6));
        const part = (x: number) => compute.blurOf(image, { x, y: 20, width: 56, height: 64 });
        const { edge, even } = await compute.statistics({ edge: part(36), even: part(72) });
        return [(edge ?? 0) / 1.6, even === null ? 1 : 0];
      },
      expected: () => [1, 1],
    },
    {
      operation: 'transferColour',
      input: 'another mean and deviation, where it is looked at',
      tolerance: CHAINED,
      found: (compute) => transferred(compute, nearby),
      expected: () => recoloured(rgb, where, colour, nearby),
    },
    {
      operation: 'transferColour',
      input: 'deviations beyond the ratios that are allowed',
      tolerance: CHAINED,
      found: (compute) => transferred(compute, far),
      expected: () => recoloured(rgb, where, colour, far),
    },
    {
      operation: 'withMembrane',
      input: 'a band that rises to the right and downwards, on a face of one colour',
      tolerance: SPANNED,
      async found(compute) {
        using image = squareOf(compute, new Float32Array(3 * AREA).fill(0.4));
        using matte = squareOf(compute, roundMatte(SIZE, RADIUS));
        const own = compute.bandOfPatch(image, landmarks);
        const options = { band: risingBand(), x: SIZE / 2, y: SIZE / 2, grid: GRID };
        return await taken(compute, compute.withMembrane(image, matte, own, options));
      },
      // Of boundary values cos θ and sin θ on a circle, the membrane is the plane x / r and y / r.
      expected: () =>
        Float64Array.from({ length: 3 * AREA }, (_, i) => {
          const [x, y] = [(i % SIZE) + 0.5 - SIZE / 2, Math.floor((i % AREA) / SIZE) + 0.5 - SIZE / 2];
          if (Math.hypot(x, y) > RADIUS - 3) return Number.NaN;
          return 0.4 + DEPTH * ([x / RADIUS, y / RADIUS, 1][Math.floor(i / AREA)] as number);
        }),
    },
  ];
}

/** Reinhard 2001, eq. 10–11, from their definition: to lαβ, another mean and deviation, and back by its orthonormal inverse. */
function recoloured(
  rgb: Float32Array,
  where: Float32Array,
  from: readonly number[],
  to: readonly number[],
): Float64Array {
  const out = Float64Array.from(rgb);
  const lab = [0, 0, 0];
  for (let i = 0; i < AREA; i++) {
    if (!((where[i] as number) > 0)) continue;
    const [r, g, b] = [rgb[i], rgb[AREA + i], rgb[2 * AREA + i]] as [number, number, number];
    rgbToLab(r, g, b, lab);
    const [l, a, c] = lab.map((v, k) => {
      const ratio = (to[3 + k] as number) / (from[3 + k] as number);
      const kept = Math.min(RATIOS.greatestRatio, Math.max(RATIOS.leastRatio, ratio));
      return kept * (v - (from[k] as number)) + (to[k] as number);
    }) as [number, number, number];
    const [s3, s6, s2] = [l / Math.sqrt(3), a / Math.sqrt(6), c / Math.sqrt(2)];
    const lms = [s3 + s6 + s2, s3 + s6 - s2, s3 - 2 * s6].map((v) => 10 ** v);
    for (let k = 0; k < 3; k++) {
      out[k * AREA + i] = lms.reduce((sum, v, n) => sum + (LMS_TO_RGB[3 * k + n] as number) * v, 0);
    }
  }
  return out;
}

/** An upright edge, blurred by a Gaussian of `sigma` pixels; grey to its left and right. */
function blurredEdge(sigma: number): Float32Array {
  const step = Float32Array.from({ length: 3 * AREA }, (_, i) => (i % SIZE < 56 ? 0.3 : 0.7));
  return Float32Array.from(eachPlane(step, (plane) => gaussian(plane, SIZE, SIZE, sigma)));
}

/** Bands of cos θ, sin θ and 1 above the grey of 0.4. */
function risingBand(): Float32Array {
  const band = new Float32Array(3 * BAND_DIRECTIONS);
  for (let k = 0; k < BAND_DIRECTIONS; k++) {
    const angle = (2 * Math.PI * k) / BAND_DIRECTIONS;
    band.set(
      [Math.cos(angle), Math.sin(angle), 1].map((v) => 0.4 + DEPTH * v),
      3 * k,
    );
  }
  return band;
}
