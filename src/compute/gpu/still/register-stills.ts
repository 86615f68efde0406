import { DARKEST_LIGHT } from '../../cpu/still/register-still.ts';
import { squareSide } from '../../image-handles.ts';
import type { RegisteredImages, RegisterOptions, RegisterSource, RegisterTarget } from '../../stills.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { boxBlur } from '../filter/filter-passes.ts';
import { stacked } from '../filter/plane-stacks.ts';
import { flowPicturesOf } from '../flow/flow-picture.ts';
import { flowsOf } from '../flow/flow-search.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';
import { mapFits } from './map-fits.ts';
import { displacedMaps, sampledByMaps, stillMaps, stillsInFull } from './still-maps.ts';

const MATCH_LIGHT = kernel({
  name: 'match light',
  values: { area: 'u32', stills: 'u32', least: 'f32', most: 'f32' },
  reads: { samples: 'f32', light: 'f32' },
  writes: { gain: 'f32', out: 'f32' },
  group: SAMPLES,
  main: `
  if (at.x >= v.area) { return; }
  let n = at.y * v.area + at.x;
  // The face's light lies behind the stills'.
  let g = clamp(light[v.stills * v.area + at.x] / max(${DARKEST_LIGHT}, light[n]), v.least, v.most);
  gain[n] = g;
  out[n] = g * samples[n];
`,
});

/** See `StillOperations.registerStills`: all stills at once. */
export function stillsRegistered(
  queue: GpuQueue,
  { template, luma, small, where }: RegisterTarget,
  sources: readonly RegisterSource[],
  options: RegisterOptions,
): RegisteredImages {
  if (sources.length === 0) throw new TypeError('No still was given to be registered. Give one.');
  const side = squareSide(small);
  const stills = sources.length;
  const area = side * side;
  using maps = stillMaps(
    queue,
    sources.map(({ map }) => map),
    squareSide(luma),
  );
  using pictures = stacked(
    queue,
    sources.map((source) => source.luma),
  );
  using samples = sampledByMaps(queue, pictures, maps, small);
  using light = boxBlur(queue, samples, options.light.sigma, 2);
  const { most } = options.light;
  using gain = queue.lend(stills * area);
  const unregistered = imageIn(queue.lend(stills * area), { width: side, height: side, planes: stills });
  queue.run(MATCH_LIGHT, {
    values: { area, stills, least: 1 / most, most },
    buffers: { samples: memoryOf(samples), light: memoryOf(light), gain, out: memoryOf(unregistered) },
    threads: [area, stills],
  });
  const { bound, smoothing, radius } = options;
  using picture = flowPicturesOf(queue, unregistered, { scale: 1, radius });
  using flow = flowsOf(queue, template, [picture], { bound, smoothing });
  using moved = displacedMaps(queue, maps, flow);
  const full = stillsInFull(queue, { luma: pictures, maps: moved, gain, where, outside: luma });
  const fit = mapFits(queue, maps, options.stretch);
  return {
    unregistered,
    luma: full,
    fit,
    [Symbol.dispose]() {
      for (const image of [fit, full, unregistered]) image[Symbol.dispose]();
    },
  };
}
