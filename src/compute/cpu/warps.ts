import { meshWarp } from '../../face/mesh.ts';
import { thinPlateWarp } from '../../face/thin-plate.ts';
import type { WarpMap, WarpOperations, WarpSource } from '../warps.ts';
import { lentImage, samplesOf } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { type Halvings, openHalvings, warp, warpBySimilarity } from './warp.ts';

interface CpuWarpSource extends WarpSource {
  readonly halvings: Halvings;
}

interface CpuWarpMap extends WarpMap {
  /** See `DenseMap`. */
  readonly xy: Float32Array;
}

export function cpuWarps(pool: FloatPool): WarpOperations {
  const square = (rgb: Float32Array, size: number) => lentImage(pool, rgb, { width: size, height: size, planes: 3 });
  return {
    warpSource(image) {
      const { width, height } = image;
      const halvings = openHalvings({ width, height, rgb: samplesOf(image) }, pool);
      const source: CpuWarpSource = { width, height, halvings, [Symbol.dispose]: () => halvings[Symbol.dispose]() };
      return source;
    },
    faceMap({ target, source }, size, by) {
      const xy = pool.lend(2 * size * size);
      if (by === 'mesh') meshWarp(target, source, size, { into: xy });
      else thinPlateWarp(target, source, size, xy);
      let isOpen = true;
      const map: CpuWarpMap = {
        size,
        xy,
        [Symbol.dispose]() {
          if (isOpen) pool.giveBack(xy);
          isOpen = false;
        },
      };
      return map;
    },
    warp(source, map, where) {
      const { halvings } = source as CpuWarpSource;
      return square(warp(halvings, map as CpuWarpMap, samplesOf(where), pool), map.size);
    },
    warpBySimilarity(image, toPicture, size) {
      const picture = { width: image.width, height: image.height, rgb: samplesOf(image) };
      return square(warpBySimilarity(picture, toPicture, size, pool), size);
    },
  };
}
