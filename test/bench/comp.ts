import { Bench as Clock } from 'tinybench';
import { blurPatch } from '../../src/compute/cpu/filter/blur.ts';
import { applyRestoration } from '../../src/compute/cpu/plate/apply.ts';
import { liftPatch } from '../../src/compute/cpu/plate/lift.ts';
import { membraneGridOf, membraneOfBand } from '../../src/compute/cpu/still/band-membrane.ts';
import { solveMembrane } from '../../src/compute/cpu/still/membrane.ts';
import { colourStatistics, transferColour } from '../../src/compute/cpu/still/reinhard.ts';
import { openHalvings, warp } from '../../src/compute/cpu/still/warp.ts';
import { addGrain, grainOf } from '../../src/compute/cpu/window/grain.ts';
import { regionUnder } from '../../src/compute/region-under.ts';
import { mapOfSimilarity } from '../../src/face/dense-map.ts';
import { BAND_DIRECTIONS } from '../../src/face/observation.ts';
import type { Transfer } from '../../src/film/colour.ts';
import { cutRegion } from '../../src/film/plate.ts';
import { noisePlate, roundMatte } from '../compute/plates.ts';
import { processorTime } from '../processor-time.ts';
import type { Outcome } from './bench.ts';

const SIZE = 512;
const TO_PATCH = { a: 1.27, b: 0.13, tx: -600, ty: -500 };
const matte = roundMatte(SIZE, 200);
/** What every time is compared with: reading and writing each sample of a patch once. */
const BASELINE = 'one pass over a patch';

/**
 * Times of comping one face on one thread, in processor time: a patch of 512², a region of about 450² of an HD plate, a matte over a
 * third of it.
 */
export async function compBench(): Promise<Outcome> {
  const rgb = Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) => 0.5 + 0.3 * Math.sin(i / 9));
  const bench = new Clock({ time: 300, iterations: 5, warmupTime: 50, now: processorTime });
  bench.add(BASELINE, () => {
    rgb.map((v) => 0.99 * v + 0.01);
  });
  const reels: readonly (readonly [string, Transfer])[] = [
    ['yuv420p', 'rec709'],
    ['yuv422p10le', 'rec709'],
    ['gbrp10le', 'log'],
    ['gbrpf32le', 'linear'],
  ];
  for (const [name, transfer] of reels) {
    const plate = noisePlate(name, 1920, 1080);
    const region = cutRegion(plate, regionUnder(TO_PATCH, SIZE, plate));
    const place = { size: SIZE, toPatch: TO_PATCH, colour: { tags: {}, transfer, plateHeight: 1080 } };
    const original = liftPatch(region, place);
    const rgb = original.map((v) => v + 0.05);
    bench.add(`lift ${name} ${transfer}`, () => {
      liftPatch(region, place);
    });
    bench.add(`apply ${name} ${transfer}`, () => {
      applyRestoration(region, place, { original, rgb, matte }, { frame: 1, seed: 1 });
    });
  }

  const statistics = colourStatistics(rgb, matte) ?? [];
  const transfer = { from: statistics, to: statistics, leastRatio: 0.7, greatestRatio: 1.4 };
  const band = Float32Array.from({ length: 3 * BAND_DIRECTIONS }, (_, i) => 0.1 * Math.sin(i / 20));
  const grid = membraneGridOf(matte, SIZE, 128);
  const boundary = Float32Array.from({ length: 3 * grid.size ** 2 }, (_, i) => Math.sin(i));
  const grainWidth = { sigma: 2, most: 3, around: 3 };
  const grain = grainOf(rgb, SIZE, grainWidth);
  const still = {
    width: 900,
    height: 1100,
    rgb: Float32Array.from({ length: 3 * 900 * 1100 }, (_, i) => (i % 255) / 255),
  };
  bench.add('membrane 128², 3 channels, solve', () => {
    solveMembrane(grid, boundary);
  });
  bench.add('membrane of a band to 512²', () => {
    membraneOfBand(grid, band, { x: SIZE / 2, y: SIZE / 2, size: SIZE });
  });
  bench.add('membrane grid of a matte', () => {
    membraneGridOf(matte, SIZE, 128);
  });
  bench.add('colour statistics under the matte', () => {
    colourStatistics(rgb, matte);
  });
  bench.add('colour transfer, whole patch', () => {
    transferColour(rgb, transfer, null);
  });
  bench.add('colour transfer, under the matte', () => {
    transferColour(rgb, transfer, matte);
  });
  bench.add('grain of a patch', () => {
    grainOf(rgb, SIZE, grainWidth);
  });
  bench.add('add grain', () => {
    addGrain(rgb, grain, { ratio: 1, greatestGain: 2 });
  });
  for (const sigma of [2, 10]) {
    bench.add(`blur ${sigma} px, 3 channels`, () => {
      blurPatch(rgb, SIZE, sigma);
    });
  }
  for (const scale of [1, 1.5]) {
    bench.add(`warp a still, ${scale} source px a patch px, under the matte`, () => {
      warp(openHalvings(still), mapOfSimilarity({ a: scale, b: 0.05, tx: 60, ty: 60 }, SIZE), matte);
    });
  }

  await bench.run();
  const times = bench.tasks.flatMap(({ name, result }) =>
    'latency' in result ? [{ name, median: result.latency.p50, least: result.latency.min }] : [],
  );
  const baseline = times.find(({ name }) => name === BASELINE)?.least ?? Number.NaN;
  return {
    tables: [
      {
        title: 'Comping one face, processor time on one thread',
        columns: ['step', `against ${BASELINE}`, 'least, ms', 'median, ms'],
        rows: times.map(({ name, median, least }) => [name, least / baseline, least, median]),
      },
    ],
    facts: times,
    broken: bench.tasks.filter(({ result }) => !('latency' in result)).map(({ name }) => `"${name}" failed.`),
  };
}
