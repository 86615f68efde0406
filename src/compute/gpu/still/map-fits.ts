import { FLATTEST_AREA } from '../../cpu/still/map-fit.ts';
import type { Image } from '../../image.ts';
import type { RegisterOptions } from '../../stills.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { boxBlur } from '../filter/filter-passes.ts';
import { selected } from '../filter/selection.ts';
import { KEYS } from '../filter/selection-keys.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';
import { RAMP } from './still-gate.ts';
import type { StillMaps } from './still-maps.ts';

const STRETCH = kernel({
  name: 'stretch of maps',
  values: { side: 'u32', scale: 'f32' },
  reads: { beyond: 'f32' },
  writes: { stretch: 'f32', keys: 'u32' },
  functions: `${KEYS}
fn entry(n: u32) -> vec2f { return vec2f(beyond[2u * n], beyond[2u * n + 1u]); }
`,
  main: `
  if (at.x >= v.side || at.y >= v.side) { return; }
  let n = (at.z * v.side + at.y) * v.side + at.x;
  let last = v.side - 1u;
  if (at.x == 0u || at.y == 0u || at.x == last || at.y == last) {
    stretch[n] = 0.0;
    keys[n] = NO_KEY;
    return;
  }
  let a = entry(n + 1u) - entry(n - 1u) + vec2f(2.0 * v.scale, 0.0);
  let b = entry(n + v.side) - entry(n - v.side) + vec2f(0.0, 2.0 * v.scale);
  let found = log2(max(${FLATTEST_AREA}, (a.x * b.y - a.y * b.x) / 4.0));
  stretch[n] = found;
  let quarter = v.side >> 2u;
  let end = v.side - quarter;
  let in_middle = at.x > quarter && at.y > quarter && at.x < end && at.y < end;
  keys[n] = select(NO_KEY, key_of(found), in_middle && (at.x + at.y) % 4u == 0u);
`,
});

const FIT = kernel({
  name: 'fit of maps',
  values: { area: 'u32', alike: 'f32', torn: 'f32' },
  reads: { stretch: 'f32', typical: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  functions: RAMP,
  main: `
  if (at.x >= v.area) { return; }
  let n = at.y * v.area + at.x;
  out[n] = 1.0 - ramp(v.alike, v.torn, abs(stretch[n] - typical[2u * at.y]));
`,
});

/** See `RegisteredImages.fit`: a plane a map. */
export function mapFits(queue: GpuQueue, maps: StillMaps, options: RegisterOptions['stretch']): Image {
  const { count, side, size } = maps;
  const area = side * side;
  const { alike, torn, sigma } = options;
  using stretch = queue.lend(count * area);
  using keys = queue.lend(count * area);
  queue.run(STRETCH, {
    values: { side, scale: size / side },
    buffers: { beyond: maps.memory, stretch, keys },
    threads: [side, side, count],
  });
  using typical = selected(queue, keys, { count: area, rows: count, share: 0.5 });
  using fit = imageIn(queue.lend(count * area), { width: side, height: side, planes: count });
  queue.run(FIT, {
    values: { area, alike, torn },
    buffers: { stretch, typical, out: memoryOf(fit) },
    threads: [area, count],
  });
  return boxBlur(queue, fit, sigma, 2);
}
