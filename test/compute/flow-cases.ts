import type { Compute } from '../../src/compute/compute.ts';
import { FLOW_STEP } from '../../src/motion/dense-flow.ts';
import { stillLattice } from '../../src/motion/flow-lattice.ts';
import { gaussianNoise } from '../motion/texture.ts';
import { CHAINED, type ConformanceCase, FOUND, MEASURED } from './conformance-case.ts';
import { halved, luma, median } from './reference.ts';
import { disc, seededRgb, squareOf, taken } from './seeded-images.ts';

const SIZE = 128;
const AREA = SIZE * SIZE;
/** What the neighbour's content has moved by, pixels. */
const [RIGHT, DOWN] = [1.5, -0.75];
const SEARCH = { bound: 4, smoothing: 6 };
const PICTURE = { scale: 1, radius: 16 };
/** Points in the middle of the picture: x, y, z. */
const POINTS = Float32Array.from({ length: 3 * 64 }, (_, i) =>
  i % 3 === 2 ? 0 : 36 + 8 * (i % 3 === 0 ? Math.floor(i / 3) % 8 : Math.floor(i / 24)),
);

export function flowCases(): ConformanceCase[] {
  const centre = seededRgb(SIZE, 31, 0.004);
  const neighbour = seededRgb(SIZE, 31, 0.004, RIGHT, DOWN);
  const darker = neighbour.map((v) => 0.8 * v);
  const sideLit = neighbour.map((v, i) => v * (0.7 + (0.5 * (i % SIZE)) / SIZE));
  const where = disc(SIZE, 44);
  const isInside = (i: number) => (where[i] as number) > 0;
  const wider = disc(SIZE, 58);
  const isAround = (i: number) => (wider[i] as number) > 0 && !isInside(i);
  /** The neighbour, found in the centre and sampled as the centre would show it. */
  const carried = async (compute: Compute, scale: number): Promise<Float32Array> => {
    using images = openImages(compute, centre, neighbour, where, scale);
    using flow = compute.flow(images.template, images.picture, SEARCH);
    return await taken(compute, compute.sampledByFlow(images.neighbour, flow, images.where));
  };
  const aligned = async (compute: Compute, rgb: Float32Array) => {
    using images = openImages(compute, centre, rgb, where, 1);
    using centreLuma = compute.halvedLuma(images.centre);
    using look = compute.halvedWhole(images.where);
    const { template, picture } = images;
    const target = { template, rgb: images.centre, where: images.where, luma: centreLuma, look };
    const source = { rgb: images.neighbour, picture, start: stillLattice(SIZE, SIZE, FLOW_STEP) };
    const options = { ...SEARCH, points: POINTS, greatestGain: 2 };
    using open = compute.alignNeighbours(target, [source], options);
    const { left, beyond } = await compute.statistics({ left: open.otherLight, beyond: open.beyondStart });
    return {
      left: left[0] as number,
      beyond: beyond[0] as Float64Array,
      rgb: await compute.read(open.rgb),
      lumas: await compute.read(open.lumas),
    };
  };
  const truth = seededRgb(SIZE, 31, 0);
  return [
    ...[1, 2].map(
      (scale): ConformanceCase => ({
        operation: 'flow',
        input: `a picture that has moved, looked at ${scale} times as small`,
        tolerance: {
          ...FOUND,
          most: 0.03,
          reason: 'What a tenth of a pixel and the grain make of the steepest slope.',
        },
        found: async (compute) => (await carried(compute, scale)).filter((_, i) => isInside(i % AREA)),
        expected: () => truth.filter((_, i) => isInside(i % AREA)),
      }),
    ),
    {
      operation: 'sampledByFlow',
      input: 'where nothing is looked at',
      tolerance: CHAINED,
      found: async (compute) => (await carried(compute, 1)).filter((_, i) => !isInside(i % AREA)),
      expected: () => truth.filter((_, i) => !isInside(i % AREA)).fill(0),
    },
    {
      operation: 'flowTemplate',
      input: 'a picture found in itself',
      tolerance: CHAINED,
      async found(compute) {
        using images = openImages(compute, centre, centre, where, 1);
        using flow = compute.flow(images.template, images.picture, SEARCH);
        const found = await taken(compute, compute.sampledByFlow(images.centre, flow, images.where));
        return found.filter((_, i) => isInside(i % AREA));
      },
      expected: () => centre.filter((_, i) => isInside(i % AREA)),
    },
    {
      operation: 'flowTemplate',
      input: 'a picture that has moved, found beyond the mask where there is none',
      tolerance: {
        ...FOUND,
        most: 0.03,
        reason: 'What a tenth of a pixel and the grain make of the steepest slope.',
      },
      async found(compute) {
        using images = openImages(compute, centre, neighbour, where, 1);
        using own = compute.flowPicture(images.centre, PICTURE);
        using template = compute.flowTemplate(own);
        using flow = compute.flow(template, images.picture, SEARCH);
        using everywhere = squareOf(compute, new Float32Array(AREA).fill(1));
        const found = await taken(compute, compute.sampledByFlow(images.neighbour, flow, everywhere));
        return found.filter((_, i) => isAround(i % AREA));
      },
      expected: () => truth.filter((_, i) => isAround(i % AREA)),
    },
    {
      operation: 'flowPicture',
      input: 'half the size that is asked for',
      tolerance: CHAINED,
      async found(compute) {
        using patch = squareOf(compute, centre);
        using picture = compute.flowPicture(patch, { scale: 2, radius: 8 });
        return [picture.scale];
      },
      expected: () => [2],
    },
    {
      operation: 'flowNoise',
      input: 'white noise on grey, as taps that are set for grain read it, over the true one',
      tolerance: MEASURED,
      async found(compute) {
        using grey = squareOf(compute, flatWithNoise());
        using picture = compute.flowPicture(grey, PICTURE);
        const { noise } = await compute.statistics({ noise: compute.flowNoise(picture) });
        // Of grain seven tenths are read, and the picture is divided by its mean and a floor of 5/255.
        return [(0.7 * noise * (0.5 + 5 / 255)) / NOISE];
      },
      expected: () => [1],
    },
    {
      operation: 'alignNeighbours',
      input: 'how far content has moved',
      tolerance: FOUND,
      found: async (compute) => (await aligned(compute, neighbour)).beyond,
      expected: () => Float64Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? RIGHT : DOWN)),
    },
    {
      operation: 'alignNeighbours',
      input: 'a darker neighbour, brought to the centre’s brightness',
      tolerance: { ...FOUND, most: 0.03, reason: 'What a tenth of a pixel and the grain make of the steepest slope.' },
      found: async (compute) => (await aligned(compute, darker)).rgb.filter((_, i) => isInside(i % AREA)),
      expected: () => truth.filter((_, i) => isInside(i % AREA)),
    },
    {
      operation: 'alignNeighbours',
      input: 'the centre’s luma at half size and a neighbour’s, the centre’s own where not looked at',
      tolerance: { ...FOUND, most: 0.02, reason: 'The same, averaged over four pixels.' },
      found: async (compute) => (await aligned(compute, neighbour)).lumas,
      expected: () => [...halved(luma(centre), SIZE), ...halved(luma(centre), SIZE)],
    },
    {
      operation: 'alignNeighbours',
      input: 'what no gain explains in a neighbour that is lit from the side, over what it shows in the answer',
      tolerance: CHAINED,
      async found(compute) {
        const { left, rgb } = await aligned(compute, sideLit);
        return [left / unexplained(centre, rgb, where)];
      },
      expected: () => [1],
    },
  ];
}

