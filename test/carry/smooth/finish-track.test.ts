import { describe, expect, it } from 'vitest';
import { auditFacts } from '../../../src/carry/skip/audit-facts.ts';
import { bridgeSkips } from '../../../src/carry/smooth/bridge-skips.ts';
import { confidences } from '../../../src/carry/smooth/confidence.ts';
import { filterLengths } from '../../../src/carry/smooth/filter-lengths.ts';
import { finishTrack } from '../../../src/carry/smooth/finish-track.ts';
import { motionChain } from '../../../src/carry/track/motion-chain.ts';
import { ditheredCrop, steadiedCrop } from '../../../src/carry/track/moved-crop.ts';
import type { RawObservation } from '../../../src/carry/track/raw-observation.ts';
import { emptyTrack, joinTo } from '../../../src/carry/track/raw-track.ts';
import { seeded } from '../../../src/carry/track/seeded.ts';
import { CANONICAL_POINTS } from '../../../src/face/canonical-face.ts';
import type { Landmarks } from '../../../src/face/landmarks.ts';
import { EXPRESSIVENESS } from '../../../src/face/regions.ts';
import { IDENTITY3, inSpace, type Similarity3 } from '../../../src/motion/similarity3.ts';
import { HEAD, INTER_OCULAR } from '../drawn-head.ts';
import { rawObservation } from '../raw-observations.ts';

/** The head with every point moved by x pixels. */
function movedBy(x: number): Landmarks {
  return HEAD.map((v, i) => (i % 3 === 0 ? v + x : v));
}

/** The head turned about its vertical axis, radians. */
function turned(yaw: number): Landmarks {
  const size = INTER_OCULAR / 6000;
  return CANONICAL_POINTS.map((_, i) => {
    const k = i - (i % 3);
    const [x, y, z] = [0, 1, 2].map((c) => (CANONICAL_POINTS[k + c] as number) * size) as [number, number, number];
    if (i % 3 === 1) return y + 150;
    return i % 3 === 0 ? Math.cos(yaw) * x + Math.sin(yaw) * z + 150 : Math.cos(yaw) * z - Math.sin(yaw) * x;
  });
}

const NOSE = 3;
const LOWER_LIP = 3 * 14;

describe('skipped frames', () => {
  const still = motionChain(Array.from({ length: 5 }, () => IDENTITY3));
  const skipped = (end: RawObservation): RawObservation[] => [
    rawObservation(HEAD),
    ...[1, 2, 3].map(() => rawObservation(HEAD, 'skip')),
    end,
  ];

  it('are led from the run before to the run after where age ended them', () => {
    const bridged = bridgeSkips(skipped(rawObservation(movedBy(4), 'age')), still, EXPRESSIVENESS);
    bridged.forEach((landmarks, k) => {
      expect((landmarks[NOSE] as number) - (HEAD[NOSE] as number)).toBeCloseTo(k, 4);
      expect((landmarks[LOWER_LIP] as number) - (HEAD[LOWER_LIP] as number)).toBeCloseTo(k, 4);
    });
  });

  it('keep lips and lids as they were where a changed tile ended them', () => {
    const bridged = bridgeSkips(skipped(rawObservation(movedBy(4), 'tiles')), still, EXPRESSIVENESS);
    expect((bridged[3] as Landmarks)[LOWER_LIP] as number).toBeCloseTo(HEAD[LOWER_LIP] as number, 4);
    expect(((bridged[3] as Landmarks)[NOSE] as number) - (HEAD[NOSE] as number)).toBeGreaterThan(2);
  });

  it('are led along the tracked motion, not across it', () => {
    const steps: Similarity3[] = Array.from({ length: 5 }, (_, k) =>
      inSpace({ a: 1, b: 0, tx: k === 2 ? 10 : 0, ty: 0 }),
    );
    const observations = [0, 0, 10, 10, 10].map((x, k) =>
      rawObservation(movedBy(x), k === 0 || k === 4 ? 'age' : 'skip'),
    );
    bridgeSkips(observations, motionChain(steps), EXPRESSIVENESS).forEach((landmarks, k) => {
      expect((landmarks[NOSE] as number) - (HEAD[NOSE] as number)).toBeCloseTo(k < 2 ? 0 : 10, 4);
    });
  });

  it('at the end of a track stay as they were carried', () => {
    const observations = [rawObservation(HEAD), rawObservation(movedBy(1), 'skip')];
    expect(bridgeSkips(observations, still, EXPRESSIVENESS)[1]).toEqual(movedBy(1));
  });
});

describe('confidence', () => {
  const motion = motionChain(Array.from({ length: 15 }, () => IDENTITY3));
  const accepted = (observations: readonly RawObservation[]) =>
    confidences(
      observations,
      observations.map(({ landmarks }) => landmarks),
      motion,
    );
  const quiet = Array.from({ length: 15 }, (_, k) => rawObservation(movedBy(0.2 * (k % 2))));

  it('is full in an ordinary frame', () => {
    for (const confidence of accepted(quiet)) expect(confidence).toBeGreaterThan(0.95);
  });

  it('is small in a flash, and not in the frames beside it', () => {
    const flash = accepted(quiet.with(7, rawObservation(HEAD, 'motion', { exposure: 0.7 })));
    expect(flash[7]).toBeLessThan(0.05);
    expect(flash[6]).toBeGreaterThan(0.95);
  });

  it('follows film that breathes', () => {
    const breathing = quiet.map(({ landmarks }, k) =>
      rawObservation(landmarks, 'motion', { exposure: 0.4 + 0.02 * (k % 2) }),
    );
    for (const confidence of accepted(breathing)) expect(confidence).toBeGreaterThan(0.9);
  });

  it('is small where the face lies off the place that tracking gives it, and where presence is low', () => {
    expect(accepted(quiet.with(7, rawObservation(movedBy(0.15 * INTER_OCULAR))))[7]).toBeLessThan(0.05);
    expect(accepted(quiet.with(7, rawObservation(HEAD, 'motion', { presence: 0.55 })))[7]).toBeLessThan(0.2);
  });
});

