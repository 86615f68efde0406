import { describe, expect, it } from 'vitest';
import { motionParts, type TrackedStep } from '../../../src/carry/smooth/weave.ts';
import { backgroundView, filmMotion } from '../../../src/carry/track/background.ts';
import type { RgbPicture } from '../../../src/face/networks.ts';
import type { Box } from '../../../src/face/observation.ts';
import { sampledLuma } from '../../../src/motion/luma.ts';
import { IDENTITY3, inSpace, type Similarity3 } from '../../../src/motion/similarity3.ts';
import { gaussianNoise, texture } from '../../motion/texture.ts';

const [WIDTH, HEIGHT] = [640, 360];
const wall = texture(3);
const face = texture(8);
const BOX: Box = [250, 90, 110, 140];

/** A wall that moves with the film, a face and shoulders before it that move on their own, grain over both. */
function shown(
  film: readonly [number, number],
  head: readonly [number, number],
  grain: number,
  seed: number,
): RgbPicture {
  const noise = gaussianNoise(seed);
  const rgb = new Uint8Array(3 * WIDTH * HEIGHT);
  for (let y = 0, o = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, o += 3) {
      const isHead = x > BOX[0] && x < BOX[0] + BOX[2] && y > BOX[1];
      const v = isHead ? face(x - head[0], y - head[1]) : wall((x - film[0]) / 2, (y - film[1]) / 2);
      rgb.fill(Math.min(255, Math.max(0, Math.round(255 * v + grain * noise()))), o, o + 3);
    }
  }
  return { width: WIDTH, height: HEIGHT, rgb };
}

const viewOfPicture = (picture: RgbPicture) => backgroundView(sampledLuma(picture, 160, 90), WIDTH);
const viewOf = (...args: Parameters<typeof shown>) => viewOfPicture(shown(...args));

describe('the motion of the film', () => {
  it('is measured on the background to a tenth of a pixel, whatever the face does', () => {
    for (const film of [
      [0.3, -0.2],
      [-1.4, 0.6],
      [9, 2],
    ] as const) {
      const motion = filmMotion(viewOf([0, 0], [0, 0], 4, 1), viewOf(film, [-6, 3], 4, 2), [BOX]);
      expect(Math.abs((motion?.t[0] ?? Infinity) - film[0])).toBeLessThan(0.1);
      expect(Math.abs((motion?.t[1] ?? Infinity) - film[1])).toBeLessThan(0.1);
      expect(motion?.m[0]).toBeCloseTo(1, 3);
    }
  });

  it('is null where pictures have nothing in common, or show nothing', () => {
    const other = viewOfPicture({ ...shown([0, 0], [0, 0], 0, 1), rgb: new Uint8Array(3 * WIDTH * HEIGHT).fill(90) });
    expect(filmMotion(other, other, [])).toBeNull();
    const far = filmMotion(viewOf([0, 0], [0, 0], 4, 1), viewOf([340, 170], [0, 0], 4, 2), [BOX]);
    expect(far).toBeNull();
  });
});

describe('the motion parts of a face', () => {
  const random = gaussianNoise(11);
  const by = (x: number, y: number): Similarity3 => inSpace({ a: 1, b: 0, tx: x, ty: y });

  it('are weave, camera and head', () => {
    // The gate weaves by 0.3 pixels each way about a camera that pans by 2; the head walks by 1 against it.
    const place = Array.from({ length: 200 }, (_, k) => [2 * k + 0.3 * random(), 0.3 * random()] as const);
    const steps = place.slice(1).map(([x, y], k): TrackedStep => {
      const [u, v] = place[k] as readonly [number, number];
      return { from: [300, 160, -20], face: by(x - u - 1, y - v), film: by(x - u, y - v) };
    });
    const parts = motionParts(steps);
    expect(parts?.weave).toBeCloseTo(0.3 * Math.SQRT2, 1);
    expect(parts?.camera).toBeCloseTo(2, 1);
    expect(parts?.head).toBeCloseTo(1, 6);
  });

  it('are zero where nothing moves, and null where the film’s motion is not known', () => {
    const still = Array.from(
      { length: 20 },
      (): TrackedStep => ({ from: [9, 9, 0], face: IDENTITY3, film: IDENTITY3 }),
    );
    expect(motionParts(still)).toEqual({ weave: 0, camera: 0, head: 0 });
    expect(motionParts(still.map((step) => ({ ...step, film: null })))).toBeNull();
  });
});