/** The median over whole squares of 8 × 8 pixels of what two pictures differ by, over the median brightness; the most of three channels. */
function unexplained(a: Float32Array, b: Float32Array, where: Float32Array): number {
  const squares = Array.from({ length: (SIZE / 8) ** 2 }, (_, s) => {
    const first = 8 * Math.floor(s / (SIZE / 8)) * SIZE + 8 * (s % (SIZE / 8));
    return Array.from({ length: 64 }, (_, k) => first + Math.floor(k / 8) * SIZE + (k % 8));
  }).filter((square) => square.every((i) => (where[i] as number) > 0));
  const meansOf = (rgb: Float32Array, c: number) =>
    squares.map((square) => square.reduce((sum, i) => sum + (rgb[c * AREA + i] as number) / 64, 0));
  const shares = [0, 1, 2].map((c) => {
    const [own, other] = [meansOf(a, c), meansOf(b, c)];
    return median(own.map((v, k) => Math.abs(v - (other[k] as number)))) / median(own);
  });
  return Math.max(...shares);
}

const NOISE = 0.02;

function flatWithNoise(): Float32Array {
  const noise = gaussianNoise(33);
  return Float32Array.from({ length: AREA }, () => 0.5 + NOISE * noise());
}

/** A centre and a neighbour, and what dense flow needs of both; closed together. */
function openImages(
  compute: Compute,
  centre: Float32Array,
  neighbour: Float32Array,
  where: Float32Array,
  scale: number,
) {
  const images = {
    centre: squareOf(compute, centre),
    neighbour: squareOf(compute, neighbour),
    where: squareOf(compute, where),
  };
  const options = { scale, radius: PICTURE.radius / scale };
  const own = compute.flowPicture(images.centre, options);
  const picture = compute.flowPicture(images.neighbour, options);
  const template = compute.flowTemplate(own, images.where);
  return {
    ...images,
    picture,
    template,
    [Symbol.dispose]() {
      for (const open of [template, picture, own, ...Object.values(images)]) open[Symbol.dispose]();
    },
  };
}
