import type { CrossFadeOptions, LumaDetailOptions, PixelOperations } from '../pixels.ts';
import { isWhole } from '../whole-image.ts';
import { lentImage, planeSamples, sameImage, samplesOf } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';

export function cpuPixels(pool: FloatPool): PixelOperations {
  return {
    planes(image, which) {
      if (isWhole(image, which)) return sameImage(image);
      const own = planeSamples(image);
      const area = image.width * image.height;
      const out = pool.lend(which.length * area);
      which.forEach((of, k) => {
        out.set(own[of], k * area);
      });
      return lentImage(pool, out, { ...image, planes: which.length });
    },
    joined(images) {
      const [first] = images;
      const planes = images.reduce((sum, image) => sum + image.planes, 0);
      const area = first.width * first.height;
      const out = pool.lend(planes * area);
      let start = 0;
      for (const image of images) {
        out.set(samplesOf(image), start);
        start += image.planes * area;
      }
      return lentImage(pool, out, { ...first, planes });
    },
    difference(a, b, { gain = 1, where } = {}) {
      const [from, less] = [samplesOf(a), samplesOf(b)];
      const out = pool.lend(from.length);
      for (let i = 0; i < out.length; i++) out[i] = from[i] - gain * less[i];
      if (where) clearOutside(out, samplesOf(where));
      return lentImage(pool, out, a);
    },
    addedToLuma(rgb, detail, options) {
      const { width, height } = rgb;
      const out = pool.lend(3 * width * height);
      out.set(samplesOf(rgb));
      for (let first = 0; first < out.length; first += width * height) {
        const samples = out.subarray(first, first + width * height);
        addDetail({ samples, width }, { samples: samplesOf(detail), width: detail.width }, options);
      }
      return lentImage(pool, out, rgb);
    },
    crossFaded(a, b, options) {
      const out = pool.lend(a.planes * a.width * a.height);
      crossFade(samplesOf(a), samplesOf(b), options, out);
      return lentImage(pool, out, a);
    },
  };
}

function clearOutside(planes: Float32Array, where: Float32Array): void {
  for (let first = 0; first < planes.length; first += where.length) {
    for (let i = 0; i < where.length; i++) if (!(where[i] > 0)) planes[first + i] = 0;
  }
}

/** One plane in rows of `width`. */
interface Rows {
  readonly samples: Float32Array;
  readonly width: number;
}

function addDetail({ samples, width }: Rows, detail: Rows, { x, y, strength, most }: LumaDetailOptions): void {
  const added = detail.samples;
  for (let i = 0, row = y * width + x; i < added.length; row += width) {
    for (let o = row, end = row + detail.width; o < end; o++, i++) {
      samples[o] += Math.max(-most, Math.min(most, strength * added[i]));
    }
  }
}

function crossFade(a: Float32Array, b: Float32Array, options: CrossFadeOptions, out: Float32Array): void {
  const share = samplesOf(options.share);
  const where = samplesOf(options.where);
  out.set(a);
  for (let i = 0; i < share.length; i++) {
    const t = share[i];
    if (t >= options.enough || !(where[i] > 0)) continue;
    for (let o = i; o < out.length; o += share.length) out[o] = t * a[o] + (1 - t) * b[o];
  }
}
