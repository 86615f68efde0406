import type { Image } from '../image.ts';
import type { WindowOperations } from '../windows.ts';
import { borrowedImage, figures, lentImage, sameImage, samplesOf, squareSide } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { curvature } from './window/curvature.ts';
import { descratched } from './window/descratch.ts';
import { dirtCandidates } from './window/dirt-candidates.ts';
import { withOwnShading } from './window/own-shading.ts';
import { temporalMean } from './window/temporal-mean.ts';

export function cpuWindows(pool: FloatPool): WindowOperations {
  /** Masks of nothing by their side: most patches have no scratch, and images are not written to. */
  const nowhere = new Map<number, Image>();
  const nowhereOn = (size: number): Image => {
    const known =
      nowhere.get(size) ?? borrowedImage(new Float32Array(size * size), { width: size, height: size, planes: 1 });
    nowhere.set(size, known);
    return sameImage(known);
  };
  return {
    descratched(rgb, options) {
      const size = squareSide(rgb);
      const found = descratched(samplesOf(rgb), size, options, pool);
      if (!found) return { rgb: sameImage(rgb), scratched: nowhereOn(size) };
      return {
        rgb: lentImage(pool, found.rgb, rgb),
        scratched: lentImage(pool, found.scratched, { ...rgb, planes: 1 }),
      };
    },
    dirtCandidates(window, neighbours, expressive, options) {
      const size = squareSide(window.luma);
      const samples = {
        size,
        luma: samplesOf(window.luma),
        neighbours: neighbours.map(samplesOf),
        look: samplesOf(window.look),
        expressive: samplesOf(expressive),
      };
      return lentImage(pool, dirtCandidates(samples, options, pool), { width: size, height: size, planes: 2 });
    },
    curvature: (luma, look, options) =>
      figures(curvature({ luma: samplesOf(luma), look: samplesOf(look), size: squareSide(luma) }, options, pool)),
    temporalMean(window, own, eyes, options) {
      const samples = {
        size: squareSide(window.centre),
        centre: samplesOf(window.centre),
        luma: samplesOf(window.luma),
        where: samplesOf(window.where),
        look: samplesOf(window.look),
        neighbours: window.neighbours.map(({ rgb, luma }) => ({ rgb: samplesOf(rgb), luma: samplesOf(luma) })),
        own: samplesOf(own),
        eyes: samplesOf(eyes),
      };
      const { rgb, averaged } = temporalMean(samples, options, pool);
      return { rgb: lentImage(pool, rgb, window.centre), averaged: figures(averaged) };
    },
    withOwnShading(mean, { centre, where, own, expressive }, options) {
      const samples = {
        size: squareSide(mean),
        mean: samplesOf(mean),
        centre: samplesOf(centre),
        own: samplesOf(own),
        where: samplesOf(where),
        expressive: samplesOf(expressive),
      };
      return lentImage(pool, withOwnShading(samples, options, pool), mean);
    },
  };
}
