import { squareSide } from '../image-handles.ts';
import type { WindowOperations } from '../windows.ts';
import { figures, lentImage, planeSamples, samplesOf } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { curvature } from './window/curvature.ts';
import { dirtCandidates } from './window/dirt-candidates.ts';
import { withOwnShading } from './window/own-shading.ts';
import { temporalMean } from './window/temporal-mean.ts';

export function cpuWindows(pool: FloatPool): WindowOperations {
  return {
    dirtCandidates(window, expressive, options) {
      const size = squareSide(window.lumas);
      const [luma, ...neighbours] = planeSamples(window.lumas);
      const samples = {
        size,
        luma,
        neighbours,
        look: samplesOf(window.look),
        expressive: samplesOf(expressive),
      };
      return lentImage(pool, dirtCandidates(samples, options, pool), { width: size, height: size, planes: 4 });
    },
    curvature(lumas, look, options) {
      const shared = { look: samplesOf(look), size: squareSide(lumas) };
      return figures(planeSamples(lumas).map((luma) => curvature({ ...shared, luma }, options, pool)));
    },
    temporalMean(window, own, eyes, options) {
      const centre = samplesOf(window.centre);
      const frames = samplesOf(window.neighbours);
      const [luma, ...lumas] = planeSamples(window.lumas);
      const samples = {
        size: squareSide(window.centre),
        centre,
        luma,
        where: samplesOf(window.where),
        look: samplesOf(window.look),
        neighbours: lumas.map((luma, k) => ({
          rgb: frames.subarray(k * centre.length, (k + 1) * centre.length),
          luma,
        })),
        own: samplesOf(own),
        eyes: samplesOf(eyes),
      };
      const { rgb, weights, averaged } = temporalMean(samples, options, pool);
      return {
        rgb: lentImage(pool, rgb, window.centre),
        weights: lentImage(pool, weights, { ...window.centre, planes: 1 }),
        averaged: figures(averaged),
      };
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
