import { describe, expect, it } from 'vitest';
import { carriedMeans } from '../../../src/carry/smooth/carried-means.ts';
import { expressionShares } from '../../../src/carry/smooth/expression-filter.ts';
import { EYES } from '../../../src/carry/smooth/expression-groups.ts';
import { smoothLandmarks } from '../../../src/carry/smooth/smooth-landmarks.ts';
import { smoothInTime } from '../../../src/carry/smooth/zero-phase.ts';
import { motionChain } from '../../../src/carry/track/motion-chain.ts';
import { CANONICAL_POINTS } from '../../../src/face/canonical-face.ts';
import { eyeOpenings, fivePoints, interOcular, type Landmarks, mouthOpening } from '../../../src/face/landmarks.ts';
import { EXPRESSIVENESS, STEADY_POINTS } from '../../../src/face/regions.ts';
import { IDENTITY, type Similarity, transformLandmarks } from '../../../src/face/similarity.ts';
import { carryPoints, compose3, inSpace, motionAbout, type Similarity3 } from '../../../src/motion/similarity3.ts';

/** A small generator with a fixed seed (mulberry32), and from it normal noise (Box and Muller 1958). */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const SIGMAS = { rigid: 4, expression: 0.5 };

/** The canonical face on the screen, about 80 pixels between the eyes. */
const FACE: Landmarks = transformLandmarks(
  { a: 80 / interOcular(fivePoints(CANONICAL_POINTS)), b: 0, tx: 300, ty: 200 },
  CANONICAL_POINTS,
);
const DISTANCE = interOcular(fivePoints(FACE));

/** Weave and drift: a step a frame. */
function walk(frames: number, seed: number): Similarity3[] {
  const random = noise(seed);
  const next = (): Similarity => ({
    a: 1 + 0.001 * random(),
    b: 0.002 * random(),
    tx: 1.5 + 0.6 * random(),
    ty: 0.6 * random(),
  });
  return Array.from({ length: frames }, (_, k) => inSpace(k === 0 ? IDENTITY : next()));
}

/** A head that turns out of the plane by two degrees a frame, to and fro. */
function turns(frames: number): Similarity3[] {
  return Array.from({ length: frames }, (_, k) => {
    const yaw = k === 0 ? 0 : 0.035 * Math.cos((2 * Math.PI * k) / 40);
    return motionAbout({ centre: [300, 200, 0], growth: 0, roll: 0, yaw, pitch: 0.3 * yaw, right: 0, down: 0 });
  });
}

const still = (frames: number) => motionChain(Array.from({ length: frames }, () => inSpace(IDENTITY)));

function carried(steps: readonly Similarity3[], shapes: readonly Landmarks[]): Landmarks[] {
  let chain = inSpace(IDENTITY);
  return shapes.map((shape, k) => {
    chain = compose3(steps[k] as Similarity3, chain);
    return carryPoints(chain, shape);
  });
}

function jittered(landmarks: readonly Landmarks[], sigma: number, seed: number): Landmarks[] {
  const random = noise(seed);
  return landmarks.map((points) => {
    // Half of a network's noise moves all points together, as a crop that was cut a little off does.
    const common = [random() * sigma, random() * sigma, 0];
    return points.map((v, i) => v + (common[i % 3] as number) + (i % 3 < 2 ? random() * sigma : 0));
  });
}

function rms(a: readonly Landmarks[], b: readonly Landmarks[], points: readonly number[]): number {
  let sum = 0;
  a.forEach((frame, k) => {
    for (const i of points) {
      for (const c of [0, 1]) sum += ((frame[3 * i + c] as number) - ((b[k] as Landmarks)[3 * i + c] as number)) ** 2;
    }
  });
  return Math.sqrt(sum / (a.length * points.length));
}

const NOSE_AND_EYES = [1, 4, 33, 263, 133, 362, 168];

