import type { CarriedSide } from '../../../src/compute/carrying.ts';
import type { Compute } from '../../../src/compute/compute.ts';
import { gaussianNoise, mulberry32 } from '../../motion/texture.ts';
import { framesOf, seededRgb, squareOf, taken } from '../seeded-images.ts';
import type { TwinCase } from './window-twin-cases.ts';

const ROUNDING = 2e-6;

/** A picture, two frames of it with grain, the first with a speck, and a disc with holes. */
function drawn(size: number) {
  const picture = seededRgb(size, 17, 0).map((v, o) => v * (0.3 + (0.9 * (o % size)) / size));
  const grained = (seed: number) => {
    const noise = gaussianNoise(seed);
    return picture.map((v) => v + 0.015 * noise());
  };
  const isSpeck = (o: number) => Math.hypot((o % size) - 50, (Math.floor(o / size) % size) - 70) < 3;
  const first = grained(401).map((v, o) => v + (isSpeck(o) ? 0.4 : 0));
  const where = Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    return (x * 5 + y * 11) % 53 !== 0 && Math.hypot(x - size / 2, y - size / 2) < 0.45 * size ? 1 : 0;
  });
  return { picture, first, second: grained(402), where };
}

const nothing = (samples: Float32Array) => new Float32Array(samples.length);

function betweenCase(name: string, a: Float32Array, b: Float32Array, where: Float32Array): TwinCase {
  return {
    name: `grainBetween: ${name}`,
    most: ROUNDING,
    async found(compute) {
      const others = framesOf(compute, [b, a.map((v) => 0.5 + (v - 0.5) / 2)], Math.sqrt(where.length));
      const figures = compute.grainBetween(squareOf(compute, a), others, squareOf(compute, where));
      const told = (await compute.statistics({ figures })).figures;
      return told.flatMap(({ deviation, byLuma }) => [deviation, ...byLuma.map((v) => v ?? -1)]);
    },
  };
}

function betweenCases(size: number): TwinCase[] {
  const { first, second, where } = drawn(size);
  return [
    betweenCase(`two frames at ${size}`, first, second, where),
    betweenCase(`one frame twice at ${size}`, first, first, where),
    betweenCase(`frames that are not looked at, at ${size}`, first, second, nothing(where)),
    betweenCase(
      `a few pixels at ${size}`,
      first,
      second,
      where.map((v, i) => (i < 20 * size ? 0 : i < 26 * size ? v : 0)),
    ),
  ];
}

const REGRAIN = {
  ratio: 0.8,
  coarsest: 6,
  most: 0.04,
  speck: { blur: 2.25, begins: 4, is: 6, least: 2 / 255, around: 2.25 },
};

function regrainCase(size: number, change: 'speck and dirt' | 'no substitute' | 'no grain' | 'unseen'): TwinCase {
  const { picture, first, second, where } = drawn(size);
  const own = where.map((_, i) => (Math.hypot((i % size) - 80, Math.floor(i / size) - 40) < 5 ? 0 : 1));
  return {
    name: `regrained: ${change} at ${size}`,
    most: ROUNDING,
    async found(compute) {
      const images = {
        restored: squareOf(
          compute,
          picture.map((v) => 0.9 * v),
        ),
        plate: squareOf(compute, change === 'no grain' ? picture : first),
        repaired: squareOf(compute, picture),
        substitute: change === 'no substitute' ? null : squareOf(compute, second),
        own: squareOf(compute, own),
        where: squareOf(compute, change === 'unseen' ? nothing(where) : where),
      };
      return await taken(compute, compute.regrained(images, REGRAIN));
    },
  };
}

const LEFT = { coarse: 1.7, around: 2.8, over: 14, begins: 1.1, is: 2.1, inEyes: 0.6, most: 0.05 };

