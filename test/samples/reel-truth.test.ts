import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../samples/draw-person.ts';
import { openPortrait, type Portrait } from '../../samples/portrait.ts';
import { actorOf, openReelTruth, type ReelTruth, reelTruthOf } from '../../samples/reel-truth.ts';
import type { RgbFrame } from '../../samples/rgb-frame.ts';

const TINY = { width: 192, height: 108 } as const;
const SMALL = { width: 640, height: 360 } as const;
let actor: Actor;
beforeAll(async () => {
  actor = actorOf(await openPortrait());
});

const hash = (frame: RgbFrame) => createHash('sha256').update(new Uint8Array(frame.rgb.buffer)).digest('hex');

describe('the sample reel', () => {
  it('is six shots of 150 frames with one flash that is no cut', async () => {
    const truth = await openReelTruth(TINY);
    expect(truth.frames).toBe(150);
    expect(truth.shots.map((shot) => [shot.kind, shot.in, shot.out])).toEqual([
      ['static', 0, 20],
      ['talking', 20, 60],
      ['pan', 60, 84],
      ['turn', 84, 108],
      ['occlusion', 108, 132],
      ['empty', 132, 150],
    ]);
    expect(truth.cuts).toEqual([20, 60, 84, 108, 132]);
    expect(truth.flashes).toEqual([12]);
    const mean = (frame: number) => truth.renderClean(frame).rgb.reduce((a, b) => a + b, 0) / (3 * 192 * 108);
    expect(mean(12)).toBeGreaterThan(1.4 * mean(11));
    expect(Math.abs(mean(13) - mean(11))).toBeLessThan(0.03);
  });

  it('is the same reel whenever the same is asked, whatever was drawn before', async () => {
    const [a, b] = [await openReelTruth(TINY), await openReelTruth(TINY)];
    const frames = [3, 31, 70, 95, 120, 140];
    const forwards = frames.map((frame) => hash(a.renderWorn(frame)));
    const backwards = frames.toReversed().map((frame) => hash(b.renderWorn(frame)));
    expect(backwards.toReversed()).toEqual(forwards);
    const other = await openReelTruth({ ...TINY, seed: 2 });
    expect(hash(other.renderWorn(3))).not.toBe(forwards[0]);
  });

  it('can be one shot as long as wanted, which goes on moving', async () => {
    const truth = await openReelTruth({ ...TINY, only: 'talking', length: 2000 });
    expect([truth.frames, truth.cuts.length]).toEqual([2000, 0]);
    const mouths = Array.from({ length: 100 }, (_, k) => truth.frame(1900 + k).face?.mouth ?? 0);
    expect(Math.max(...mouths) - Math.min(...mouths)).toBeGreaterThan(0.15);
    expect(() => truth.frame(2000)).toThrow('The sample reel has frames 0 to 1999; asked for 2000.');
  });

  it('shows no face in its last shot, and hides the face for a while in the one before', () => {
    const truth = reelTruthOf(actor, TINY);
    expect(truth.frame(140).face).toBeNull();
    expect(truth.occluder(30)).toBeNull();
    const hidden = range(108, 132).map((frame) => truth.frame(frame).face?.hidden ?? 0);
    expect(Math.max(...hidden)).toBeGreaterThan(0.55);
    expect([hidden[0], hidden.at(-1)]).toEqual([0, 0]);
  });
});

