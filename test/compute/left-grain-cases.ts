import type { Compute } from '../../src/compute/compute.ts';
import { gaussianNoise } from '../motion/texture.ts';
import { CHAINED, type ConformanceCase, EXACT, MEASURED } from './conformance-case.ts';
import { boxBlur, doubled, eachPlane, halved, luma, type Plane } from './reference.ts';
import { disc, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 96;
const HALF = SIZE / 2;
const AREA = SIZE * SIZE;
const GRAIN = 0.03;
const FRAMES = 9;
const OPTIONS = { coarse: 1.5, around: 2.5, over: 6, begins: 1.1, is: 2.1, inEyes: 0.6, most: 0.2 };

/** A mean over nine frames of a picture, the frame in the middle, and where both are looked at. */
function drawnMean(picture: Float32Array): DrawnMean {
  const frames = Array.from({ length: FRAMES }, (_, k) => {
    const noise = gaussianNoise(70 + k);
    return picture.map((v) => v + GRAIN * noise());
  });
  return {
    mean: picture.map((_, i) => frames.reduce((sum, frame) => sum + (frame[i] as number), 0) / FRAMES),
    frame: frames[0] as Float32Array,
    weights: new Float32Array(AREA).fill(FRAMES),
    own: disc(SIZE, 5).map((v) => (v > 0 ? 0 : 1)),
    where: disc(SIZE, 40),
    eyes: disc(HALF, 4),
  };
}

type DrawnMean = Readonly<Record<'mean' | 'frame' | 'weights' | 'own' | 'where' | 'eyes', Float32Array>>;

function filtered(compute: Compute, { mean, frame, weights, own, where, eyes }: DrawnMean): Promise<Float32Array> {
  const images = {
    mean: squareOf(compute, mean),
    frame: squareOf(compute, frame),
    weights: squareOf(compute, weights),
    own: squareOf(compute, own),
    where: squareOf(compute, where),
    eyes: squareOf(compute, eyes),
  };
  return taken(compute, compute.withoutLeftGrain(images, OPTIONS));
}

export function leftGrainCases(): ConformanceCase[] {
  const drawn = drawnMean(seededRgb(SIZE, 66, 0));
  // Fewer frames to the left, none but the frame itself at the edge.
  const few = { ...drawn, weights: drawn.weights.map((v, i) => 1 + ((v - 1) * (i % SIZE)) / SIZE) };
  const grey = drawnMean(new Float32Array(3 * AREA).fill(0.5));
  /** Beside dirt and eyes. */
  const inside = (i: number) => {
    const far = Math.hypot((i % SIZE) - HALF, Math.floor((i % AREA) / SIZE) - HALF);
    return far > 12 && far < 34;
  };
  return [
    {
      operation: 'withoutLeftGrain',
      input: 'a mean over more and more frames, dirt in its middle',
      tolerance: CHAINED,
      found: (compute) => filtered(compute, few),
      expected: () => reference(few),
    },
    {
      operation: 'withoutLeftGrain',
      input: 'even grey: the share of the grain’s deviation that is left, which is coarser than the band',
      tolerance: { ...MEASURED, most: 0.05 },
      async found(compute) {
        const out = await filtered(compute, grey);
        const left = (rgb: Float32Array) =>
          Math.sqrt(rgb.reduce((sum, v, i) => sum + (inside(i) ? (v - 0.5) ** 2 : 0), 0));
        return [left(out) / left(grey.mean)];
      },
      expected: () => [0.19],
    },
    {
      operation: 'withoutLeftGrain',
      input: 'a frame that was averaged with none',
      tolerance: EXACT,
      found: (compute) => filtered(compute, { ...drawn, mean: drawn.frame, weights: new Float32Array(AREA).fill(1) }),
      expected: () => drawn.frame,
    },
    {
      operation: 'withoutLeftGrain',
      input: 'what is not looked at',
      tolerance: EXACT,
      found: async (compute) => (await filtered(compute, drawn)).filter((_, i) => drawn.where[i % AREA] === 0),
      expected: () => drawn.mean.filter((_, i) => drawn.where[i % AREA] === 0),
    },
  ];
}

function reference({ mean, frame, weights, own, where, eyes }: DrawnMean): ArrayLike<number> {
  const soft = (plane: Plane) => doubled(boxBlur(halved(plane, SIZE), HALF, OPTIONS.coarse / 2, 1), HALF);
  const over = (plane: Plane, sigma: number) => boxBlur(halved(plane, SIZE), HALF, sigma / 2, 2);
  const bandOf = (plane: Plane) => {
    const coarse = soft(plane);
    return Float64Array.from(plane, (v, i) => v - (coarse[i] as number));
  };
  const good = Float64Array.from(own, (v, i) => ((where[i] as number) > 0 ? v : 0));
  const [whole, flat] = [luma(frame), luma(mean)];
  const fine = bandOf(good.map((v, i) => v * ((whole[i] as number) - (flat[i] as number))));
  const told = (each: (i: number) => number) =>
    over(
      good.map((v, i) => v * each(i)),
      OPTIONS.over,
    );
  const grain = told((i) => Math.min(OPTIONS.most, Math.abs(fine[i] as number)) ** 2);
  const share = told((i) => 1 - 1 / (weights[i] as number));
  const energy = over(
    bandOf(flat).map((v) => v * v),
    OPTIONS.around,
  );
  const frames = halved(weights, SIZE);
  const keep = energy.map((e, i) => {
    const left =
      (share[i] as number) > 1e-3 ? (grain[i] as number) / ((share[i] as number) * (frames[i] as number)) : 0;
    const unit = left * ((eyes[i] as number) > 0 ? OPTIONS.inEyes : 1);
    return unit > 0 ? Math.min(1, Math.max(0, (e / unit - OPTIONS.begins) / (OPTIONS.is - OPTIONS.begins))) : 1;
  });
  const full = doubled(keep, HALF);
  return eachPlane(mean, (plane) => {
    const band = bandOf(plane);
    return plane.map((v, i) => ((where[i] as number) > 0 ? v - (1 - (full[i] as number)) * (band[i] as number) : v));
  });
}
