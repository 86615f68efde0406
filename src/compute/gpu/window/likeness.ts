import { ORDINARY_STEP } from '../../cpu/window/temporal-mean.ts';
import type { Image } from '../../image.ts';
import { samplesIn } from '../../image-handles.ts';
import type { TemporalMeanOptions } from '../../windows.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { selected } from '../filter/selection.ts';
import { KEYS } from '../filter/selection-keys.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** Every so many pixels one that is looked at, of each plane. */
const SAMPLED = kernel({
  name: 'distances to select among',
  values: { area: 'u32', count: 'u32' },
  reads: { distance: 'f32', look: 'f32' },
  writes: { keys: 'u32' },
  group: SAMPLES,
  functions: KEYS,
  main: `
  if (at.x >= v.count) { return; }
  let i = ${ORDINARY_STEP}u * at.x;
  keys[at.z * v.count + at.x] = select(NO_KEY, key_of(distance[at.z * v.area + i]), look[i] == 1.0);
`,
});

/** `ordinary` holds what an ordinary place differs by: grain, and no motion. */
const LIKENESS = kernel({
  name: 'likeness',
  values: { area: 'u32', scale: 'f32', scale_in_eyes: 'f32', margin: 'f32', trust: 'f32' },
  reads: { distance: 'f32', ordinary: 'f32', eyes: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.area) { return; }
  let o = at.z * v.area + at.x;
  let isEye = eyes[at.x] == 1.0;
  let beyond = distance[o] - select(v.margin, 1.0, isEye) * ordinary[2u * at.z];
  out[o] = v.trust;
  if (beyond > 0.0) { out[o] = v.trust * exp(select(v.scale, v.scale_in_eyes, isEye) * beyond); }
`,
});

export interface LikenessMasks {
  /** 1 where the window is looked at. */
  readonly look: Image;
  /** 1 in the eyes. */
  readonly eyes: Image;
}

/** Weights from patch distances (a plane for each neighbour). */
export function likenesses(
  queue: GpuQueue,
  distances: Image,
  { look, eyes }: LikenessMasks,
  { tolerance, ordinary, inEyes, trust }: TemporalMeanOptions,
): Image {
  const { width, height, planes } = distances;
  const area = width * height;
  const distance = memoryOf(distances);
  const count = Math.ceil(area / ORDINARY_STEP);
  using keys = queue.lend(planes * count);
  queue.run(SAMPLED, {
    values: { area, count },
    buffers: { distance, look: memoryOf(look), keys },
    threads: [count, 1, planes],
  });
  using typical = selected(queue, keys, { count, rows: planes, share: 0.5 });
  const scale = -1 / (tolerance * tolerance);
  const out = queue.lend(samplesIn(distances));
  queue.run(LIKENESS, {
    values: { area, scale, scale_in_eyes: inEyes * scale, margin: ordinary, trust },
    buffers: { distance, ordinary: typical, eyes: memoryOf(eyes), out },
    threads: [area, 1, planes],
  });
  return imageIn(out, distances);
}
