import { meshEntries, plateEntries } from '../../../face/map-entries.ts';
import { meshBetween, rigidSimilarity } from '../../../face/mesh.ts';
import type { Similarity } from '../../../face/similarity.ts';
import { faceThinPlate, plateGrid } from '../../../face/thin-plate.ts';
import { scaleEntries, typicalScale } from '../../cpu/still/warp.ts';
import { type FaceShapes, opened, type WarpMap } from '../../warps.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { meshesDrawn } from './mesh-maps.ts';
import { platesSpread } from './thin-plate-maps.ts';

/** Maps that were made together. */
export interface MapStack {
  /** Of each entry how far right and down it leads beyond the map's similarity: 2 · size² float32 a map, in which no place far from 0 loses digits. */
  readonly memory: GpuMemory;
}

interface GpuWarpMap extends WarpMap {
  /** Null once it is closed. */
  stack: MapStack | null;
  readonly index: number;
  readonly toSource: Similarity;
  /** See `typicalScale`: it says which halving is sampled, so that the host must know it. */
  readonly scale: () => number;
}

/** What an open map of this backend is: one of a stack, and the similarity to which that is added. */
export function mapIn(map: WarpMap) {
  const { size, stack, index, toSource, scale } = map as GpuWarpMap;
  return { size, stack: opened(stack), index, toSource, scale };
}

/** See `WarpOperations.faceMaps`. */
export function faceMapsOnDevice(
  queue: GpuQueue,
  shapes: readonly FaceShapes[],
  size: number,
  by: 'mesh' | 'thin-plate',
): WarpMap[] {
  if (shapes.length === 0) return [];
  const entries = () => scaleEntries(size);
  if (by === 'mesh') {
    const meshes = shapes.map(({ target, source }) => meshBetween(target, source));
    return mapsOf(
      meshesDrawn(queue, meshes, size),
      size,
      meshes.map((mesh) => ({
        toSource: mesh.toSource,
        scale: () => typicalScale(meshEntries(mesh, size, entries())),
      })),
    );
  }
  const plates = shapes.map(({ target, source }) => ({
    grid: plateGrid(faceThinPlate(target, source), size),
    toSource: rigidSimilarity(target, source),
  }));
  return mapsOf(
    platesSpread(queue, plates, size),
    size,
    plates.map(({ grid, toSource }) => ({
      toSource,
      scale: () => typicalScale(plateEntries(grid, entries())),
    })),
  );
}

/** Maps in one memory, which the last that is closed gives back. */
function mapsOf(memory: GpuMemory, size: number, kinds: readonly Pick<GpuWarpMap, 'toSource' | 'scale'>[]): WarpMap[] {
  const stack: MapStack = { memory };
  let open = kinds.length;
  return kinds.map(({ toSource, scale }, index) => {
    let known: number | null = null;
    const map: GpuWarpMap = {
      size,
      stack,
      index,
      toSource,
      scale() {
        known ??= scale();
        return known;
      },
      [Symbol.dispose]() {
        if (!map.stack) return;
        map.stack = null;
        open -= 1;
        if (open === 0) memory[Symbol.dispose]();
      },
    };
    return map;
  });
}
