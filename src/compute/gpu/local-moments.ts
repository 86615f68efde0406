import type { Image } from '../image.ts';
import { imageIn, memoryOf, squareSide } from './gpu-image.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel } from './kernel.ts';

// Means, variances and covariances of two pictures over squares around each pixel. A difference of means of squares would lose in 32 bits
// what the floor of a likeness is made of; here the moments of a row's windows are put together from deviations about their own mean,
// and those of a square from its rows' (Chan, Golub and LeVeque 1979): nothing is subtracted that is large against what is left.

/** What of the pictures' variances counts beside their covariance: of both together, or of the second alone. */
type Spread = 'both' | 'second';

/** How a window's covariance and spread become one number: (gain · covariance + above) / (spread + below), within limits. */
interface Ratio {
  readonly gain: number;
  readonly above: number;
  readonly below: number;
  readonly least: number;
  readonly most: number;
}

/** The moments so far: planes of means of either picture, of the spread, and of the covariance. Two pictures as they are have no spread. */
const MOMENTS = `
  let area = v.size * v.size;
  let here = at.y * v.size + at.x;
  let length = f32(2 * v.radius + 1);
  let last = i32(v.size) - 1;
  var mean = vec2f(0.0);
  for (var k = -v.radius; k <= v.radius; k++) { mean += means_at(place(at.xy, k, last)); }
  mean = mean / length;
  var spread = vec2f(0.0);
  for (var k = -v.radius; k <= v.radius; k++) {
    let i = place(at.xy, k, last);
    let d = means_at(i) - mean;
    spread += vec2f(d.y * d.y + v.both * d.x * d.x, d.x * d.y) + spread_at(i, area);
  }
  spread = spread / length;
`;

const PLACE = `
fn place(at: vec2u, k: i32, last: i32) -> u32 {
  let x = select(clamp(i32(at.x) + k, 0, last), i32(at.x), v.down != 0u);
  let y = select(i32(at.y), clamp(i32(at.y) + k, 0, last), v.down != 0u);
  return u32(y) * v.size + u32(x);
}
`;

const KEPT = `
  out[here] = mean.x;
  out[area + here] = mean.y;
  out[2u * area + here] = spread.x;
  out[3u * area + here] = spread.y;
`;

const OF_MOMENTS = `${PLACE}
fn means_at(i: u32) -> vec2f { return vec2f(moments[i], moments[v.size * v.size + i]); }
fn spread_at(i: u32, area: u32) -> vec2f { return vec2f(moments[2u * area + i], moments[3u * area + i]); }
`;

const OUTSIDE = 'if (at.x >= v.size || at.y >= v.size) { return; }';

const OF_PICTURES = kernel({
  name: 'local moments',
  values: { size: 'u32', radius: 'i32', down: 'u32', both: 'f32' },
  reads: { a: 'f32', b: 'f32' },
  writes: { out: 'f32' },
  functions: `${PLACE}
fn means_at(i: u32) -> vec2f { return vec2f(a[i], b[i]); }
fn spread_at(i: u32, area: u32) -> vec2f { return vec2f(0.0); }
`,
  main: `${OUTSIDE}\n${MOMENTS}\n${KEPT}`,
});

const WIDER = kernel({
  name: 'local moments, wider',
  values: { size: 'u32', radius: 'i32', down: 'u32', both: 'f32' },
  reads: { moments: 'f32' },
  writes: { out: 'f32' },
  functions: OF_MOMENTS,
  main: `${OUTSIDE}\n${MOMENTS}\n${KEPT}`,
});

const RATIO = kernel({
  name: 'ratio of local moments',
  values: {
    size: 'u32',
    radius: 'i32',
    down: 'u32',
    both: 'f32',
    gain: 'f32',
    above: 'f32',
    below: 'f32',
    least: 'f32',
    most: 'f32',
  },
  reads: { moments: 'f32' },
  writes: { out: 'f32' },
  functions: OF_MOMENTS,
  main: `${OUTSIDE}\n${MOMENTS}
  out[here] = clamp((v.gain * spread.y + v.above) / (spread.x + v.below), v.least, v.most);
`,
});

interface Window {
  readonly radius: number;
  /** How often the box is passed. */
  readonly passes: number;
  readonly spread: Spread;
}

/** A ratio of the moments of two pictures (one square plane each) in the window of a box blur. */
export function ratioOfMoments(
  queue: GpuQueue,
  { a, b }: { readonly a: Image; readonly b: Image },
  { radius, passes, spread }: Window,
  ratio: Ratio,
): Image {
  const size = squareSide(a);
  const threads = [size, size] as const;
  const values = { size, radius, both: spread === 'both' ? 1 : 0 };
  let moments: GpuMemory = queue.lend(4 * size * size);
  queue.run(OF_PICTURES, {
    values: { ...values, down: 0 },
    buffers: { a: memoryOf(a), b: memoryOf(b), out: moments },
    threads,
  });
  for (let k = 1; k < 2 * passes - 1; k++) {
    using before = moments;
    moments = queue.lend(4 * size * size);
    queue.run(WIDER, { values: { ...values, down: k % 2 }, buffers: { moments: before, out: moments }, threads });
  }
  using all = moments;
  const out = queue.lend(size * size);
  queue.run(RATIO, { values: { ...values, down: 1, ...ratio }, buffers: { moments: all, out }, threads });
  return imageIn(out, { width: size, height: size, planes: 1 });
}
