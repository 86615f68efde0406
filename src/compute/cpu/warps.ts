import type { DenseMap } from '../../face/dense-map.ts';
import { meshWarp } from '../../face/mesh.ts';
import { thinPlateWarp } from '../../face/thin-plate.ts';
import { opened, type WarpMap, type WarpOperations, type WarpSource } from '../warps.ts';
import { lentImage, sameImage, samplesOf } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { type Halvings, openHalvings, warp, warpBySimilarity } from './still/warp.ts';

interface CpuWarpSource extends WarpSource {
  /** Null once it is closed. */
  halvings: Halvings | null;
}

interface CpuWarpMap extends WarpMap {
  /** See `DenseMap`; null once it is closed. */
  xy: Float32Array | null;
}

/** What an open map of this backend holds. */
export function mapIn(map: WarpMap): DenseMap {
  return { size: map.size, xy: opened((map as CpuWarpMap).xy) };
}

export function cpuWarps(pool: FloatPool): WarpOperations {
  const square = (rgb: Float32Array, size: number) => lentImage(pool, rgb, { width: size, height: size, planes: 3 });
  const faceMap: WarpOperations['faceMap'] = ({ target, source }, size, by) => {
    const xy = pool.lend(2 * size * size);
    if (by === 'mesh') meshWarp(target, source, size, { into: xy });
    else thinPlateWarp(target, source, size, xy);
    const map: CpuWarpMap = {
      size,
      xy,
      [Symbol.dispose]() {
        if (map.xy) pool.giveBack(map.xy);
        map.xy = null;
      },
    };
    return map;
  };
  return {
    warpSource(image) {
      const { width, height } = image;
      const picture = sameImage(image);
      const source: CpuWarpSource = {
        width,
        height,
        halvings: openHalvings({ width, height, rgb: samplesOf(picture) }, pool),
        [Symbol.dispose]() {
          source.halvings?.[Symbol.dispose]();
          source.halvings = null;
          picture[Symbol.dispose]();
        },
      };
      return source;
    },
    faceMap,
    faceMaps: (shapes, size, by) => shapes.map((shape) => faceMap(shape, size, by)),
    warp(source, map, where) {
      const halvings = opened((source as CpuWarpSource).halvings);
      return square(warp(halvings, mapIn(map), samplesOf(where), pool), map.size);
    },
    warpBySimilarity(image, toPicture, size) {
      const picture = { width: image.width, height: image.height, rgb: samplesOf(image) };
      return square(warpBySimilarity(picture, toPicture, size, pool), size);
    },
  };
}
