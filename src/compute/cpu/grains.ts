import type { GrainOperations } from '../grains.ts';
import { squareSide } from '../image-handles.ts';
import { figures, lentImage, samplesOf } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { addGrain, grainOf } from './window/grain.ts';
import { withoutLeftGrain } from './window/left-grain.ts';
import { regrained } from './window/regrain.ts';
import { grainBetween } from './window/window-grain.ts';

export function cpuGrains(pool: FloatPool): GrainOperations {
  return {
    grainBetween(frame, others, where) {
      const [own, all, looked] = [frame, others, where].map(samplesOf);
      const count = others.planes / frame.planes;
      const of = (k: number) => all.subarray(k * own.length, (k + 1) * own.length);
      return figures(Array.from({ length: count }, (_, k) => grainBetween(own, of(k), looked)));
    },
    withoutLeftGrain({ mean, frame, weights, own, where, eyes }, options) {
      const samples = {
        size: squareSide(mean),
        mean: samplesOf(mean),
        frame: samplesOf(frame),
        weights: samplesOf(weights),
        own: samplesOf(own),
        where: samplesOf(where),
        eyes: samplesOf(eyes),
      };
      return lentImage(pool, withoutLeftGrain(samples, options, pool), mean);
    },
    regrained({ restored, plate, repaired, substitute, own, where }, options) {
      const samples = {
        size: squareSide(restored),
        restored: samplesOf(restored),
        plate: samplesOf(plate),
        repaired: samplesOf(repaired),
        substitute: substitute && samplesOf(substitute),
        own: samplesOf(own),
        where: samplesOf(where),
      };
      return lentImage(pool, regrained(samples, options, pool), restored);
    },
    withGrainOfPlate(restored, plate, options) {
      const grain = grainOf(samplesOf(plate), squareSide(plate), options, pool);
      const grained = addGrain(samplesOf(restored), grain, options, pool);
      pool.giveBack(grain.rgb, grain.luma);
      return lentImage(pool, grained, restored);
    },
  };
}
