import { createHash } from 'node:crypto';
import type { PlanarPicture } from '../../compute/cpu/filter/planar.ts';
import { type FloatPool, FRESH } from '../../compute/cpu/float-pool.ts';
import { warpBySimilarity } from '../../compute/cpu/still/warp.ts';
import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { PATCH_TEMPLATE, patchSizeFor } from '../../face/patch.ts';
import { fitSimilarity, invert, transformLandmarks } from '../../face/similarity.ts';
import type { SharedStill } from '../../render/face-rendering.ts';
import type { StillPatch } from '../../restore/stills/still-patch.ts';
import type { StillPicture } from './read-still.ts';

/** A picture of a face. */
export interface StillToAlign {
  readonly name: string;
  readonly picture: Pick<StillPicture, 'width' | 'height' | 'deep'>;
  /** In the still's pixels. */
  readonly landmarks: Landmarks;
}

/** Floats above which a still is laid in memory of the engine's: what loops in WebAssembly reach is never given back to the machine. */
const MOST_IN_POOL = 2 ** 26;

/**
 * A still as restorers paint from it: aligned to the patch template, at its own resolution, in 16 bits.
 *
 * @param largest side of the largest patch that is of use, pixels
 * @param pool lends the patch's samples
 */
export function stillPatch(
  { name, picture, landmarks }: StillToAlign,
  largest: number,
  pool: FloatPool = FRESH,
): StillPatch {
  const five = fivePoints(landmarks);
  const size = Math.min(largest, patchSizeFor(interOcular(five)));
  const toPatch = fitSimilarity(
    five,
    PATCH_TEMPLATE.map((v) => v * size),
  );
  const own = 3 * picture.width * picture.height > MOST_IN_POOL ? FRESH : pool;
  const source = planar(picture, own);
  const rgb = warpBySimilarity(source, invert(toPatch), size, own);
  own.giveBack(source.rgb);
  return { name, size, rgb, landmarks: transformLandmarks(toPatch, landmarks) };
}

/** A still in memory that all threads see, known by what restorers read of it: the same still has the same id in every run. */
export function sharedStill(patch: StillPatch): SharedStill {
  const { size, landmarks } = patch;
  const rgb = new Float32Array(new SharedArrayBuffer(patch.rgb.byteLength));
  rgb.set(patch.rgb);
  const id = createHash('sha256').update(`${size} `).update(landmarks).update(patch.rgb).digest('hex');
  return { ...patch, id, rgb };
}

function planar({ width, height, deep }: StillToAlign['picture'], pool: FloatPool): PlanarPicture {
  const count = width * height;
  const rgb = pool.lend(3 * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) rgb[c * count + i] = (deep[3 * i + c] as number) / 65535;
  }
  return { width, height, rgb };
}
