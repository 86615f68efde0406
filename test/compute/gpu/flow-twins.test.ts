import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRESH } from '../../../src/compute/cpu/float-pool.ts';
import { cpuFlows } from '../../../src/compute/cpu/flows.ts';
import { cpuImages } from '../../../src/compute/cpu/images.ts';
import { type FlowPyramid, flowPyramid } from '../../../src/compute/cpu/window/flow-pyramid.ts';
import type { FlowOperations } from '../../../src/compute/flows.ts';
import type { GpuQueue } from '../../../src/compute/gpu/device/gpu-queue.ts';
import { flowPicturesOf } from '../../../src/compute/gpu/flow/flow-picture.ts';
import { flowsOf, type GpuFlow } from '../../../src/compute/gpu/flow/flow-search.ts';
import { gpuFlows } from '../../../src/compute/gpu/flows.ts';
import { gpuImages } from '../../../src/compute/gpu/images.ts';
import type { ImageOperations } from '../../../src/compute/image.ts';
import { denseFlow, FLOW_STEP, flowTemplate } from '../../../src/motion/dense-flow.ts';
import { type FlowLattice, stillLattice } from '../../../src/motion/flow-lattice.ts';
import { gaussianNoise } from '../../motion/texture.ts';
import { apart } from '../apart.ts';
import { disc, seededRgb } from '../seeded-images.ts';
import { GPU_SKIPPED, gpuIsWanted, openTestQueue } from './test-gpu.ts';

type Backend = FlowOperations & ImageOperations;

/** What is aligned: pictures of one side, three planes each. */
interface Scene {
  readonly name: string;
  readonly size: number;
  readonly scale: number;
  readonly centre: Float32Array;
  readonly neighbours: readonly Float32Array[];
  readonly where: Float32Array;
  readonly start: (neighbour: number) => FlowLattice;
  readonly bound: number;
  readonly smoothing: number;
  readonly greatestGain: number;
}

/** Side of what a node moves once it is smoothed, pixels. */
const REACH = 13;

const PLAIN = { scale: 1, bound: 4, smoothing: 6, greatestGain: 2 };

function scenes(): Scene[] {
  const small = pictures(128, 1);
  const many = pictures(256, 10);
  const odd = pictures(90, 2);
  const holed = (size: number) => disc(size, 0.42 * size).map((v, i) => (isIn(i, size, 0.4, 0.6) ? 0 : v));
  const flat = (rgb: Float32Array, size: number) =>
    rgb.map((v, i) => (isIn(i % (size * size), size, 0.25, 0.7) ? 0.5 : v));
  const still = (size: number, scale: number) => () => stillLattice(size / scale, size / scale, FLOW_STEP);
  return [
    { ...PLAIN, ...small, name: 'one neighbour', where: disc(128, 50), start: still(128, 1) },
    {
      ...PLAIN,
      ...many,
      name: 'ten neighbours of different light, under a mask with a hole, expected elsewhere',
      scale: 2,
      neighbours: many.neighbours.map((rgb, k) => rgb.map((v, i) => v * (0.8 + 0.03 * k + (0.1 * (i % 256)) / 256))),
      where: holed(256),
      start: (k) => swayed(128, k),
    },
    { ...PLAIN, ...odd, name: 'sides that are odd at half', where: disc(90, 60), start: (k) => swayed(90, k) },
    {
      ...PLAIN,
      ...small,
      name: 'a part without texture',
      centre: flat(small.centre, 128),
      neighbours: small.neighbours.map((rgb) => flat(rgb, 128)),
      where: holed(128),
      start: still(128, 1),
    },
    { ...PLAIN, ...small, name: 'motion beyond the bound', bound: 0.7, where: disc(128, 60), start: still(128, 1) },
    {
      ...PLAIN,
      ...small,
      name: 'light beyond the greatest gain',
      neighbours: small.neighbours.map((rgb) => rgb.map((v) => 0.5 * v)),
      greatestGain: 1.5,
      where: disc(128, 40),
      start: still(128, 1),
    },
    { ...PLAIN, ...small, name: 'nothing looked at', where: new Float32Array(128 * 128), start: still(128, 1) },
    {
      ...PLAIN,
      ...small,
      name: 'all equal',
      centre: new Float32Array(3 * 128 * 128).fill(0.4),
      neighbours: [new Float32Array(3 * 128 * 128).fill(0.3)],
      where: disc(128, 40),
      start: (k) => swayed(128, k),
    },
  ];
}

