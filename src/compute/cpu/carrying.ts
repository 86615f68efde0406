import type { Roi } from '../../film/roi.ts';
import type { CarryingOperations } from '../carrying.ts';
import { squareSide } from '../image-handles.ts';
import { figures, lentImage, sameImage, samplesOf } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { carriedBlend } from './window/carried-blend.ts';

export function cpuCarrying(pool: FloatPool): CarryingOperations {
  return {
    carriedBlend(frame, sides, options) {
      const size = squareSide(frame.rgb);
      const mask = { width: size, height: size, planes: 1 };
      const [one, other = one] = sides.map(({ planes, trust, ...side }) => ({
        ...side,
        planes: samplesOf(planes),
        trust: samplesOf(trust),
      }));
      if (!one) return { rgb: sameImage(frame.rgb), trust: lentImage(pool, pool.zeroed(size * size), mask) };
      const samples = {
        size,
        rgb: samplesOf(frame.rgb),
        luma: samplesOf(frame.luma),
        where: samplesOf(frame.where),
        one,
        other,
      };
      const { rgb, trust } = carriedBlend(samples, options, pool);
      return { rgb: lentImage(pool, rgb, frame.rgb), trust: lentImage(pool, trust, mask) };
    },
    carriedTrust(trust, matte, bounds) {
      const [trusted, seen] = [samplesOf(trust), samplesOf(matte)];
      return figures({ untrusted: untrusted(trusted, seen, squareSide(matte), bounds), share: shareOf(trusted, seen) });
    },
  };
}

function untrusted(
  trust: Float32Array,
  matte: Float32Array,
  size: number,
  { enough, unseen }: { readonly enough: number; readonly unseen: number },
): Roi | null {
  let [left, top, right, bottom] = [size, size, 0, 0];
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      if (trust[i] >= enough || matte[i] < unseen) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  return right > left ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

function shareOf(trust: Float32Array, matte: Float32Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < matte.length; i++) {
    sum += matte[i] * trust[i];
    total += matte[i];
  }
  return total > 0 ? sum / total : 0;
}
