import type { Image } from '../image.ts';
import type { StillOperations } from '../stills.ts';
import { figures, lentImage, samplesOf, squareSide } from './cpu-image.ts';
import { boxBlur } from './filter/box-blur.ts';
import { shrunkTo } from './filter/half-size.ts';
import type { FloatPool } from './float-pool.ts';
import { templateIn } from './flows.ts';
import { blurMismatches } from './still/blur-mismatch.ts';
import { localContrast, localLikeness } from './still/local-likeness.ts';
import { mixedDetail } from './still/mixed-detail.ts';
import { registeredStill } from './still/register-still.ts';
import { stillGate } from './still/still-gate.ts';
import { withDetail } from './still/with-detail.ts';
import { mapIn } from './warps.ts';

export function cpuStills(pool: FloatPool): StillOperations {
  const plane = (samples: Float32Array, side: number): Image =>
    lentImage(pool, samples, { width: side, height: side, planes: 1 });
  return {
    registerStills({ template, luma, small, where }, sources, options) {
      const side = squareSide(small);
      const light = boxBlur(samplesOf(small), side, { sigma: options.light.sigma, passes: 2 }, pool);
      const face = {
        size: squareSide(luma),
        template: templateIn(template),
        luma: samplesOf(luma),
        where: samplesOf(where),
        light,
      };
      const found = sources.map(({ luma, map }) => {
        const made = registeredStill(face, { luma: samplesOf(luma), map: mapIn(map) }, options, pool);
        const unregistered = plane(made.unregistered, side);
        const full = plane(made.luma, face.size);
        const fit = plane(made.fit, side);
        return {
          unregistered,
          luma: full,
          fit,
          [Symbol.dispose]() {
            for (const image of [fit, full, unregistered]) image[Symbol.dispose]();
          },
        };
      });
      pool.giveBack(light);
      return found;
    },
    localLikeness(a, b, options) {
      const size = squareSide(a);
      return plane(localLikeness({ a: samplesOf(a), b: samplesOf(b), size }, options, pool), size);
    },
    localContrast(a, b, options) {
      const size = squareSide(a);
      return plane(localContrast({ a: samplesOf(a), b: samplesOf(b), size }, options, pool), size);
    },
    localError(a, b, sigma) {
      const side = squareSide(a);
      const squares = squaredDifference(samplesOf(a), samplesOf(b), pool);
      const error = boxBlur(squares, side, { sigma, passes: 2 }, pool);
      pool.giveBack(squares);
      return plane(error, side);
    },
    above(image, least) {
      const samples = samplesOf(image);
      const out = pool.lend(samples.length);
      let sum = 0;
      for (let i = 0; i < out.length; i++) {
        out[i] = Math.max(0, samples[i] - least);
        sum += out[i];
      }
      return { image: lentImage(pool, out, image), sum: figures(sum) };
    },
    blurMismatches(plate, stills, trials) {
      const compared = {
        size: squareSide(plate),
        plate: samplesOf(plate),
        stills: stills.map(({ luma, weight }) => ({ luma: samplesOf(luma), weight: samplesOf(weight) })),
      };
      return blurMismatches(compared, trials, pool).map(figures);
    },
    detailUnder(sharp, soft, { side, sigma }) {
      const size = squareSide(sharp);
      const [a, b] = [samplesOf(sharp), samplesOf(soft)];
      const lost = pool.lend(a.length);
      const squares = pool.lend(a.length);
      for (let i = 0; i < lost.length; i++) {
        lost[i] = a[i] - b[i];
        squares[i] = lost[i] * lost[i];
      }
      const small = shrunkTo(squares, size, side, pool);
      const energy = boxBlur(small, side, { sigma, passes: 2 }, pool);
      if (small !== squares) pool.giveBack(small);
      pool.giveBack(squares);
      return { lost: plane(lost, size), energy: plane(energy, side) };
    },
    stillGate(evidence, options) {
      const size = squareSide(evidence.after);
      const samples = {
        size,
        after: samplesOf(evidence.after),
        before: samplesOf(evidence.before),
        fit: samplesOf(evidence.fit),
        energy: samplesOf(evidence.energy),
        error: samplesOf(evidence.error),
        contrast: samplesOf(evidence.contrast),
        eyes: samplesOf(evidence.eyes),
        look: samplesOf(evidence.look),
      };
      return plane(stillGate(samples, options, pool), size);
    },
    mixedDetail(offers, look, temperature) {
      const [first] = offers;
      if (!first) throw new TypeError('Detail is mixed of one still at least. Give one.');
      const size = squareSide(first.lost);
      const samples = offers.map(({ lost, energy, error, gate }) => ({
        lost: samplesOf(lost),
        energy: samplesOf(energy),
        error: samplesOf(error),
        gate: samplesOf(gate),
      }));
      const sides = { size, side: squareSide(look), temperature };
      const { detail, gate, accepted } = mixedDetail(samples, samplesOf(look), sides, pool);
      return { detail: plane(detail, size), gate: plane(gate, size), accepted: figures(accepted) };
    },
    withDetail: (rgb, detail, options) =>
      lentImage(pool, withDetail(samplesOf(rgb), samplesOf(detail), options, pool), rgb),
  };
}

function squaredDifference(a: Float32Array, b: Float32Array, pool: FloatPool): Float32Array {
  const out = pool.lend(a.length);
  for (let i = 0; i < out.length; i++) {
    const d = a[i] - b[i];
    out[i] = d * d;
  }
  return out;
}