describe('the acting', () => {
  it('opens and shuts mouth and eyes, and raises the brows, while talking', () => {
    const truth = reelTruthOf(actor, {});
    const faces = range(20, 60).map((frame) => truth.frame(frame).face);
    const mouths = faces.map((face) => face?.mouth ?? Number.NaN);
    const eyes = faces.map((face) => face?.eyes[0] ?? Number.NaN);
    expect(Math.max(...mouths)).toBeGreaterThan(0.3);
    expect(Math.min(...mouths)).toBeLessThan(0.05);
    expect(Math.max(...eyes)).toBeGreaterThan(0.15);
    // Shut lids still read 0.04: landmarks 159 and 145 do not lie straight above each other.
    expect(Math.min(...eyes)).toBeLessThan(0.05);
  });

  it('turns the head fast: the nose crosses the eyes’ middle, and the eye line tilts', () => {
    const truth = reelTruthOf(actor, {});
    const poses = range(84, 108).map((frame) => {
      const { five = [], iod = 1 } = truth.frame(frame).face ?? {};
      const [x0, y0, x1, y1, nose] = five as number[] as [number, number, number, number, number];
      return { nose: (nose - (x0 + x1) / 2) / iod, tilt: Math.atan2(y1 - y0, x1 - x0) };
    });
    const span = (values: number[]) => Math.max(...values) - Math.min(...values);
    expect(span(poses.map((pose) => pose.nose))).toBeGreaterThan(0.3);
    expect(span(poses.map((pose) => pose.tilt))).toBeGreaterThan(0.25);
  });

  it('frames faces from about 45 to 120 pixels between the eyes', () => {
    const truth = reelTruthOf(actor, {});
    const sizes = truth.shots.slice(0, 5).map((shot) => truth.frame(shot.in).face?.iod ?? 0);
    expect(Math.min(...sizes)).toBeGreaterThan(40);
    expect(Math.min(...sizes)).toBeLessThan(50);
    expect(Math.max(...sizes)).toBeGreaterThan(110);
    expect(Math.max(...sizes)).toBeLessThan(125);
  });
});

describe('the true landmarks', () => {
  // Forehead, brow, both cheeks, nose tip, below the lower lip, chin: all farther apart than twice a mark's width.
  const spots = [10, 105, 50, 280, 1, 18, 152];
  const cases = [
    ['talking', [0, 11, 13, 16, 23, 31]],
    ['turn', [0, 6, 9, 12]],
    ['pan', [5, 18]],
  ] as const;

  it.each(cases)('lie where the picture of a %s face shows marks made on the portrait', (kind, frames) => {
    const options = { ...SMALL, only: kind } as const;
    const plain = reelTruthOf(actor, options);
    const marked = reelTruthOf({ ...actor, portrait: withMarks(actor.portrait, spots) }, options);
    const errors = frames.flatMap((frame) => {
      const { landmarks = new Float32Array(0), frontalIod = 1 } = plain.frame(frame).face ?? {};
      const [before, after] = [plain.renderClean(frame), marked.renderClean(frame)];
      return spots.map((spot) => {
        const [x, y] = [landmarks[3 * spot] as number, landmarks[3 * spot + 1] as number];
        const seen = centreOfMark(before, after, x, y, 0.18 * frontalIod);
        return Math.hypot(seen.x - x, seen.y - y) / frontalIod;
      });
    });
    // In inter-ocular distances: 0.3 % of 80 pixels is a quarter of a pixel.
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)).toBeLessThan(0.003);
    expect(Math.max(...errors)).toBeLessThan(0.008);
  });

  it('put the dark of the open mouth between the inner lips and skin-coloured lips beyond them', () => {
    const truth = reelTruthOf(actor, { only: 'talking' });
    const open = range(0, 40).reduce((a, b) => (mouthAt(truth, b) > mouthAt(truth, a) ? b : a));
    const landmarks = truth.frame(open).face?.landmarks ?? new Float32Array(0);
    const frame = truth.renderClean(open);
    const between = (a: number, b: number, t: number) => lumaBetween(frame, landmarks, a, b, t);
    // 13 and 14 are the inner lips' middles, 17 lies below the lower lip.
    expect(between(13, 14, 0.75)).toBeLessThan(0.2);
    expect(between(13, 14, 0.3)).toBeGreaterThan(0.35);
    expect(between(14, 17, 0.5)).toBeGreaterThan(0.35);
  });
});

