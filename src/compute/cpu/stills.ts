import type { Image } from '../image.ts';
import { squareSide } from '../image-handles.ts';
import type { StillOperations } from '../stills.ts';
import { figures, imageOfPlanes, lentImage, planeSamples, samplesOf } from './cpu-image.ts';
import { boxBlur } from './filter/box-blur.ts';
import { shrunkTo } from './filter/half-size.ts';
import type { FloatPool } from './float-pool.ts';
import { templateIn } from './flows.ts';
import { localContrast, localLikeness, type Pair } from './still/local-likeness.ts';
import { mixedDetail } from './still/mixed-detail.ts';
import { registeredStill } from './still/register-still.ts';
import { stillGate } from './still/still-gate.ts';
import { withDetail } from './still/with-detail.ts';
import { mapIn } from './warps.ts';

export function cpuStills(pool: FloatPool): StillOperations {
  const square = (side: number, planes: number, made: (k: number) => Float32Array): Image =>
    imageOfPlanes(pool, { width: side, height: side, planes }, made);
  /** A plane for each of those of `b`, of `a` (one plane) and that one. */
  const ofPairs = (a: Image, b: Image, made: (pair: Pair) => Float32Array): Image => {
    const size = squareSide(a);
    const own = samplesOf(a);
    const others = planeSamples(b);
    return square(size, others.length, (k) => made({ a: own, b: others[k], size }));
  };
  return {
    registerStills({ template, luma, small, where }, sources, options) {
      if (sources.length === 0) throw new TypeError('No still was given to be registered. Give one.');
      const side = squareSide(small);
      const light = boxBlur(samplesOf(small), side, { sigma: options.light.sigma, passes: 2 }, pool);
      const face = {
        size: squareSide(luma),
        template: templateIn(template),
        luma: samplesOf(luma),
        where: samplesOf(where),
        light,
      };
      const made = sources.map(({ luma, map }) =>
        registeredStill(face, { luma: samplesOf(luma), map: mapIn(map) }, options, pool),
      );
      pool.giveBack(light);
      const unregistered = square(side, made.length, (k) => made[k].unregistered);
      const full = square(face.size, made.length, (k) => made[k].luma);
      const fit = square(side, made.length, (k) => made[k].fit);
      return {
        unregistered,
        luma: full,
        fit,
        [Symbol.dispose]() {
          for (const image of [fit, full, unregistered]) image[Symbol.dispose]();
        },
      };
    },
    localLikeness: (a, b, options) => ofPairs(a, b, (pair) => localLikeness(pair, options, pool)),
    localContrast: (a, b, options) => ofPairs(a, b, (pair) => localContrast(pair, options, pool)),
    localError: (a, b, sigma) =>
      ofPairs(a, b, (pair) => {
        const squares = pool.lend(pair.a.length);
        pool.loops.squaredDifference(pair.a, pair.b, squares, squares.length);
        const error = boxBlur(squares, pair.size, { sigma, passes: 2 }, pool);
        pool.giveBack(squares);
        return error;
      }),
    above(image, least) {
      const samples = samplesOf(image);
      const out = pool.lend(samples.length);
      for (let i = 0; i < out.length; i++) out[i] = Math.max(0, samples[i] - least);
      const over = lentImage(pool, out, image);
      return { image: over, sums: figures(planeSamples(over).map(sumOf)) };
    },
    weighedSquares(image, weight) {
      const weights = planeSamples(weight);
      return figures(planeSamples(image).map((plane, k) => weighedSum(plane, weights[k % weights.length])));
    },
    detailUnder(sharp, soft, { side, sigma }) {
      const size = squareSide(sharp);
      const [a, b] = [samplesOf(sharp), samplesOf(soft)];
      const lost = pool.lend(a.length);
      pool.loops.difference(a, b, lost, lost.length);
      const taken = lentImage(pool, lost, sharp);
      const planes = planeSamples(taken);
      const energy = square(side, planes.length, (k) => {
        const squares = pool.lend(planes[k].length);
        pool.loops.product(planes[k], planes[k], squares, squares.length);
        const small = shrunkTo(squares, size, side, pool);
        const mean = boxBlur(small, side, { sigma, passes: 2 }, pool);
        if (small !== squares) pool.giveBack(small);
        pool.giveBack(squares);
        return mean;
      });
      return { lost: taken, energy };
    },
    stillGate({ eyes, look, ...judged }, options) {
      const size = squareSide(judged.after);
      const shared = { size, eyes: samplesOf(eyes), look: samplesOf(look) };
      const [after, before, fit] = [judged.after, judged.before, judged.fit].map(planeSamples);
      const [energy, error, contrast] = [judged.energy, judged.error, judged.contrast].map(planeSamples);
      return square(size, after.length, (k) => {
        const own = { after: after[k], before: before[k], fit: fit[k] };
        const detail = { energy: energy[k], error: error[k], contrast: contrast[k] };
        return stillGate({ ...shared, ...own, ...detail }, options, pool);
      });
    },
    mixedDetail({ lost, energy, error, gate }, look, temperature) {
      const size = squareSide(lost);
      const [energies, errors, gates] = [energy, error, gate].map(planeSamples);
      const samples = planeSamples(lost).map((own, k) => ({
        lost: own,
        energy: energies[k],
        error: errors[k],
        gate: gates[k],
      }));
      const sides = { size, side: squareSide(look), temperature };
      const mixed = mixedDetail(samples, samplesOf(look), sides, pool);
      return {
        detail: square(size, 1, () => mixed.detail),
        gate: square(size, 1, () => mixed.gate),
        accepted: figures(mixed.accepted),
      };
    },
    withDetail: (rgb, detail, options) =>
      lentImage(pool, withDetail(samplesOf(rgb), samplesOf(detail), options, pool), rgb),
  };
}

function sumOf(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i];
  return sum;
}

function weighedSum(samples: Float32Array, weight: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += weight[i] * samples[i] * samples[i];
  return sum;
}
