import { expect, it } from 'vitest';
import { faceRegion } from '../../samples/face-region.ts';
import { openReelTruth } from '../../samples/reel-truth.ts';

it('covers the face inside its outline, less what a hand hides, and nothing where no face is', async () => {
  const truth = await openReelTruth({ width: 320, height: 180 });
  const area = (frame: number) => faceRegion(truth, frame).reduce((a, b) => a + b, 0);
  for (const frame of [2, 30, 70, 108]) {
    const face = truth.frame(frame).face;
    const [noseX = 0, noseY = 0] = face?.five.slice(4, 6) ?? [];
    const region = faceRegion(truth, frame);
    expect(region[Math.floor(noseY) * 320 + Math.floor(noseX)]).toBe(1);
    expect(region[0]).toBe(0);
    // The outline is about 2.1 inter-ocular distances wide and 2.5 high; an ellipse of that size has an area of 4.1.
    expect(area(frame) / (face?.iod ?? 1) ** 2).toBeGreaterThan(3.5);
    expect(area(frame) / (face?.iod ?? 1) ** 2).toBeLessThan(5);
  }
  expect(area(120)).toBeLessThan(0.5 * area(108));
  expect(area(140)).toBe(0);
});