/** A centre, and neighbours whose content has moved by up to two pixels. */
function pictures(size: number, count: number) {
  const centre = seededRgb(size, 41, 0.004);
  const neighbours = Array.from({ length: count }, (_, k) =>
    seededRgb(size, 41, 0.004, 1.7 * Math.cos(k + 0.3), 1.7 * Math.sin(k + 0.3)),
  );
  return { size, centre, neighbours };
}

function isIn(i: number, size: number, low: number, high: number): boolean {
  const [x, y] = [(i % size) / size, Math.floor(i / size) / size];
  return x > low && x < high && y > low && y < high;
}

/** Displacements that differ from node to node, up to two pixels. */
function swayed(side: number, seed: number): FlowLattice {
  const lattice = stillLattice(side, side, FLOW_STEP);
  const xy = lattice.xy.map((_, n) => 1.3 * Math.sin(0.05 * n + seed) + 0.7 * Math.cos(0.21 * n));
  return { ...lattice, xy };
}

async function aligned(backend: Backend, scene: Scene) {
  const { size, scale, bound, smoothing, greatestGain } = scene;
  using rgb = backend.image(scene.centre, size, size, 3);
  using where = backend.image(scene.where, size, size, 1);
  const half = size >> 1;
  using luma = backend.image(new Float32Array(half * half).fill(0.25), half, half, 1);
  using look = backend.image(wholeAtHalf(scene.where, size), half, half, 1);
  const picture = { scale, radius: 16 / scale };
  using own = backend.flowPicture(rgb, picture);
  using template = backend.flowTemplate(own, where);
  const sources = scene.neighbours.map((samples, k) => {
    const image = backend.image(samples, size, size, 3);
    return { rgb: image, picture: backend.flowPicture(image, picture), start: scene.start(k) };
  });
  const points = Float32Array.from({ length: 3 * 100 }, (_, i) =>
    i % 3 === 2 ? 0 : (size * (1 + 2 * (i % 3 === 0 ? Math.floor(i / 3) % 10 : Math.floor(i / 30)))) / 20,
  );
  using found = backend.alignNeighbours({ template, rgb, where, luma, look }, sources, {
    bound,
    smoothing,
    greatestGain,
    points,
  });
  const told = await backend.statistics({
    noise: backend.flowNoise(own),
    light: found.otherLight,
    beyond: found.beyondStart,
  });
  const [neighbours, lumas] = [await backend.read(found.rgb), await backend.read(found.lumas)];
  for (const source of sources) {
    source.picture[Symbol.dispose]();
    source.rgb[Symbol.dispose]();
  }
  return {
    noise: [told.noise],
    light: told.light,
    beyond: told.beyond.flatMap((of) => [...of]),
    rgb: neighbours,
    luma: lumas,
  };
}

function wholeAtHalf(mask: Float32Array, size: number): Float32Array {
  const half = size >> 1;
  return Float32Array.from({ length: half * half }, (_, o) => {
    const i = 2 * Math.floor(o / half) * size + 2 * (o % half);
    return [i, i + 1, i + size, i + size + 1].every((k) => (mask[k] as number) > 0) ? 1 : 0;
  });
}

