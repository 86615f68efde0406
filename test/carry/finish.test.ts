import { describe, expect, it } from 'vitest';
import { auditFacts } from '../../src/carry/audit-facts.ts';
import { beliefs } from '../../src/carry/belief.ts';
import { bridgeRests } from '../../src/carry/bridge.ts';
import { filterLengths } from '../../src/carry/filter-lengths.ts';
import { finishTrack } from '../../src/carry/finish-track.ts';
import { motionChain } from '../../src/carry/motion-chain.ts';
import { ditheredCrop, steadiedCrop } from '../../src/carry/moved-crop.ts';
import type { RawSighting } from '../../src/carry/raw-sighting.ts';
import { emptyTrack, joinTo } from '../../src/carry/raw-track.ts';
import { seeded } from '../../src/carry/seeded.ts';
import { CANONICAL_POINTS } from '../../src/face/canonical-face.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';
import { EXPRESSIVENESS } from '../../src/face/regions.ts';
import { IDENTITY3, inSpace, type Similarity3 } from '../../src/motion/similarity3.ts';
import { HEAD, INTER_OCULAR } from './drawn-head.ts';
import { rawSighting } from './raw-sightings.ts';

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

describe('a rest', () => {
  const still = motionChain(Array.from({ length: 5 }, () => IDENTITY3));
  const rested = (end: RawSighting): RawSighting[] => [
    rawSighting(HEAD),
    ...[1, 2, 3].map(() => rawSighting(HEAD, 'rest')),
    end,
  ];

  it('that its age ends is led from the look before it to the look after it', () => {
    const bridged = bridgeRests(rested(rawSighting(movedBy(4), 'age')), still, EXPRESSIVENESS);
    bridged.forEach((landmarks, k) => {
      expect((landmarks[NOSE] as number) - (HEAD[NOSE] as number)).toBeCloseTo(k, 4);
      expect((landmarks[LOWER_LIP] as number) - (HEAD[LOWER_LIP] as number)).toBeCloseTo(k, 4);
    });
  });

  it('that a changed tile ends keeps lips and lids as they were', () => {
    const bridged = bridgeRests(rested(rawSighting(movedBy(4), 'tiles')), still, EXPRESSIVENESS);
    expect((bridged[3] as Landmarks)[LOWER_LIP] as number).toBeCloseTo(HEAD[LOWER_LIP] as number, 4);
    expect(((bridged[3] as Landmarks)[NOSE] as number) - (HEAD[NOSE] as number)).toBeGreaterThan(2);
  });

  it('is led along the tracked motion, not across it', () => {
    const steps: Similarity3[] = Array.from({ length: 5 }, (_, k) =>
      inSpace({ a: 1, b: 0, tx: k === 2 ? 10 : 0, ty: 0 }),
    );
    const sightings = [0, 0, 10, 10, 10].map((x, k) => rawSighting(movedBy(x), k === 0 || k === 4 ? 'age' : 'rest'));
    bridgeRests(sightings, motionChain(steps), EXPRESSIVENESS).forEach((landmarks, k) => {
      expect((landmarks[NOSE] as number) - (HEAD[NOSE] as number)).toBeCloseTo(k < 2 ? 0 : 10, 4);
    });
  });

  it('at the end of a track stays as it was carried', () => {
    const sightings = [rawSighting(HEAD), rawSighting(movedBy(1), 'rest')];
    expect(bridgeRests(sightings, still, EXPRESSIVENESS)[1]).toEqual(movedBy(1));
  });
});

