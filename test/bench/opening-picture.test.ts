import { describe, expect, it } from 'vitest';
import { openReelTruth } from '../../samples/reel-truth.ts';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { following } from '../../src/metrics/following.ts';
import { DAMAGES, wearerOf } from './damage.ts';
import { type OpeningParts, openingParts, openingReader, partPlaces } from './opening-picture.ts';

const FRAMES = 24;

describe('openings read from the picture', async () => {
  const truth = await openReelTruth({ only: 'talking', length: FRAMES, width: 640, height: 360 });
  const frames = Array.from({ length: FRAMES }, (_, frame) => frame);
  const places = partPlaces(truth);
  const pictures = frames.map((frame) => truth.renderClean(frame));
  const partsOf = (versions: readonly RgbFrame[], brightness = (_: number) => 0.5) =>
    versions.map((picture, frame) => openingParts(places, frame, picture, brightness(frame)));
  const parts = partsOf(pictures);
  const read = openingReader(truth, parts);
  const own = read(parts);
  const kept = (versions: readonly OpeningParts[]) => {
    const seen = read(versions);
    return [following(seen.mouth, own.mouth), following(seen.eyes, own.eyes)];
  };
  const mean = (parts: readonly Float32Array[]) =>
    (parts[0] as Float32Array).map((_, i) => parts.reduce((sum, part) => sum + (part[i] as number), 0) / FRAMES);
  const frozen = {
    mouth: mean(parts.map(({ mouth }) => mouth)),
    eyes: [mean(parts.map(({ eyes }) => eyes[0])), mean(parts.map(({ eyes }) => eyes[1]))],
  } as const;

  it('follow the truth’s own, in the same units', () => {
    const mouths = frames.map((frame) => truth.frame(frame).face?.mouth ?? 0);
    const lids = frames.map((frame) => truth.frame(frame).face?.eyes[0] ?? 0);
    expect(following(own.mouth, mouths).correlation).toBeGreaterThan(0.85);
    expect(following(own.eyes, lids).correlation).toBeGreaterThan(0.9);
    expect(Math.max(...own.mouth)).toBeGreaterThan(0.8 * Math.max(...mouths));
  });

  it('are nothing in a frozen face and half where half of the movement is kept', () => {
    for (const { kept: share } of kept(parts.map(() => frozen))) expect(Math.abs(share)).toBeLessThan(1e-3);
    const halfway = (part: Float32Array, still: Float32Array) => part.map((v, i) => (v + (still[i] as number)) / 2);
    const half = parts.map(({ mouth, eyes }) => ({
      mouth: halfway(mouth, frozen.mouth),
      eyes: [halfway(eyes[0], frozen.eyes[0]), halfway(eyes[1], frozen.eyes[1])] as const,
    }));
    for (const { kept: share } of kept(half)) expect(Math.abs(share - 0.5)).toBeLessThan(1e-3);
  });

  it('stay nearly whole under a plate’s blur and grain, which a landmark network does not bear', () => {
    const wearer = wearerOf({ ...DAMAGES.heavy, blur: 0.035 }, truth.frame(0).face?.frontalIod ?? 0, 3);
    for (const look of [wearer.blurred, wearer.worn]) {
      for (const { kept: share, correlation } of kept(
        partsOf(pictures.map((picture, frame) => look(picture, frame))),
      )) {
        expect(share).toBeGreaterThan(0.95);
        expect(share).toBeLessThan(1.05);
        expect(correlation).toBeGreaterThan(0.98);
      }
    }
  });

  it('do not take breathing of the exposure for a movement', () => {
    const breath = (frame: number) => 1 + 0.1 * Math.sin(frame);
    const breathing = pictures.map(({ rgb, ...rest }, frame) => ({ ...rest, rgb: rgb.map((v) => v * breath(frame)) }));
    for (const { kept: share, correlation } of kept(partsOf(breathing, (frame) => 0.5 * breath(frame)))) {
      expect(share).toBeCloseTo(1, 3);
      expect(correlation).toBeCloseTo(1, 3);
    }
  });
});
