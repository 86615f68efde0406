import { describe, expect, it } from 'vitest';
import type { CastLimits, Person } from '../../src/face/cast.ts';
import { isSurelyCast } from '../../src/face/sure-casting.ts';
import type { FaceTrack } from '../../src/face/track.ts';

const LIMITS: CastLimits = { threshold: 0.5, qualityShift: 0, floor: 0.4, qualityFloor: 0.25, hysteresis: 0.05 };
const ACTOR: Person = { name: 'actor', find: [Float32Array.of(1, 0)] };

function trackOf(...samples: (readonly [cosine: number, quality: number])[]): FaceTrack {
  const identitySamples = samples.map(([c, quality], frame) => ({
    frame,
    embedding: Float32Array.of(c, Math.sqrt(1 - c * c)),
    quality,
  }));
  return { id: 'f1', shot: 0, in: 0, out: 9, observations: [], identitySamples };
}

const isSure = (...samples: Parameters<typeof trackOf>) => isSurelyCast(trackOf(...samples), ACTOR, LIMITS);

describe('isSurelyCast', () => {
  it('is sure of a face that is like the person in all good samples', () => {
    expect(isSure([0.8, 1], [0.6, 1], [0.52, 1])).toBe(true);
  });

  it('is not where a face is only just like the person', () => {
    expect(isSure([0.52, 1], [0.53, 1])).toBe(false);
  });

  it('is not where one good sample shows somebody else: the tracker may have gone over to another head', () => {
    expect(isSure([0.8, 1], [0.8, 1], [0.1, 1], [0.8, 1])).toBe(false);
  });

  it('does not ask samples that tell nothing', () => {
    expect(isSure([0.8, 1], [0.1, 0.1])).toBe(true);
  });

  it('is not where there is no good sample, or no still', () => {
    expect(isSure()).toBe(false);
    expect(isSure([0.9, 0.2])).toBe(false);
    expect(isSurelyCast(trackOf([0.9, 1]), { name: 'actor', find: [] }, LIMITS)).toBe(false);
  });
});