describe('smoothing', () => {
  it('takes out most of the jitter of a face that weaves, and follows the weave', () => {
    const steps = walk(60, 1);
    const truth = carried(
      steps,
      steps.map(() => FACE),
    );
    const seen = jittered(truth, 0.01 * DISTANCE, 2);
    const smoothed = smoothLandmarks(seen, motionChain(steps), { sigmas: SIGMAS, expressive: EXPRESSIVENESS });
    const before = rms(seen, truth, STEADY_POINTS);
    expect(before).toBeGreaterThan(1.5);
    // A Gaussian of σ = 4 frames leaves 1/3.8 of white noise.
    expect(rms(smoothed, truth, STEADY_POINTS)).toBeLessThan(0.34 * before);
  });

  it('leaves landmarks without noise where they are, however the face moves and turns', () => {
    for (const steps of [walk(40, 3), turns(40)]) {
      const truth = carried(
        steps,
        steps.map(() => FACE),
      );
      expect(
        rms(
          smoothLandmarks(truth, motionChain(steps), { sigmas: SIGMAS, expressive: EXPRESSIVENESS }),
          truth,
          NOSE_AND_EYES,
        ),
      ).toBeLessThan(0.01);
    }
  });

  it('takes as much jitter out of a head that turns as out of one that does not', () => {
    const steps = turns(60);
    const truth = carried(
      steps,
      steps.map(() => FACE),
    );
    const seen = jittered(truth, 0.01 * DISTANCE, 2);
    const smoothed = smoothLandmarks(seen, motionChain(steps), { sigmas: SIGMAS, expressive: EXPRESSIVENESS });
    expect(rms(smoothed, truth, STEADY_POINTS)).toBeLessThan(0.36 * rms(seen, truth, STEADY_POINTS));
  });

  it('keeps nine tenths of a blink and of a syllable', () => {
    const shapes = Array.from({ length: 41 }, (_, k) => {
      // A blink closes within three frames; the mouth opens and closes within ten.
      const closed = Math.max(0, 1 - Math.abs(k - 20) / 3);
      const open = Math.exp(-((k - 20) ** 2) / 18);
      return moveMouthAndLids(FACE, open, closed);
    });
    const smoothed = smoothLandmarks(shapes, still(41), { sigmas: SIGMAS, expressive: EXPRESSIVENESS });
    const mouth = (list: readonly Landmarks[]) => amplitude(list.map(mouthOpening));
    const lids = (list: readonly Landmarks[]) => amplitude(list.map((points) => eyeOpenings(points)[0]));
    expect(mouth(smoothed) / mouth(shapes)).toBeGreaterThan(0.9);
    expect(lids(smoothed) / lids(shapes)).toBeGreaterThan(0.8);
  });

  it('takes the jitter of a whole eye for the network’s, and keeps the blink in it', () => {
    const random = noise(8);
    const shapes = Array.from({ length: 61 }, (_, k) => {
      const face = moveMouthAndLids(FACE, 0, Math.max(0, 1 - Math.abs(k - 30) / 3));
      // More than counts as noise where a single landmark does it.
      for (const { group } of EYES) {
        const [x, y] = [0.008 * DISTANCE * random(), 0.008 * DISTANCE * random()];
        for (const i of group) {
          face[3 * i] = (face[3 * i] as number) + x;
          face[3 * i + 1] = (face[3 * i + 1] as number) + y;
        }
      }
      return face;
    });
    const smoothed = smoothLandmarks(shapes, still(61), { sigmas: SIGMAS, expressive: EXPRESSIVENESS });
    const corners = EYES.flatMap((eye) => eye.corners);
    const bends = (list: readonly Landmarks[]) =>
      rms(
        list.slice(1, -1).map((face, k) => face.map((v, i) => v - ((list[k]?.[i] ?? 0) + (list[k + 2]?.[i] ?? 0)) / 2)),
        list.slice(1, -1).map((face) => face.map(() => 0)),
        corners,
      );
    expect(bends(smoothed)).toBeLessThan(0.06 * bends(shapes));
    const lids = (list: readonly Landmarks[]) => amplitude(list.map((points) => eyeOpenings(points)[0]));
    expect(lids(smoothed) / lids(shapes)).toBeGreaterThan(0.8);
  });

  it('bridges frames without confidence from both sides', () => {
    const shapes = Array.from({ length: 21 }, () => FACE);
    const seen = shapes.map((points, k) => (k === 10 ? points.map((v, i) => v + (i % 3 < 2 ? 20 : 0)) : points));
    const trust = seen.map((_, k) => (k === 10 ? 0 : 1));
    expect(
      rms(
        smoothLandmarks(seen, still(21), { sigmas: SIGMAS, expressive: EXPRESSIVENESS, trust }),
        shapes,
        NOSE_AND_EYES,
      ),
    ).toBeLessThan(0.01);
  });
});

