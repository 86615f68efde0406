import type { Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { DirtCandidateOptions, WindowImages } from '../../windows.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { gaussian } from '../filter/filter-passes.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';

/** Of blurred planes, the centre's first. Without neighbours everything is beyond them, by `3.0e38`. */
const CANDIDATES = kernel({
  name: 'dirt candidates',
  values: {
    size: 'u32',
    others: 'u32',
    threshold: 'f32',
    expressive_threshold: 'f32',
    of_disagreement: 'f32',
    reach: 'f32',
  },
  reads: { luma: 'f32', look: 'f32', expressive: 'f32' },
  writes: { out: 'f32' },
  group: SAMPLES,
  main: `
  let i = at.x;
  let area = v.size * v.size;
  if (i >= area) { return; }
  var found = 0.0;
  var least = -1.0;
  var largest = 0.0;
  var beyond_all = 0.0;
  if (look[i] == 1.0) {
    let own = luma[i];
    var low = 3.0e38;
    var high = -3.0e38;
    least = 3.0e38;
    for (var k = 1u; k <= v.others; k++) {
      let other = luma[k * area + i];
      low = min(low, other);
      high = max(high, other);
      least = min(least, abs(own - other));
      largest = max(largest, abs(own - other));
    }
    let beyond = select(low - own, own - high, own > high);
    let enough = select(v.threshold, v.expressive_threshold, expressive[i] == 1.0);
    if (v.others == 0u || beyond > enough + v.of_disagreement * (high - low)) {
      found = 1.0;
      let x = i32(i % v.size);
      let y = i32(i / v.size);
      let whole = i32(floor(v.reach));
      let last = i32(v.size) - 1;
      for (var b = max(0, y - whole); b <= min(last, y + whole); b++) {
        for (var a = max(0, x - whole); a <= min(last, x + whole); a++) {
          let there = u32(b) * v.size + u32(a);
          let square = f32((a - x) * (a - x) + (b - y) * (b - y));
          if (square > v.reach * v.reach || look[there] != 1.0) { continue; }
          for (var k = 1u; k <= v.others; k++) {
            low = min(low, luma[k * area + there]);
            high = max(high, luma[k * area + there]);
          }
        }
      }
      if (v.others > 0u) { beyond_all = max(own - high, low - own); }
    }
  }
  out[i] = found;
  out[area + i] = least;
  out[2u * area + i] = largest;
  out[3u * area + i] = beyond_all;
`,
});

/** See `WindowOperations.dirtCandidates`. */
export function dirtCandidates(
  queue: GpuQueue,
  { lumas, look }: Pick<WindowImages, 'lumas' | 'look'>,
  expressive: Image,
  { sigma, threshold, expressiveFactor, ofDisagreement, reach }: DirtCandidateOptions,
): Image {
  const size = squareSide(lumas);
  const area = size * size;
  using soft = gaussian(queue, lumas, sigma);
  const out = queue.lend(4 * area);
  queue.run(CANDIDATES, {
    values: {
      size,
      others: lumas.planes - 1,
      threshold,
      expressive_threshold: expressiveFactor * threshold,
      of_disagreement: ofDisagreement,
      reach,
    },
    buffers: { luma: memoryOf(soft), look: memoryOf(look), expressive: memoryOf(expressive), out },
    threads: [area],
  });
  return imageIn(out, { width: size, height: size, planes: 4 });
}