describe('the filters', () => {
  it('are short while the head turns, and full while it does not', () => {
    const steady = Array.from({ length: 40 }, () => turned(0.1));
    const turning = Array.from({ length: 40 }, (_, k) => turned(0.04 * (k - 20)));
    expect(filterLengths(steady)[20]).toBeCloseTo(1, 2);
    expect(filterLengths(turning)[20]).toBeLessThan(0.35);
  });
});

describe('a crop', () => {
  const crop = { x: 100, y: 90, size: 80, angle: 0.1 };

  it('hardly follows the landmarks from frame to frame, but catches up when it is far off', () => {
    const steadied = steadiedCrop(crop, { ...crop, x: 104, angle: 0.14 });
    expect(steadied.x).toBeCloseTo(100.2, 6);
    expect(steadied.angle).toBeCloseTo(0.102, 6);
    expect(steadiedCrop(crop, { ...crop, x: 120 }).x).toBe(120);
    expect(steadiedCrop(crop, { ...crop, size: 100 }).size).toBe(100);
  });

  it('is dithered within a twentieth of its size, the same way in every run', () => {
    const dithered = Array.from({ length: 50 }, (_, k) => ditheredCrop(crop, seeded(3, k)));
    for (const { x, size } of dithered) {
      expect(Math.abs(x - crop.x)).toBeLessThanOrEqual(4);
      expect(Math.abs(size - crop.size)).toBeLessThanOrEqual(4);
    }
    expect(new Set(dithered.map(({ x }) => x)).size).toBe(50);
    expect(ditheredCrop(crop, seeded(3, 7))).toEqual(dithered[7]);
  });
});

describe('tracks', () => {
  it('that continue each other become one, with the later one’s observations where both have some', () => {
    const earlier = emptyTrack(10);
    const later = emptyTrack(13);
    for (const x of [0, 1, 2, 3, 4]) earlier.observations.push(rawObservation(movedBy(x)));
    for (const x of [30, 31]) later.observations.push(rawObservation(movedBy(x)));
    earlier.identitySamples.push(...[10, 14].map((frame) => ({ frame, embedding: new Float32Array(1), quality: 1 })));
    earlier.limitHalvings = 1;
    joinTo(earlier, later, null);
    expect(later.in).toBe(10);
    const places = later.observations.map(({ landmarks }) =>
      Math.round((landmarks[0] as number) - (HEAD[0] as number)),
    );
    expect(places).toEqual([0, 1, 2, 30, 31]);
    expect(later.identitySamples.map(({ frame }) => frame)).toEqual([10]);
    expect(later.limitHalvings).toBe(1);
  });
});

describe('the audit', () => {
  it('is in per cent of the distance between the eyes, and null without a sample', () => {
    expect(auditFacts([])).toBeNull();
    const facts = auditFacts([
      { frame: 1, rigid: 0.003, lips: 0.01, lids: 0.005, cosine: 0.99 },
      { frame: 9, rigid: 0.005, lips: 0.02, lids: 0.007, cosine: 0.95 },
    ]);
    expect(facts?.sampled).toBe(2);
    expect(facts?.rigid).toBeCloseTo(0.4, 9);
    expect(facts?.lips).toBeCloseTo(1.5, 9);
    expect(facts?.leastCosine).toBe(0.95);
    expect(facts?.p99).toBeCloseTo(100 * Math.sqrt((0.005 ** 2 + 0.02 ** 2 + 0.007 ** 2) / 3), 9);
  });
});

describe('a frame in which the face’s texture cannot be followed', () => {
  const weave = [0, 0.4, -0.3, 0.2, 0.5, -0.4, 0.1, -0.2, 0.3, 0];
  const film = weave.map((x, k) => (k === 0 ? null : inSpace({ a: 1, b: 0, tx: x - (weave[k - 1] as number), ty: 0 })));

  /** A track that weaves with the film and walks on it; frame 5 is hidden, and the network is off by six pixels there. */
  function smoothedNose(walk: number): number[] {
    const track = emptyTrack(0);
    track.observations.push(
      ...weave.map((x, k): RawObservation => {
        const step = k === 0 || k === 5 ? null : inSpace({ a: 1, b: 0, tx: (film[k]?.t[0] ?? 0) + walk, ty: 0 });
        return { ...rawObservation(movedBy(x + walk * k + (k === 5 ? 6 : 0))), step, film: film[k] ?? null };
      }),
    );
    const { observations } = finishTrack(
      track,
      { id: 't1', shot: 0 },
      { scale: { x: 1, y: 1 }, smoothing: { rigid: 4, expression: 0.6 }, lightSigma: 5 },
    );
    return observations.map(({ landmarks }, k) => (landmarks[NOSE] as number) - (HEAD[NOSE] as number) - walk * k);
  }

  it('moves with the film where the face kept still on it', () => {
    expect(Math.abs((smoothedNose(0)[5] as number) - (weave[5] as number))).toBeLessThan(0.15);
  });

  it('moves with its landmarks where the face moved on its own', () => {
    expect(Math.abs((smoothedNose(3)[5] as number) - (weave[5] as number))).toBeGreaterThan(1);
  });
});
