import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valueAtShare } from '../../../src/compute/cpu/filter/selection.ts';
import { type GpuDevice, openGpuDevice } from '../../../src/compute/gpu/device/gpu-device.ts';
import { type GpuQueue, openGpuQueue } from '../../../src/compute/gpu/device/gpu-queue.ts';
import { kernel, SAMPLES } from '../../../src/compute/gpu/device/kernel.ts';
import { selected } from '../../../src/compute/gpu/filter/selection.ts';
import { KEYS } from '../../../src/compute/gpu/filter/selection-keys.ts';
import { gaussianNoise } from '../../motion/texture.ts';
import { GPU_SKIPPED, gpuChoice, gpuIsWanted } from './test-gpu.ts';

/** Keys of all values but those above 2, which are not counted. */
const TO_KEYS = kernel({
  name: 'keys',
  values: { count: 'u32' },
  reads: { samples: 'f32' },
  writes: { keys: 'u32' },
  group: SAMPLES,
  functions: KEYS,
  main: `
  if (at.x >= v.count) { return; }
  keys[at.x] = select(key_of(samples[at.x]), NO_KEY, samples[at.x] > 2.0);
`,
});

describe.skipIf(!gpuIsWanted)(`selected${GPU_SKIPPED}`, () => {
  let gpu: GpuDevice;
  let queue: GpuQueue;
  beforeAll(async () => {
    gpu = await openGpuDevice(gpuChoice);
    queue = openGpuQueue(gpu);
  });
  afterAll(() => queue.close());

  const selectedOf = async (
    values: Float32Array,
    rows: number,
    share: number | readonly number[],
  ): Promise<number[]> => {
    using keys = queue.lend(values.length);
    using samples = queue.filled(values);
    queue.run(TO_KEYS, { values: { count: values.length }, buffers: { samples, keys }, threads: [values.length] });
    using out = selected(queue, keys, { count: values.length / rows, rows, share, otherwise: -1 });
    const [found] = await queue.read([out]);
    return [...new Float32Array(found as ArrayBuffer)];
  };
  const seeded = (count: number, seed: number) => {
    const noise = gaussianNoise(seed);
    return Float32Array.from({ length: count }, () => noise());
  };

  it.each([
    ['a few', 37],
    ['as many as one workgroup looks at', 1 << 15],
    ['more', 50_001],
  ])('is the very element that the processor selects: %s', async (_, count) => {
    const rows = [seeded(count, 1), seeded(count, 2), new Float32Array(count).fill(-0.25)];
    const values = Float32Array.from(rows.flatMap((row) => [...row]));
    for (const share of [0, 0.1, 0.5, 0.98, 1]) {
      const expected = rows.flatMap((row) => {
        const counted = row.filter((v) => v <= 2);
        return [valueAtShare(counted, share), counted.length];
      });
      expect(await selectedOf(values, rows.length, share)).toEqual(expected);
    }
  });

  it.each([999, 50_001])('is one for each share that is asked for at once: of %i', async (count) => {
    const values = Float32Array.from([...seeded(count, 3), ...seeded(count, 4)]);
    const [low, middle] = [await selectedOf(values, 2, 0.1), await selectedOf(values, 2, 0.5)];
    const expected = [...low.slice(0, 2), ...middle.slice(0, 2), ...low.slice(2), ...middle.slice(2)];
    expect(await selectedOf(values, 2, [0.1, 0.5])).toEqual(expected);
  });

  it.each([5, 40_000])('answers what stands for nothing where nothing of %i values counts', async (count) => {
    expect(await selectedOf(new Float32Array(count).fill(3), 1, 0.5)).toEqual([-1, 0]);
  });
});