describe('the wear', () => {
  const only = { only: 'static', length: 6 } as const;

  it('lays grain of the stated strength that is new in every frame', () => {
    const truth = reelTruthOf(actor, {
      ...SMALL,
      ...only,
      wear: { softness: 0, dirt: 0, scratches: 0, weave: 0, breathing: 0 },
    });
    const grains = [1, 2].map((frame) => {
      const clean = truth.renderClean(frame).rgb;
      return truth.renderWorn(frame).rgb.map((value, i) => value - (clean[i] as number));
    });
    const [a, b] = grains as [Float32Array, Float32Array];
    const product = (p: Float32Array, q: Float32Array) =>
      p.reduce((sum, v, i) => sum + v * (q[i] as number), 0) / p.length;
    const sigma = Math.sqrt(product(a, a));
    expect(sigma).toBeGreaterThan(0.01);
    expect(sigma).toBeLessThan(0.02);
    expect(Math.abs(product(a, b)) / (sigma * sigma)).toBeLessThan(0.02);
    expect(Math.abs(a.reduce((sum, v) => sum + v, 0) / a.length)).toBeLessThan(0.001);
  });

  it('weaves the gate and breathes the exposure, and the truth follows both', () => {
    const truth = reelTruthOf(actor, { only: 'static', length: 400 });
    const frames = range(20, 400).map((frame) => truth.frame(frame));
    const steps = frames.slice(1).map((frame, k) => frame.weave[0] - (frames[k]?.weave[0] ?? 0));
    const rms = (values: number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    expect(rms(steps)).toBeGreaterThan(0.35);
    expect(rms(steps)).toBeLessThan(0.55);
    const gain = frames.map((frame) => frame.exposure);
    expect(Math.max(...gain)).toBeLessThan(1.04);
    expect(rms(gain.map((value) => value - 1))).toBeGreaterThan(0.006);
    expect(rms(gain.map((value) => value - 1))).toBeLessThan(0.02);
  });

  it('says where it laid dirt and scratches', () => {
    const options = { ...SMALL, ...only };
    const dirty = reelTruthOf(actor, { ...options, wear: { dirt: 30, scratches: 4, grain: 0 } });
    const neat = reelTruthOf(actor, { ...options, wear: { dirt: 0, scratches: 0, grain: 0 } });
    const pixels = SMALL.width * SMALL.height;
    const mask = new Uint8Array(pixels);
    const a = dirty.renderWorn(2, mask).rgb;
    const b = neat.renderWorn(2).rgb;
    const marked = mask.reduce((sum, v) => sum + v, 0);
    expect(marked).toBeGreaterThan(100);
    expect(marked).toBeLessThan(pixels / 20);
    const elsewhere = a.subarray(0, pixels).map((value, i) => (mask[i] ? 0 : Math.abs(value - (b[i] as number))));
    expect(elsewhere.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(0.06);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}

function mouthAt(truth: ReelTruth, frame: number): number {
  return truth.frame(frame).face?.mouth ?? 0;
}

/** The portrait with soft round marks, 1.1 pixels of standard deviation, on landmarks. */
function withMarks(portrait: Portrait, spots: readonly number[]): Portrait {
  const rgba = Float32Array.from(portrait.rgba);
  for (const spot of spots) {
    const x = portrait.landmarks[3 * spot] as number;
    const y = portrait.landmarks[3 * spot + 1] as number;
    for (let j = Math.floor(y) - 4; j <= y + 4; j++) {
      for (let i = Math.floor(x) - 4; i <= x + 4; i++) {
        const share = 0.8 * Math.exp(-((i + 0.5 - x) ** 2 + (j + 0.5 - y) ** 2) / (2 * 1.1 * 1.1));
        const at = 4 * (j * portrait.width + i) + 1;
        rgba[at] = (rgba[at] as number) * (1 - share);
      }
    }
  }
  return { ...portrait, rgba };
}

/** The mean place, within `reach` of (x, y), of the share of green that a mark took away. */
function centreOfMark(before: RgbFrame, after: RgbFrame, x: number, y: number, reach: number) {
  const { width, height } = before;
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let j = Math.ceil(y - reach); j < y + reach; j++) {
    for (let i = Math.ceil(x - reach); i < x + reach; i++) {
      const at = width * height + j * width + i;
      const share = 1 - (after.rgb[at] as number) / (before.rgb[at] as number);
      if (share < 0.02) continue;
      sum += share;
      sumX += share * (i + 0.5);
      sumY += share * (j + 0.5);
    }
  }
  return { x: sumX / sum, y: sumY / sum };
}

function lumaBetween(frame: RgbFrame, landmarks: Float32Array, a: number, b: number, t: number): number {
  const at = (k: 0 | 1) => (1 - t) * (landmarks[3 * a + k] as number) + t * (landmarks[3 * b + k] as number);
  const i = Math.floor(at(1)) * frame.width + Math.floor(at(0));
  const pixels = frame.width * frame.height;
  return (
    0.2126 * (frame.rgb[i] as number) +
    0.7152 * (frame.rgb[pixels + i] as number) +
    0.0722 * (frame.rgb[2 * pixels + i] as number)
  );
}
