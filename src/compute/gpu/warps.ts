import { scaleOf } from '../../face/similarity.ts';
import { MAX_STRETCH } from '../cpu/loops/cubic.ts';
import { halvingsAt, SHARP, similarityPositions } from '../cpu/still/warp.ts';
import type { Image } from '../image.ts';
import { samplesIn } from '../image-handles.ts';
import { opened, type WarpOperations, type WarpSource } from '../warps.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { kernel } from './device/kernel.ts';
import { decimatedImage } from './filter/decimate.ts';
import { imageIn, memoryOf, sameImage } from './gpu-image.ts';
import { AFFINE_PLACE, placesOf, sampleAffine } from './plate/affine-sampling.ts';
import { cubicSampling, stretchedSampling } from './plate/cubic.ts';
import { faceMapsOnDevice, mapIn } from './still/face-maps.ts';

interface GpuWarpSource extends WarpSource {
  /** The picture and its halvings, each made when it is first needed; null once it is closed. */
  levels: Image[] | null;
}

const WARP = kernel({
  name: 'warp',
  values: { size: 'u32', width: 'i32', height: 'i32', first: 'u32', shrink: 'f32', a: 'f32', b: 'f32' },
  reads: { samples: 'f32', whole: 'i32', fractions: 'f32', beyond: 'f32', mask: 'f32' },
  writes: { out: 'f32' },
  functions: `
${AFFINE_PLACE}
${cubicSampling('samples')}
${stretchedSampling('samples')}
fn beyond_at(x: u32, y: u32) -> vec2f {
  let o = v.first + 2u * (y * v.size + x);
  return vec2f(beyond[o], beyond[o + 1u]);
}
// Source pixels a pixel of the map, in the direction in which it is more, by central differences.
fn scale_at(x: u32, y: u32) -> f32 {
  let left = max(x, 1u) - 1u;
  let right = min(x + 1u, v.size - 1u);
  let above = max(y, 1u) - 1u;
  let below = min(y + 1u, v.size - 1u);
  let across = vec2f(v.a, v.b) + (beyond_at(right, y) - beyond_at(left, y)) / f32(right - left);
  let down = vec2f(-v.b, v.a) + (beyond_at(x, below) - beyond_at(x, above)) / f32(below - above);
  return sqrt(max(dot(across, across), dot(down, down)));
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
  let place = affine_place(at.x, at.y, v.size);
  let moved = place.fraction + v.shrink * beyond_at(at.x, at.y);
  let floors = floor(moved);
  let whole = place.whole + vec2i(floors);
  let fraction = moved - floors;
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
    faceMap: (shapes, size, by) => faceMapsOnDevice(queue, [shapes], size, by)[0],
    faceMaps: (shapes, size, by) => faceMapsOnDevice(queue, shapes, size, by),
    warp(source, map, where) {
      const { size, stack, index, toSource, scale } = mapIn(map);
      const levels = opened((source as GpuWarpSource).levels);
      const times = halvingsAt(scale());
      for (let last = levels.length - 1; last < times; last++) levels.push(decimatedImage(queue, levels[last]));
      const { width, height } = levels[times];
      const shrink = 1 / 2 ** times;
      const out = queue.lend(3 * size * size);
      queue.run(WARP, {
        values: { size, width, height, first: 2 * index * size * size, shrink, a: toSource.a, b: toSource.b },
        buffers: {
          samples: memoryOf(levels[times]),
          ...placesOf(similarityPositions(toSource, size, shrink)),
          beyond: stack.memory,
          mask: memoryOf(where),
          out,
        },
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
