import { maskBounds } from '../../face/mask-bounds.ts';
import { faceMatte } from '../../face/matte.ts';
import { squareSide } from '../image-handles.ts';
import type { FaceMatteOptions, MaskOperations } from '../masks.ts';
import { figures, lentImage, samplesOf } from './cpu-image.ts';
import { halvedWhole } from './filter/half-size.ts';
import type { FloatPool } from './float-pool.ts';
import { drawPolygons } from './window/polygons.ts';
import { soundSamples } from './window/sound-samples.ts';

export function cpuMasks(pool: FloatPool): MaskOperations {
  const mask = (samples: Float32Array, size: number) =>
    lentImage(pool, samples, { width: size, height: size, planes: 1 });
  return {
    faceMatte(landmarks, size, options) {
      const { strength = 1 } = options;
      const matte = faceMatte(landmarks, size, options, pool.zeroed(size * size));
      keepWithin(matte, size, options);
      if (strength < 1) for (let i = 0; i < matte.length; i++) matte[i] *= strength;
      return mask(matte, size);
    },
    polygons(polygons, size, margin) {
      const out = pool.lend(size * size);
      drawPolygons(polygons, size, margin, out);
      return mask(out, size);
    },
    maskBounds: (image) => figures(maskBounds(samplesOf(image), squareSide(image)) ?? null),
    meanWhere: (image, where) => figures(meanWhere(samplesOf(image), samplesOf(where))),
    halvedWhole(image) {
      const size = squareSide(image);
      return mask(halvedWhole(samplesOf(image), size, pool), size >> 1);
    },
    soundSamples(dirt, scratched, where) {
      const size = squareSide(where);
      const own = pool.lend(size * size);
      const masks = {
        size,
        dirt: samplesOf(dirt),
        scratched: scratched && samplesOf(scratched),
        where: samplesOf(where),
      };
      const damage = soundSamples(masks, own);
      return { own: mask(own, size), damage: figures(damage) };
    },
  };
}

function meanWhere(plane: Float32Array, where: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < plane.length; i++) {
    if (!(where[i] > 0)) continue;
    sum += plane[i];
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

/** Sets to 0 what lies too far outside the area. */
function keepWithin(matte: Float32Array, size: number, { within }: FaceMatteOptions): void {
  if (!within) return;
  const { area, margin } = within;
  for (let y = 0, i = 0; y < size; y++) {
    const isRow = y >= area.y - margin && y < area.y + area.height + margin;
    for (let x = 0; x < size; x++, i++) {
      if (!isRow || x < area.x - margin || x >= area.x + area.width + margin) matte[i] = 0;
    }
  }
}
