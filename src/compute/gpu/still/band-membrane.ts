import { BAND_DIRECTIONS } from '../../../face/observation.ts';
import type { Image } from '../../image.ts';
import { samplesIn, squareSide } from '../../image-handles.ts';
import type { MembraneOptions } from '../../lights.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { PLACES, placesAlong, resizing } from '../filter/resize.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';
import { levelsLength } from './fill.ts';
import { spanMembrane } from './membrane.ts';

const INSIDE = kernel({
  name: 'membrane, inside',
  values: { size: 'u32', grid: 'u32' },
  reads: { matte: 'f32' },
  writes: { inside: 'u32' },
  functions: `
// The first pixel that lies in grid pixel \`i\`, or beyond it.
fn first_of(i: u32) -> u32 { return (i * v.size + v.grid - 1u) / v.grid; }
`,
  main: `
  if (at.x >= v.grid || at.y >= v.grid) { return; }
  var found = 0u;
  // Pixels of the outermost ring are known.
  if (at.x > 0u && at.y > 0u && at.x + 1u < v.grid && at.y + 1u < v.grid) {
    for (var y = first_of(at.y); y < first_of(at.y + 1u); y++) {
      for (var x = first_of(at.x); x < first_of(at.x + 1u); x++) {
        if (matte[y * v.size + x] > 0.0) { found = 1u; }
      }
    }
  }
  inside[at.y * v.grid + at.x] = found;
`,
});

const CONTOUR = kernel({
  name: 'membrane, contour',
  values: { grid: 'u32', stride: 'u32', x: 'f32', y: 'f32' },
  reads: { inside: 'u32', band: 'f32', own: 'f32' },
  writes: { values: 'f32', weights: 'f32' },
  functions: `
const DIRECTIONS = ${BAND_DIRECTIONS}u;
const PI = ${Math.PI};
// Abramowitz and Stegun 1964, 4.4.49, within 2e-8: what WGSL itself has may lie a thousand times as far off.
fn turn_of(d: vec2f) -> f32 {
  let size = abs(d);
  let t = min(size.x, size.y) / max(max(size.x, size.y), 1e-30);
  let s = t * t;
  var angle = t * (1.0 + s * (-0.3333314528 + s * (0.1999355085 + s * (-0.1420889944 + s * (0.1065626393
    + s * (-0.0752896400 + s * (0.0429096138 + s * (-0.0161657367 + s * 0.0028662257))))))));
  if (size.y > size.x) { angle = 0.5 * PI - angle; }
  if (d.x < 0.0) { angle = PI - angle; }
  if (d.y < 0.0) { angle = 2.0 * PI - angle; }
  return angle / (2.0 * PI);
}
// A known pixel that touches an unknown one.
fn touches(x: u32, y: u32) -> bool {
  let i = y * v.grid + x;
  return inside[i] == 0u
    && ((x > 0u && inside[max(i, 1u) - 1u] == 1u) || (x + 1u < v.grid && inside[i + 1u] == 1u)
      || (y > 0u && inside[max(i, v.grid) - v.grid] == 1u) || (y + 1u < v.grid && inside[i + v.grid] == 1u));
}
fn off(direction: u32, plane: u32) -> f32 { return band[3u * direction + plane] - own[3u * direction + plane]; }
`,
  main: `
  if (at.x >= v.grid || at.y >= v.grid) { return; }
  let o = at.z * v.stride + at.y * v.grid + at.x;
  values[o] = 0.0;
  weights[o] = 0.0;
  if (touches(at.x, at.y)) {
    let direction = turn_of(vec2f(at.xy) + 0.5 - vec2f(v.x, v.y)) * f32(DIRECTIONS);
    let before = u32(direction) % DIRECTIONS;
    let t = direction - floor(direction);
    values[o] = (1.0 - t) * off(before, at.z) + t * off((before + 1u) % DIRECTIONS, at.z);
    weights[o] = 1.0;
  }
`,
});

const ADD = kernel({
  name: 'membrane, added',
  values: { size: 'u32', grid: 'u32', stride: 'u32' },
  reads: { rgb: 'f32', membrane: 'f32', ...PLACES },
  writes: { out: 'f32' },
  functions: resizing('membrane'),
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let o = (at.z * v.size + at.y) * v.size + at.x;
  out[o] = rgb[o] + resized(at.z * v.stride, v.grid, at.xy);
`,
});

interface Face {
  readonly rgb: Image;
  readonly matte: Image;
  /** Its band, three numbers a direction. */
  readonly own: GpuMemory;
}

/** See `LightOperations.withMembrane`. */
export function withMembrane(queue: GpuQueue, { rgb, matte, own }: Face, options: MembraneOptions): Image {
  const size = squareSide(rgb);
  const { band, grid, x, y } = options;
  const { planes } = rgb;
  const stride = levelsLength(grid);
  using inside = queue.lend(grid * grid);
  using values = queue.lend(planes * stride);
  using weights = queue.lend(planes * stride);
  queue.run(INSIDE, {
    values: { size, grid },
    buffers: { matte: memoryOf(matte), inside },
    threads: [grid, grid],
  });
  queue.run(CONTOUR, {
    values: { grid, stride, x: (x * grid) / size, y: (y * grid) / size },
    buffers: { inside, band, own, values, weights },
    threads: [grid, grid, planes],
  });
  spanMembrane(queue, inside, { size: grid, planes, values, weights });
  const out = queue.lend(samplesIn(rgb));
  queue.run(ADD, {
    values: { size, grid, stride },
    buffers: { rgb: memoryOf(rgb), membrane: values, ...placesAlong(grid, size), out },
    threads: [size, size, planes],
  });
  return imageIn(out, rgb);
}
