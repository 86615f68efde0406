import type { Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

// Means, variances and covariances of two pictures over squares around each pixel. A difference of means of squares would lose in 32 bits
// what the floor of a likeness is made of. So the moments of a row's windows are put together from deviations about their own mean, and
// those of a square from its rows' (Chan, Golub and LeVeque 1979): nothing is subtracted that is large against what is left.

/** How a window's covariance and spread become one number: (gain · covariance + above) / (spread + below), within limits. */
interface Ratio {
  readonly gain: number;
  readonly above: number;
  readonly below: number;
  readonly least: number;
  readonly most: number;
}

interface Window {
  readonly radius: number;
  /** How often the box is passed. */
  readonly passes: 1 | 2;
  /** The variances that are the spread: of both pictures together, or of the second alone. */
  readonly spread: 'both' | 'second';
}

const TILE = 16;

/** WGSL: the means of either picture at a sample of plane `plane`; spread and covariance there, which two pictures as they are have none of. */
const PICTURES = `
fn means_at(i: u32) -> vec2f { return vec2f(a[i], b[plane * v.size * v.size + i]); }
fn spread_at(i: u32) -> vec2f { return vec2f(0.0); }
`;
const MOMENTS = `
fn moment(k: u32, i: u32) -> f32 { return moments[(4u * plane + k) * v.size * v.size + i]; }
fn means_at(i: u32) -> vec2f { return vec2f(moment(0u, i), moment(1u, i)); }
fn spread_at(i: u32) -> vec2f { return vec2f(moment(2u, i), moment(3u, i)); }
`;

const SHARED = `
var<private> plane: u32;
var<workgroup> rows: array<vec4f, ${TILE * TILE}>;
// What lies 'd' from a mean adds to spread and covariance.
fn beyond(d: vec2f, e: vec2f) -> vec2f { return vec2f(d.y * e.y + v.both * d.x * e.x, d.x * e.y); }
fn row_of(x: i32, y: i32) -> vec4f {
  let last = i32(v.size) - 1;
  let begin = u32(clamp(y, 0, last)) * v.size;
  var mean = vec2f(0.0);
  for (var k = -v.radius; k <= v.radius; k++) { mean += means_at(begin + u32(clamp(x + k, 0, last))); }
  let length = f32(2 * v.radius + 1);
  mean = mean / length;
  var spread = vec2f(0.0);
  for (var k = -v.radius; k <= v.radius; k++) {
    let i = begin + u32(clamp(x + k, 0, last));
    let d = means_at(i) - mean;
    spread += beyond(d, d) + spread_at(i);
  }
  return vec4f(mean, spread / length);
}
`;

/** The rows of a tile's windows are made a tile of rows at a time; each pixel takes in those of its own window, one after another. */
const WINDOW = `
  plane = at.z;
  let column = lane % ${TILE}u;
  let line = i32(lane / ${TILE}u);
  let begun = i32(group.y * ${TILE}u) - v.radius;
  var mean = vec2f(0.0);
  var spread = vec2f(0.0);
  var count = 0.0;
  for (var begin = 0; begin < ${TILE} + 2 * v.radius; begin += ${TILE}) {
    rows[lane] = row_of(i32(at.x), begun + begin + line);
    workgroupBarrier();
    let low = max(line, begin);
    let high = min(line + 2 * v.radius, begin + ${TILE - 1});
    for (var row = low; row <= high; row++) {
      let found = rows[u32(row - begin) * ${TILE}u + column];
      count += 1.0;
      let d = found.xy - mean;
      mean += d / count;
      spread += beyond(d, found.xy - mean) + found.zw;
    }
    workgroupBarrier();
  }
  spread = spread / count;
  if (at.x >= v.size || at.y >= v.size) { return; }
  let here = at.y * v.size + at.x;
`;

const KEEP = `
  let area = v.size * v.size;
  let first = 4u * plane * area + here;
  out[first] = mean.x;
  out[first + area] = mean.y;
  out[first + 2u * area] = spread.x;
  out[first + 3u * area] = spread.y;
`;
const DIVIDE = `
  out[plane * v.size * v.size + here] = clamp((v.gain * spread.y + v.above) / (spread.x + v.below), v.least, v.most);
`;

const WINDOW_VALUES = { size: 'u32', radius: 'i32', both: 'f32' } as const;
const RATIO_VALUES = {
  ...WINDOW_VALUES,
  gain: 'f32',
  above: 'f32',
  below: 'f32',
  least: 'f32',
  most: 'f32',
} as const;

const LOCAL_MOMENTS = kernel({
  name: 'local moments',
  values: WINDOW_VALUES,
  reads: { a: 'f32', b: 'f32' },
  writes: { out: 'f32' },
  group: [TILE, TILE],
  functions: PICTURES + SHARED,
  main: WINDOW + KEEP,
});

const RATIO_OF_PICTURES = kernel({
  name: 'ratio of local moments',
  values: RATIO_VALUES,
  reads: { a: 'f32', b: 'f32' },
  writes: { out: 'f32' },
  group: [TILE, TILE],
  functions: PICTURES + SHARED,
  main: WINDOW + DIVIDE,
});

const RATIO_OF_MOMENTS = kernel({
  name: 'ratio of wider moments',
  values: RATIO_VALUES,
  reads: { moments: 'f32' },
  writes: { out: 'f32' },
  group: [TILE, TILE],
  functions: MOMENTS + SHARED,
  main: WINDOW + DIVIDE,
});

/** A ratio of the moments of a picture (one square plane) and each plane of another in the window of a box blur. */
export function ratioOfMoments(
  queue: GpuQueue,
  pictures: { readonly a: Image; readonly b: Image },
  { radius, passes, spread }: Window,
  ratio: Ratio,
): Image {
  const size = squareSide(pictures.a);
  const { planes } = pictures.b;
  const threads = [size, size, planes] as const;
  const values = { size, radius, both: spread === 'both' ? 1 : 0 };
  const [a, b] = [memoryOf(pictures.a), memoryOf(pictures.b)];
  const out = queue.lend(planes * size * size);
  if (passes === 1) {
    queue.run(RATIO_OF_PICTURES, { values: { ...values, ...ratio }, buffers: { a, b, out }, threads });
  } else {
    using moments = queue.lend(4 * planes * size * size);
    queue.run(LOCAL_MOMENTS, { values, buffers: { a, b, out: moments }, threads });
    queue.run(RATIO_OF_MOMENTS, { values: { ...values, ...ratio }, buffers: { moments, out }, threads });
  }
  return imageIn(out, pictures.b);
}