describe('belief', () => {
  const motion = motionChain(Array.from({ length: 15 }, () => IDENTITY3));
  const believed = (sightings: readonly RawSighting[]) =>
    beliefs(
      sightings,
      sightings.map(({ landmarks }) => landmarks),
      motion,
    );
  const quiet = Array.from({ length: 15 }, (_, k) => rawSighting(movedBy(0.2 * (k % 2))));

  it('is whole where nothing speaks against a frame', () => {
    for (const belief of believed(quiet)) expect(belief).toBeGreaterThan(0.95);
  });

  it('is small in a flash, and not in the frames beside it', () => {
    const flash = believed(quiet.with(7, rawSighting(HEAD, 'motion', { exposure: 0.7 })));
    expect(flash[7]).toBeLessThan(0.05);
    expect(flash[6]).toBeGreaterThan(0.95);
  });

  it('follows film that breathes', () => {
    const breathing = quiet.map(({ landmarks }, k) =>
      rawSighting(landmarks, 'motion', { exposure: 0.4 + 0.02 * (k % 2) }),
    );
    for (const belief of believed(breathing)) expect(belief).toBeGreaterThan(0.9);
  });

  it('is small where the face stands aside from where tracking puts it, and where the network doubts', () => {
    expect(believed(quiet.with(7, rawSighting(movedBy(0.15 * INTER_OCULAR))))[7]).toBeLessThan(0.05);
    expect(believed(quiet.with(7, rawSighting(HEAD, 'motion', { presence: 0.55 })))[7]).toBeLessThan(0.2);
  });
});

describe('the filters', () => {
  it('are short while the head turns, and whole while it does not', () => {
    const steady = Array.from({ length: 40 }, () => turned(0.1));
    const turning = Array.from({ length: 40 }, (_, k) => turned(0.04 * (k - 20)));
    expect(filterLengths(steady)[20]).toBeCloseTo(1, 2);
    expect(filterLengths(turning)[20]).toBeLessThan(0.35);
  });
});

describe('a crop', () => {
  const crop = { x: 100, y: 90, size: 80, angle: 0.1 };

  it('hardly follows the landmarks from frame to frame, but catches up when it lost the face', () => {
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
  it('that continue each other are one, the later frames counting where both have some', () => {
    const earlier = emptyTrack(10);
    const later = emptyTrack(13);
    for (const x of [0, 1, 2, 3, 4]) earlier.sightings.push(rawSighting(movedBy(x)));
    for (const x of [30, 31]) later.sightings.push(rawSighting(movedBy(x)));
    earlier.anchors.push(...[10, 14].map((frame) => ({ frame, embedding: new Float32Array(1), quality: 1 })));
    earlier.cautions = 1;
    joinTo(earlier, later, null);
    expect(later.in).toBe(10);
    const places = later.sightings.map(({ landmarks }) => Math.round((landmarks[0] as number) - (HEAD[0] as number)));
    expect(places).toEqual([0, 1, 2, 30, 31]);
    expect(later.anchors.map(({ frame }) => frame)).toEqual([10]);
    expect(later.cautions).toBe(1);
  });
});

describe('the audit', () => {
  it('says per cent of the distance between the eyes, and nothing without a sample', () => {
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
  function settledNose(walk: number): number[] {
    const track = emptyTrack(0);
    track.sightings.push(
      ...weave.map((x, k): RawSighting => {
        const step = k === 0 || k === 5 ? null : inSpace({ a: 1, b: 0, tx: (film[k]?.t[0] ?? 0) + walk, ty: 0 });
        return { ...rawSighting(movedBy(x + walk * k + (k === 5 ? 6 : 0))), step, film: film[k] ?? null };
      }),
    );
    const { sightings } = finishTrack(track, 't1', 0, { x: 1, y: 1 }, { rigid: 4, expression: 0.6 }, 5);
    return sightings.map(({ landmarks }, k) => (landmarks[NOSE] as number) - (HEAD[NOSE] as number) - walk * k);
  }

  it('goes with the film where it kept still on it', () => {
    expect(Math.abs((settledNose(0)[5] as number) - (weave[5] as number))).toBeLessThan(0.15);
  });

  it('goes where its landmarks went where it moved on its own', () => {
    expect(Math.abs((settledNose(3)[5] as number) - (weave[5] as number))).toBeGreaterThan(1);
  });
});