function leftGrainCase(size: number, frames: 'some' | 'none' | 'unseen'): TwinCase {
  const { picture, first, where } = drawn(size);
  const own = where.map((_, i) => (Math.hypot((i % size) - 80, Math.floor(i / size) - 40) < 5 ? 0 : 1));
  const half = size >> 1;
  const eyes = Float32Array.from({ length: half * half }, (_, i) => (i % half < half / 3 ? 1 : 0));
  const weights = where.map((_, i) => (frames === 'none' ? 1 : 1 + (9 * (i % size)) / size));
  return {
    name: `withoutLeftGrain: ${frames} at ${size}`,
    most: ROUNDING,
    async found(compute) {
      const images = {
        mean: squareOf(
          compute,
          picture.map((v, o) => 0.8 * v + 0.2 * (first[o] as number)),
        ),
        frame: squareOf(compute, first),
        weights: squareOf(compute, weights),
        own: squareOf(compute, own),
        where: squareOf(compute, frames === 'unseen' ? nothing(where) : where),
        eyes: squareOf(compute, eyes),
      };
      return await taken(compute, compute.withoutLeftGrain(images, LEFT));
    },
  };
}

function plateGrainCase(name: string, restored: Float32Array, plate: Float32Array, sigma: number): TwinCase {
  return {
    name: `withGrainOfPlate: ${name}`,
    most: ROUNDING,
    async found(compute) {
      const options = { ratio: 0.9, sigma, most: 3, around: 1.5 * sigma, greatestGain: 2 };
      const [on, of] = [squareOf(compute, restored), squareOf(compute, plate)];
      return await taken(compute, compute.withGrainOfPlate(on, of, options));
    },
  };
}

function plateGrainCases(size: number): TwinCase[] {
  const { picture, first } = drawn(size);
  const grey = picture.map(() => 0.4);
  return [
    plateGrainCase(`a frame at ${size}`, picture, first, 2.25),
    plateGrainCase(`a wide blur at ${size}`, grey, first, 5.5),
    plateGrainCase(`even grey at ${size}`, picture, grey, 2),
    plateGrainCase(`black at ${size}`, picture, nothing(grey), 2),
  ];
}

function carryingCasesAt(size: number): TwinCase[] {
  const { picture, first, second, where } = drawn(size);
  const random = mulberry32(12);
  const trusts = [0, 1].map(() => where.map((v) => (v > 0 && random() > 0.2 ? random() : 0)));
  const sidesOn = (compute: Compute, count: number): CarriedSide[] =>
    [first, second].slice(0, count).map((rgb, k) => {
      const planes = new Float32Array(4 * size * size);
      planes.set(rgb.map((v, o) => v - 0.95 * (picture[o] as number)));
      planes.set(rgb.subarray(0, size * size), 3 * size * size);
      return {
        planes: compute.image(planes, size, size, 4),
        gain: 1.05 - 0.1 * k,
        trust: squareOf(compute, trusts[k] as Float32Array),
        weight: count === 1 ? 1 : 0.4 + 0.2 * k,
      };
    });
  const blends = [0, 1, 2].map(
    (count): TwinCase => ({
      name: `carriedBlend: ${count} sides at ${size}`,
      most: ROUNDING,
      async found(compute) {
        const rgb = squareOf(compute, picture);
        const frame = { rgb, luma: compute.luma(rgb), where: squareOf(compute, where) };
        const blend = compute.carriedBlend(frame, sidesOn(compute, count), { least: 1e-3, coarsest: 6 });
        return [...(await taken(compute, blend.rgb)), ...(await taken(compute, blend.trust))];
      },
    }),
  );
  const trustCase = (name: string, matte: Float32Array): TwinCase => ({
    name: `carriedTrust: ${name} at ${size}`,
    most: ROUNDING,
    async found(compute) {
      const trust = squareOf(compute, trusts[0] as Float32Array);
      const told = compute.carriedTrust(trust, squareOf(compute, matte), { enough: 0.3, unseen: 0.05 });
      const { untrusted, share } = (await compute.statistics({ told })).told;
      return [...(untrusted ? Object.values(untrusted) : []), share];
    },
  });
  return [...blends, trustCase('a face', where), trustCase('no matte', nothing(where))];
}

export function grainTwinCases(): TwinCase[] {
  return [128, 256].flatMap((size) => [
    ...betweenCases(size),
    ...(['speck and dirt', 'no substitute', 'no grain', 'unseen'] as const).map((change) => regrainCase(size, change)),
    ...(['some', 'none', 'unseen'] as const).map((frames) => leftGrainCase(size, frames)),
    ...plateGrainCases(size),
    ...carryingCasesAt(size),
  ]);
}
