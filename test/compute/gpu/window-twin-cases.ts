import type { Compute } from '../../../src/compute/compute.ts';
import type { Image } from '../../../src/compute/image.ts';
import { gaussianNoise } from '../../motion/texture.ts';
import { framesOf, seededRgb, squareOf, taken } from '../seeded-images.ts';

/** One operation on one seeded input that both backends answer. */
export interface TwinCase {
  readonly name: string;
  /** How far answers may lie apart, as a share of what is above 1; and the share of them that may lie further, by a threshold. */
  readonly most: number;
  readonly share?: number;
  readonly found: (compute: Compute) => Promise<ArrayLike<number>>;
}

const ROUNDING = 2e-6;
const CHAINED = 1e-5;
const AT_THRESHOLD = 5e-4;

/** Frames of one picture and its grain: the second has dirt, every third shows something else in a corner. */
function frames(size: number, count: number): readonly Float32Array[] {
  const picture = seededRgb(size, 7, 0);
  return Array.from({ length: count }, (_, k) => {
    const noise = gaussianNoise(300 + k);
    return picture.map((v, o) => {
      const [x, y] = [o % size, Math.floor(o / size) % size];
      const isDirt = k === 0 && Math.hypot(x - 0.6 * size, y - 0.4 * size) < 4;
      const isOther = k % 3 === 2 && x < 0.4 * size && y < 0.5 * size;
      return v + 0.012 * noise() + (isDirt ? 0.3 : 0) + (isOther ? 0.04 + 0.1 * (x / size) : 0);
    });
  });
}

/** Above 0 in a disc with holes of one pixel and of many; whole squares of four of it; and the disc's middle. */
function masks(size: number) {
  const half = size >> 1;
  const where = Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    const isHole = (x * 7 + y * 13) % 61 === 0 || Math.hypot(x - 0.4 * size, y - 0.7 * size) < 0.06 * size;
    return !isHole && Math.hypot(x - size / 2, y - size / 2) < 0.47 * size ? 1 - (x % 4) / 8 : 0;
  });
  const four = (o: number) => {
    const i = 2 * Math.floor(o / half) * size + 2 * (o % half);
    return [i, i + 1, i + size, i + size + 1];
  };
  const look = Float32Array.from({ length: half * half }, (_, o) =>
    four(o).every((i) => (where[i] ?? 0) > 0) ? 1 : 0,
  );
  const near = (side: number) =>
    Float32Array.from({ length: side * side }, (_, i) =>
      Math.hypot((i % side) - 0.5 * side, Math.floor(i / side) - 0.4 * side) < 0.15 * side ? 1 : 0,
    );
  const own = Float32Array.from({ length: size * size }, (_, i) =>
    Math.hypot((i % size) - 0.6 * size, Math.floor(i / size) - 0.4 * size) < 6 ? 0 : 1,
  );
  return { where, look, near: near(half), own };
}

async function rgbAndNumbers(compute: Compute, rgb: Image, numbers: readonly number[]): Promise<number[]> {
  return [...(await taken(compute, rgb)), ...numbers];
}

const MEAN = { tolerance: 0.012, blur: 0.75, spread: 2, ordinary: 1.7, inEyes: 3, trust: 0.9 };

function meanCase(size: number, count: number, change: 'nothing' | 'equal' | 'unseen' = 'nothing'): TwinCase {
  const drawn = frames(size, count + 1);
  const shown = change === 'equal' ? drawn.map(() => drawn[1] as Float32Array) : drawn;
  const { where, look, near, own } = masks(size);
  const seen = (mask: Float32Array) => (change === 'unseen' ? mask.map(() => 0) : mask);
  return {
    name: `temporalMean: ${count} neighbours at ${size}, ${change}`,
    most: CHAINED,
    share: AT_THRESHOLD,
    async found(compute) {
      const [centre, ...neighbours] = shown as [Float32Array, ...Float32Array[]];
      const { rgb, weights, averaged } = compute.temporalMean(
        {
          centre: squareOf(compute, centre),
          lumas: compute.joined(shown.map((rgb) => compute.halvedLuma(squareOf(compute, rgb)))),
          where: squareOf(compute, seen(where)),
          look: squareOf(compute, seen(look)),
          neighbours: framesOf(compute, neighbours, size),
        },
        squareOf(compute, own),
        squareOf(compute, near),
        MEAN,
      );
      const numbers = [...(await taken(compute, weights)), (await compute.statistics({ averaged })).averaged];
      return await rgbAndNumbers(compute, rgb, numbers);
    },
  };
}

function lumaCases(size: number, count: number): TwinCase[] {
  const drawn = frames(size, count + 1);
  const { look, near } = masks(size);
  const lumas = (compute: Compute) => compute.joined(drawn.map((rgb) => compute.halvedLuma(squareOf(compute, rgb))));
  return [
    {
      name: `dirtCandidates: ${count} neighbours at ${size}`,
      most: ROUNDING,
      share: AT_THRESHOLD,
      async found(compute) {
        const options = { sigma: 0.8, threshold: 0.02, expressiveFactor: 1.7, ofDisagreement: 0.7, reach: 2 };
        const window = { lumas: lumas(compute), look: squareOf(compute, look) };
        return await taken(compute, compute.dirtCandidates(window, squareOf(compute, near), options));
      },
    },
    {
      name: `curvature at ${size}`,
      most: CHAINED,
      async found(compute) {
        const energies = compute.curvature(lumas(compute), squareOf(compute, look), { sigma: 1, lag: 2 });
        return (await compute.statistics({ energies })).energies.flat();
      },
    },
  ];
}

function shadingCase(size: number): TwinCase {
  const [centre, other] = frames(size, 2) as [Float32Array, Float32Array];
  const { where, near, own } = masks(size);
  return {
    name: `withOwnShading at ${size}`,
    most: ROUNDING,
    async found(compute) {
      const shading = {
        centre: squareOf(compute, centre),
        where: squareOf(compute, where),
        own: squareOf(compute, own),
        expressive: squareOf(compute, near),
      };
      const mean = squareOf(
        compute,
        other.map((v) => 0.8 * v),
      );
      return await taken(compute, compute.withOwnShading(mean, shading, { coarse: 6, soft: 3 }));
    },
  };
}

export function windowTwinCases(): TwinCase[] {
  return [
    meanCase(64, 0),
    ...[128, 256].flatMap((size) => [1, 4, 10].map((count) => meanCase(size, count))),
    meanCase(128, 4, 'equal'),
    meanCase(128, 4, 'unseen'),
    ...lumaCases(128, 4),
    ...lumaCases(256, 3),
    shadingCase(128),
    shadingCase(256),
  ];
}
