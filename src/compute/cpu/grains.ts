import type { GrainOperations } from '../grains.ts';
import { figures, lentImage, samplesOf, squareSide } from './cpu-image.ts';
import type { FloatPool } from './float-pool.ts';
import { addGrain, grainOf } from './window/grain.ts';
import { regrained } from './window/regrain.ts';
import { grainBetween } from './window/window-grain.ts';

export function cpuGrains(pool: FloatPool): GrainOperations {
  return {
    grainBetween: (a, b, where) => figures(grainBetween(samplesOf(a), samplesOf(b), samplesOf(where))),
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
