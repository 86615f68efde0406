import type { Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { DescratchOptions, WindowOperations } from '../../windows.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { LUMA } from '../filter/filter-passes.ts';
import { reduced, reduction } from '../filter/reduction.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** Sheared by the tilt, the plate's columns stand upright: `shear` is by how much each row is moved. */
const SHEARED_LUMA = kernel({
  name: 'sheared luma',
  values: { size: 'u32' },
  reads: { rgb: 'f32', shear: 'i32' },
  writes: { out: 'f32' },
  functions: LUMA,
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let area = v.size * v.size;
  let i = at.y * v.size + u32(clamp(i32(at.x) - shear[at.y], 0, i32(v.size) - 1));
  out[at.y * v.size + at.x] = luma_of(rgb[i], rgb[area + i], rgb[2u * area + i]);
`,
});

/** How far each pixel is above (or below: negative) the ground on both sides alike. */
const RIDGES = kernel({
  name: 'ridges',
  values: { size: 'u32', half: 'u32', ground: 'u32' },
  reads: { luma: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let i = at.y * v.size + at.x;
  let reach = v.half + v.ground;
  var ridge = 0.0;
  if (at.x >= reach && at.x + reach < v.size) {
    var left = 0.0;
    var right = 0.0;
    for (var k = v.half + 1u; k <= reach; k++) {
      left += luma[i - k];
      right += luma[i + k];
    }
    let a = luma[i] - left / f32(v.ground);
    let b = luma[i] - right / f32(v.ground);
    if ((a > 0.0 && b > 0.0) || (a < 0.0 && b < 0.0)) { ridge = select(b, a, abs(a) < abs(b)); }
  }
  out[i] = ridge;
`,
});

/** Means along the columns over 2 · reach + 1 rows, fewer at their ends. */
const SMOOTH_DOWN = kernel({
  name: 'smooth down',
  values: { size: 'u32', reach: 'u32' },
  reads: { samples: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let first = max(at.y, v.reach) - v.reach;
  let last = min(v.size - 1u, at.y + v.reach);
  var sum = 0.0;
  for (var y = first; y <= last; y++) { sum += samples[y * v.size + at.x]; }
  out[at.y * v.size + at.x] = sum / f32(last - first + 1u);
`,
});

/** Of each column the rows along which it is a ridge, and those along which it is a groove. A scratch wanders by a pixel. */
const EVIDENCE = reduction({
  name: 'evidence of scratches',
  values: { size: 'u32', least: 'f32' },
  reads: { ridge: 'f32' },
  numbers: ['sum', 'sum'],
  each: `
  if (row == 0u || row + 1u >= v.size) { return; }
  let o = i * v.size + row;
  let strongest = max(ridge[o], max(ridge[o - 1u], ridge[o + 1u]));
  let weakest = min(ridge[o], min(ridge[o - 1u], ridge[o + 1u]));
  if (strongest > v.least) { found[0] = 1.0; }
  if (weakest < -v.least) { found[1] = 1.0; }
`,
});

const DESCRATCH = kernel({
  name: 'descratch',
  values: { size: 'u32', half: 'i32', ground: 'i32', along: 'u32', least: 'f32', enough: 'f32' },
  reads: { rgb: 'f32', ridge: 'f32', evidence: 'f32', shear: 'i32' },
  writes: { out: 'f32', scratched: 'f32' },
  functions: `
// A scratched column takes its immediate neighbours with it.
fn is_scratched(x: i32) -> bool {
  let size = i32(v.size);
  if (x < 0 || x >= size) { return false; }
  for (var k = max(1, x - 1); k <= min(size - 2, x + 1); k++) {
    if (max(evidence[2 * k], evidence[2 * k + 1]) >= v.enough) { return true; }
  }
  return false;
}
// How far a pixel is above the mean of the ground on both sides; 0 where that reaches beyond the plane.
fn over_ground(row: u32, x: i32) -> f32 {
  let reach = v.half + v.ground;
  if (x < reach || x + reach >= i32(v.size)) { return 0.0; }
  let i = i32(row * v.size) + x;
  var sum = 0.0;
  for (var k = v.half + 1; k <= reach; k++) { sum += rgb[i - k] + rgb[i + k]; }
  return rgb[i] - sum / f32(2 * v.ground);
}
`,
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let i = at.y * v.size + at.x;
  let o = at.z * v.size * v.size + i;
  let column = i32(at.x) + shear[at.y];
  let isScratched = is_scratched(column);
  var line = 0.0;
  if (isScratched) {
    let first = max(at.y, v.along) - v.along;
    let last = min(v.size - 1u, at.y + v.along);
    for (var y = first; y <= last; y++) { line += over_ground(at.z * v.size + y, column - shear[y]); }
    line /= f32(last - first + 1u);
  }
  out[o] = rgb[o] - line;
  if (at.z == 0u) {
    scratched[i] = 0.0;
    if (isScratched && abs(ridge[i32(at.y * v.size) + column]) > v.least / 2.0) { scratched[i] = 1.0; }
  }
`,
});

/** See `WindowOperations.descratched`: computed whether there are scratches or not. */
export function descratched(
  queue: GpuQueue,
  rgb: Image,
  options: DescratchOptions,
): ReturnType<WindowOperations['descratched']> {
  const { tilt, half, ground, along, least, evidence } = options;
  const size = squareSide(rgb);
  const area = size * size;
  const shear = Int32Array.from({ length: size }, (_, y) => Math.round(tilt * (y - size / 2)));
  using luma = queue.lend(area);
  using sharp = queue.lend(area);
  using ridge = queue.lend(area);
  queue.run(SHEARED_LUMA, {
    values: { size },
    buffers: { rgb: memoryOf(rgb), shear, out: luma },
    threads: [size, size],
  });
  queue.run(RIDGES, { values: { size, half, ground }, buffers: { luma, out: sharp }, threads: [size, size] });
  queue.run(SMOOTH_DOWN, {
    values: { size, reach: along },
    buffers: { samples: sharp, out: ridge },
    threads: [size, size],
  });
  using rows = reduced(queue, EVIDENCE, { values: { size, least }, buffers: { ridge }, items: size, rows: size });
  const out = queue.lend(3 * area);
  const scratched = queue.lend(area);
  queue.run(DESCRATCH, {
    // Rows are whole: as many as the share asks for, rounded up in double precision.
    values: { size, half, ground, along, least, enough: Math.ceil(evidence * size) },
    buffers: { rgb: memoryOf(rgb), ridge, evidence: rows, shear, out, scratched },
    threads: [size, size, 3],
  });
  return { rgb: imageIn(out, rgb), scratched: imageIn(scratched, { width: size, height: size, planes: 1 }) };
}
