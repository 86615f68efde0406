import { describe, expect, it } from 'vitest';
import { expressionShares } from '../../src/carry/expression-filter.ts';
import { settle } from '../../src/carry/settle.ts';
import { smoothedShapes } from '../../src/carry/shape-window.ts';
import { smoothInTime } from '../../src/carry/zero-phase.ts';
import { CANONICAL_POINTS } from '../../src/face/canonical-face.ts';
import { eyeOpenings, fivePoints, interOcular, type Landmarks, mouthOpening } from '../../src/face/landmarks.ts';
import { EXPRESSIVENESS, STEADY_POINTS } from '../../src/face/regions.ts';
import { IDENTITY, type Similarity, transformLandmarks } from '../../src/face/similarity.ts';

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

const SIGMAS = { pose: 4, shape: 4, expression: 0.5 };

/** The canonical face on the screen, about 80 pixels between the eyes. */
const FACE: Landmarks = transformLandmarks(
  { a: 80 / interOcular(fivePoints(CANONICAL_POINTS)), b: 0, tx: 300, ty: 200 },
  CANONICAL_POINTS,
);
const DISTANCE = interOcular(fivePoints(FACE));

/** Weave and drift: a step a frame. */
function walk(frames: number, seed: number): Similarity[] {
  const random = noise(seed);
  return Array.from({ length: frames }, (_, k) =>
    k === 0 ? IDENTITY : { a: 1 + 0.001 * random(), b: 0.002 * random(), tx: 1.5 + 0.6 * random(), ty: 0.6 * random() },
  );
}

function carried(steps: readonly Similarity[], shapes: readonly Landmarks[]): Landmarks[] {
  let chain = (points: Landmarks) => points;
  return shapes.map((shape, k) => {
    const before = chain;
    const step = steps[k] as Similarity;
    if (k > 0) chain = (points) => transformLandmarks(step, before(points));
    return chain(shape);
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

describe('settling', () => {
  it('takes out most of the jitter of a face that weaves, and follows the weave', () => {
    const steps = walk(60, 1);
    const truth = carried(
      steps,
      steps.map(() => FACE),
    );
    const seen = jittered(truth, 0.01 * DISTANCE, 2);
    const settled = settle(seen, steps, SIGMAS, EXPRESSIVENESS);
    const before = rms(seen, truth, STEADY_POINTS);
    expect(before).toBeGreaterThan(1.5);
    // A Gaussian of σ = 4 frames leaves 1/3.8 of white noise.
    expect(rms(settled, truth, STEADY_POINTS)).toBeLessThan(0.34 * before);
  });

  it('leaves landmarks without noise where they are, however the face moves', () => {
    const steps = walk(40, 3);
    const truth = carried(
      steps,
      steps.map(() => FACE),
    );
    expect(rms(settle(truth, steps, SIGMAS, EXPRESSIVENESS), truth, NOSE_AND_EYES)).toBeLessThan(0.01);
  });

  it('keeps nine tenths of a blink and of a syllable', () => {
    const shapes = Array.from({ length: 41 }, (_, k) => {
      // A blink closes within three frames; the mouth opens and closes within ten.
      const closed = Math.max(0, 1 - Math.abs(k - 20) / 3);
      const open = Math.exp(-((k - 20) ** 2) / 18);
      return moveMouthAndLids(FACE, open, closed);
    });
    const settled = settle(
      shapes,
      shapes.map(() => IDENTITY),
      SIGMAS,
      EXPRESSIVENESS,
    );
    const mouth = (list: readonly Landmarks[]) => amplitude(list.map(mouthOpening));
    const lids = (list: readonly Landmarks[]) => amplitude(list.map((points) => eyeOpenings(points)[0]));
    expect(mouth(settled) / mouth(shapes)).toBeGreaterThan(0.9);
    expect(lids(settled) / lids(shapes)).toBeGreaterThan(0.8);
  });

  it('bridges frames that are not believed from both sides', () => {
    const shapes = Array.from({ length: 21 }, () => FACE);
    const seen = shapes.map((points, k) => (k === 10 ? points.map((v, i) => v + (i % 3 < 2 ? 20 : 0)) : points));
    const trust = seen.map((_, k) => (k === 10 ? 0 : 1));
    const steps = seen.map(() => IDENTITY);
    expect(rms(settle(seen, steps, SIGMAS, EXPRESSIVENESS, { trust }), shapes, NOSE_AND_EYES)).toBeLessThan(0.01);
  });
});

describe('the smoothed shapes of a long track', () => {
  it('are those of smoothing all of it at once', () => {
    const random = noise(5);
    const observed = Array.from({ length: 60 }, () => FACE.map((v) => v + random()));
    const places = observed.map(() => IDENTITY);
    const long = observed.map((_, k) => 1 + (k % 4));
    const trust = observed.map((_, k) => (k % 7 === 0 ? 0.1 : 1));
    const whole = { long: smoothInTime(observed, long, trust), short: smoothInTime(observed, 0.5, trust) };
    let k = 0;
    for (const shape of smoothedShapes(observed, places, { long, longest: 4, short: 0.5, trust })) {
      expect(rms([shape.long], [whole.long[k] as Landmarks], NOSE_AND_EYES)).toBeLessThan(1e-4);
      expect(rms([shape.short], [whole.short[k] as Landmarks], NOSE_AND_EYES)).toBeLessThan(1e-4);
      k += 1;
    }
    expect(k).toBe(60);
  });
});

describe('a group of landmarks', () => {
  it('is believed to move where it does, and to tremble elsewhere', () => {
    const random = noise(6);
    const observed = Array.from({ length: 60 }, (_, k) => {
      const open = Math.exp(-((k - 40) ** 2) / 8);
      return moveMouthAndLids(FACE, open, 0).map((v, i) => v + (i % 3 < 2 ? 0.002 * DISTANCE * random() : 0));
    });
    const filters = { long: observed.map(() => 4), longest: 4, short: 0.5, trust: undefined };
    const shapes = smoothedShapes(
      observed,
      observed.map(() => IDENTITY),
      filters,
    );
    const [share] = expressionShares(shapes, 60, [[13, 14, 17, 87, 317]], DISTANCE, { short: 0.5, long: 4 });
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