describe('the carried means of a track', () => {
  it('are zero-phase means of what is carried, and the frame itself where there is no confidence in any', () => {
    const random = noise(5);
    const observed = Array.from({ length: 60 }, () => FACE.map((v) => v + random()));
    const long = observed.map((_, k) => 1 + (k % 4));
    const trust = observed.map((_, k) => (k < 20 ? 0 : k % 7 === 0 ? 0.1 : 1));
    const whole = smoothInTime(observed, long, trust);
    let k = 0;
    for (const mean of carriedMeans(observed, still(60), { long, short: 0.5, trust }, EXPRESSIVENESS)) {
      expect(rms([mean.long], [whole[k] as Landmarks], NOSE_AND_EYES)).toBeLessThan(1e-4);
      k += 1;
    }
    expect(k).toBe(60);
  });

  it('fit few frames onto the mean of many, so that a crop’s common error moves no lid', () => {
    // Every other frame is seen a pixel to the right.
    const observed = Array.from({ length: 30 }, (_, k) => FACE.map((v, i) => (i % 3 === 0 ? v + (k % 2) : v)));
    const filters = { long: observed.map(() => 4), short: 0.3, trust: undefined };
    let last: number | null = null;
    for (const { short } of carriedMeans(observed, still(30), filters, EXPRESSIVENESS)) {
      const lid = short[3 * 159] as number;
      if (last !== null) expect(Math.abs(lid - last)).toBeLessThan(0.25);
      last = lid;
    }
  });
});

describe('a group of landmarks', () => {
  it('counts as moving where it moves, and as still where it only jitters', () => {
    const random = noise(6);
    const observed = Array.from({ length: 60 }, (_, k) => {
      const open = Math.exp(-((k - 40) ** 2) / 8);
      return moveMouthAndLids(FACE, open, 0).map((v, i) => v + (i % 3 < 2 ? 0.002 * DISTANCE * random() : 0));
    });
    const filters = { long: observed.map(() => 4), short: 0.5, trust: undefined };
    const means = carriedMeans(observed, still(60), filters, EXPRESSIVENESS);
    const [share] = expressionShares(means, 60, [[13, 14, 17, 87, 317]], { short: 0.5, long: 4 });
    expect(share?.[40]).toBeGreaterThan(0.9);
    expect(Math.max(...(share ?? []).slice(4, 22))).toBeLessThan(0.5);
  });
});

describe('smoothing in time', () => {
  it('neither lags nor leads', () => {
    const impulse = Array.from({ length: 21 }, (_, k) => Float32Array.of(k === 10 ? 1 : 0));
    const smooth = smoothInTime(impulse, 2).map((v) => v[0] as number);
    expect(smooth.indexOf(Math.max(...smooth))).toBe(10);
    for (let d = 1; d < 8; d++) expect(smooth[10 - d]).toBeCloseTo(smooth[10 + d] as number, 6);
  });

  it('keeps a constant to the very ends', () => {
    const constant = Array.from({ length: 5 }, () => Float32Array.of(3));
    for (const v of smoothInTime(constant, 4)) expect(v[0]).toBeCloseTo(3, 6);
  });
});

/** Lower lip and jaw down by a tenth of the inter-ocular distance times `open`; upper lids down onto the lower by `closed`. */
function moveMouthAndLids(face: Landmarks, open: number, closed: number): Landmarks {
  const out = face.slice();
  for (const i of [14, 17, 87, 317, 152]) out[3 * i + 1] = (out[3 * i + 1] as number) + 0.1 * DISTANCE * open;
  for (const [upper, lower] of [
    [159, 145],
    [386, 374],
  ] as const) {
    const gap = (face[3 * lower + 1] as number) - (face[3 * upper + 1] as number);
    out[3 * upper + 1] = (out[3 * upper + 1] as number) + gap * closed;
  }
  return out;
}

function amplitude(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
