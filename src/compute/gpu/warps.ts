import { meshWarp } from '../../face/mesh.ts';
import { scaleOf } from '../../face/similarity.ts';
import { thinPlateWarp } from '../../face/thin-plate.ts';
import { MAX_STRETCH } from '../cpu/plate/cubic.ts';
import { halvingsAt, SHARP, similarityPositions, typicalScale } from '../cpu/still/warp.ts';
import type { Image } from '../image.ts';
import { opened, type WarpMap, type WarpOperations, type WarpSource } from '../warps.ts';
import { sampleAffine } from './affine-sampling.ts';
import { cubicSampling, stretchedSampling } from './cubic.ts';
import { decimatedImage } from './decimate.ts';
import { imageIn, memoryOf, sameImage, samplesIn } from './gpu-image.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel } from './kernel.ts';

interface GpuWarpSource extends WarpSource {
  /** The picture and its halvings, each made when it is first needed; null once it is closed. */
  levels: Image[] | null;
}

interface GpuWarpMap extends WarpMap {
  /** See `DenseMap`; null once it is closed. */
  xy: GpuMemory | null;
  /** See `typicalScale`: it says which halving is sampled, so that the host must know it. */
  readonly scale: number;
}

const WARP = kernel({
  name: 'warp',
  values: { size: 'u32', width: 'i32', height: 'i32', shrink: 'f32' },
  reads: { samples: 'f32', xy: 'f32', mask: 'f32' },
  writes: { out: 'f32' },
  functions: `
${cubicSampling('samples')}
${stretchedSampling('samples')}
fn place_of(x: u32, y: u32) -> vec2f {
  let o = 2u * (y * v.size + x);
  return vec2f(xy[o], xy[o + 1u]);
}
// Source pixels a pixel of the map, in the direction in which it is more, by central differences.
fn scale_at(x: u32, y: u32) -> f32 {
  let left = max(x, 1u) - 1u;
  let right = min(x + 1u, v.size - 1u);
  let above = max(y, 1u) - 1u;
  let below = min(y + 1u, v.size - 1u);
  let a = (place_of(right, y) - place_of(left, y)) / f32(right - left);
  let b = (place_of(x, below) - place_of(x, above)) / f32(below - above);
  return sqrt(max(dot(a, a), dot(b, b)));
}
`,
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let area = v.size * v.size;
  let o = at.y * v.size + at.x;
  if (!(mask[o] > 0.0)) {
    for (var k = 0u; k < 3u; k++) { out[k * area + o] = 0.0; }
    return;
  }
  // Exact, as the source is shrunk by a power of two; half a pixel is taken off the fraction, which keeps its digits.
  let place = place_of(at.x, at.y) * v.shrink;
  let floors = floor(place);
  let rest = place - floors;
  let borrows = rest < vec2f(0.5);
  let whole = vec2i(floors) - select(vec2i(0), vec2i(1), borrows);
  let fraction = rest + select(vec2f(-0.5), vec2f(0.5), borrows);
  let stretch = min(${MAX_STRETCH}.0, scale_at(at.x, at.y) * v.shrink);
  let size = vec2i(v.width, v.height);
  let plane = u32(v.width * v.height);
  for (var k = 0u; k < 3u; k++) {
    if (stretch < ${SHARP}) {
      out[k * area + o] = cubic(k * plane, size, whole, fraction);
    } else {
      out[k * area + o] = stretched(k * plane, size, whole, fraction, vec2f(stretch));
    }
  }
`,
});

export function gpuWarps(queue: GpuQueue): WarpOperations {
  return {
    warpSource(image) {
      const { width, height } = image;
      const source: GpuWarpSource = {
        width,
        height,
        levels: [sameImage(image)],
        [Symbol.dispose]() {
          for (const level of source.levels ?? []) level[Symbol.dispose]();
          source.levels = null;
        },
      };
      return source;
    },
    faceMap({ target, source }, size, by) {
      const dense = by === 'mesh' ? meshWarp(target, source, size) : thinPlateWarp(target, source, size);
      const map: GpuWarpMap = {
        size,
        xy: queue.filled(dense.xy),
        scale: typicalScale(dense),
        [Symbol.dispose]() {
          map.xy?.[Symbol.dispose]();
          map.xy = null;
        },
      };
      return map;
    },
    warp(source, map, where) {
      const { size, scale, xy } = map as GpuWarpMap;
      const levels = opened((source as GpuWarpSource).levels);
      const times = halvingsAt(scale);
      for (let last = levels.length - 1; last < times; last++) levels.push(decimatedImage(queue, levels[last]));
      const { width, height } = levels[times];
      const out = queue.lend(3 * size * size);
      queue.run(WARP, {
        values: { size, width, height, shrink: 1 / 2 ** times },
        buffers: { samples: memoryOf(levels[times]), xy: opened(xy), mask: memoryOf(where), out },
        threads: [size, size],
      });
      return imageIn(out, { width: size, height: size, planes: 3 });
    },
    warpBySimilarity(rgb, toPicture, size) {
      const scale = scaleOf(toPicture);
      const times = halvingsAt(scale);
      let level = sameImage(rgb);
      for (let k = 0; k < times; k++) {
        using from = level;
        level = decimatedImage(queue, from);
      }
      using picture = level;
      const shrink = 1 / 2 ** times;
      const shape = { width: size, height: size, planes: 3 };
      const out = queue.lend(samplesIn(shape));
      sampleAffine(
        queue,
        { samples: memoryOf(picture), width: picture.width, height: picture.height, planes: 3 },
        {
          out,
          at: similarityPositions(toPicture, size, shrink),
          stretchX: scale * shrink,
          stretchY: scale * shrink,
        },
      );
      return imageIn(out, shape);
    },
  };
}