describe.skipIf(!gpuIsWanted)(`dense flow on the device and on the processor${GPU_SKIPPED}`, () => {
  const cpu: Backend = { ...cpuImages(FRESH), ...cpuFlows(FRESH) };
  let queue: GpuQueue;
  let gpu: Backend;
  beforeAll(async () => {
    queue = await openTestQueue();
    gpu = { ...gpuImages(queue), ...gpuFlows(queue) };
  });
  afterAll(() => queue.close());

  it.each(scenes())('agree on $name', async (scene) => {
    const [here, there] = [await aligned(cpu, scene), await aligned(gpu, scene)];
    expect(apart(here.noise, there.noise, 1e-6).share).toBe(0);
    expect(apart(here.light, there.light, 2e-6).share).toBe(0);
    // A patch whose step is within rounding of the bound at which search ends takes a step more on one of them, by a tenth of that bound. What is
    // smoothed with it follows.
    const reach = (REACH / scene.size) ** 2;
    for (const [what, bound, most] of [
      ['beyond', 1e-4, 3e-3],
      ['rgb', 2e-6, 3e-4],
      ['luma', 2e-6, 3e-4],
    ] as const) {
      const { share, worst } = apart(here[what], there[what], bound);
      expect(share, what).toBeLessThanOrEqual(reach);
      expect(worst, what).toBeLessThan(most);
    }
    expect(queue.memory.lent).toBe(0);
  });

  it('take few dispatches for many neighbours', async () => {
    let dispatches = 0;
    const counted: GpuQueue = {
      ...queue,
      run(...dispatch: Parameters<GpuQueue['run']>) {
        dispatches += 1;
        queue.run(...dispatch);
      },
    };
    const scene = scenes()[1] as Scene;
    const backend = { ...gpuImages(counted), ...gpuFlows(counted) };
    await aligned(
      {
        ...backend,
        alignNeighbours: (...asked) => {
          dispatches = 0;
          const found = backend.alignNeighbours(...asked);
          expect(dispatches).toBeLessThan(24);
          return found;
        },
      },
      scene,
    );
  });

  it('agree on every node of several pictures under grain, searched at once', async () => {
    const side = 128;
    const { centre, neighbours } = pictures(side, 4);
    const noise = gaussianNoise(5);
    const [own, ...others] = [centre, ...neighbours].map((rgb) =>
      rgb.subarray(0, side * side).map((v) => v + 0.02 * noise()),
    ) as [Float32Array, ...Float32Array[]];
    const pyramids = [own, ...others].map((luma) => flowPyramid(luma, side, PICTURE, FRESH));
    const [first, ...rest] = pyramids as [FlowPyramid, ...FlowPyramid[]];
    const searched = flowTemplate(first.pyramid, { noise: first.noise });
    const search = { bound: 5, smoothing: 4 };
    const here = rest.flatMap(({ pyramid }) => [...denseFlow(searched, pyramid, search).xy]);

    using face = gpu.image(own, side, side, 1);
    using picture = gpu.flowPicture(face, PICTURE);
    using template = gpu.flowTemplate(picture);
    using planes = gpu.image(joinedSamples(others), side, side, others.length);
    using together = flowPicturesOf(queue, planes, PICTURE);
    using found = flowsOf(queue, template, [together], search);
    const there = await lattice(queue, found);
    expect(apart(here, there, 1e-4).share).toBeLessThanOrEqual(1e-3);

    const eachAlone = others.map((luma) => {
      using image = gpu.image(luma, side, side, 1);
      return gpu.flowPicture(image, PICTURE);
    });
    using again = flowsOf(queue, template, eachAlone, search);
    expect(await lattice(queue, again)).toEqual(there);
    for (const alone of eachAlone) alone[Symbol.dispose]();
  });

  it('agree on what is sampled by a flow that goes far, beyond the edges too', async () => {
    const size = 96;
    const planes = seededRgb(size, 43);
    const start = swayed(size / 2, 1);
    const far = { ...start, xy: start.xy.map((v) => 12 * v) };
    const sampled = async (backend: Backend) => {
      // Where nothing has texture a flow is its start.
      using blank = backend.image(new Float32Array(size * size).fill(0.5), size, size, 1);
      using picture = backend.flowPicture(blank, { scale: 2, radius: 8 });
      using template = backend.flowTemplate(picture);
      using flow = backend.flow(template, picture, { start: far, bound: 4, smoothing: 3 });
      using image = backend.image(planes, size, size, 3);
      using where = backend.image(disc(size, 60), size, size, 1);
      using out = backend.sampledByFlow(image, flow, where);
      return await backend.read(out);
    };
    expect(apart(await sampled(cpu), await sampled(gpu), 2e-6).share).toBe(0);
  });
});

const PICTURE = { scale: 1, radius: 16 };

function joinedSamples(planes: readonly Float32Array[]): Float32Array {
  return Float32Array.from(planes.flatMap((plane) => [...plane]));
}

async function lattice(queue: GpuQueue, { memory }: GpuFlow): Promise<Float32Array> {
  const [numbers] = await queue.read([memory]);
  return new Float32Array(numbers as ArrayBuffer);
}
