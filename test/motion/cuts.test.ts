import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { CUT_CONTEXT, cutDetector } from '../../src/motion/cuts.ts';
import { differenceOf, thumbnailOf } from '../../src/motion/likeness.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { FOOTAGE, hasFootage } from '../footage.ts';
import { gaussianNoise, pictureOf, texture, withNoise } from './texture.ts';

const WIDTH = 160;
/** The least difference across a cut. */
const CONTENT = 0.06;
const HEIGHT = 90;

function cutsOf(frames: readonly Luma[]): number[] {
  const detector = cutDetector();
  const decisions = frames.flatMap((luma, frame) => detector.push(frame, luma));
  decisions.push(...detector.end());
  expect(decisions.map((d) => d.frame)).toEqual(frames.map((_, frame) => frame));
  return decisions.filter((d) => d.cut).map((d) => d.frame);
}

/** A scene of its own, of which each frame shows another part. */
function scene(
  seed: number,
  length: number,
  at: (t: number) => readonly [x: number, y: number] = () => [0, 0],
): Luma[] {
  const look = texture(seed);
  return Array.from({ length }, (_, t) => {
    const [x0, y0] = at(t);
    return withNoise(
      pictureOf(WIDTH, HEIGHT, (x, y) => look((x + x0) * 0.6, (y + y0) * 0.6)),
      4 / 255,
      100 * seed + t,
    );
  });
}

const changed = (frames: readonly Luma[], which: readonly number[], change: (v: number, k: number) => number): Luma[] =>
  frames.map((luma, t) => (which.includes(t) ? { ...luma, samples: luma.samples.map(change) } : luma));

describe('on drawn reels', () => {
  const [a, b, c] = [scene(1, 12), scene(2, 12), scene(3, 12)];

  test('a cut is found at its frame, and two of them', () => {
    expect(cutsOf([...a, ...b, ...c])).toEqual([12, 24]);
  });

  test('a frame is decided as soon as a few more have been seen', () => {
    const detector = cutDetector();
    const lags = [...a, ...b].flatMap((luma, t) => detector.push(t, luma).map((d) => t - d.frame));
    expect(new Set(lags)).toEqual(new Set([CUT_CONTEXT - 1]));
    expect(CUT_CONTEXT - 1).toBeLessThan(6);
  });

  test('a flash of one or two frames is no cut, clipped or not', () => {
    expect(cutsOf(changed(a, [6], (v) => Math.min(1, 2.5 * v)))).toEqual([]);
    expect(cutsOf(changed(a, [6, 7], (v) => Math.min(1, 4 * v + 0.2)))).toEqual([]);
  });

  test('a blank or a badly torn frame is no cut', () => {
    expect(cutsOf(changed(a, [6], () => 0))).toEqual([]);
    expect(cutsOf(changed(a, [6], (v, k) => (k % WIDTH < 90 ? 1 : v)))).toEqual([]);
    expect(cutsOf(changed(a, [0], () => 0))).toEqual([]);
    expect(cutsOf(changed(a, [11], () => 1))).toEqual([]);
  });

  test('a blank at a splice makes one cut, after it', () => {
    expect(cutsOf(changed([...a, ...b], [12], () => 0))).toEqual([13]);
  });

  test('a pan, even a fast one that starts at once, is no cut', () => {
    expect(cutsOf(scene(4, 24, (t) => [6 * t, t]))).toEqual([]);
    expect(cutsOf(scene(4, 24, (t) => [t < 10 ? 0 : 14 * (t - 9), 0]))).toEqual([]);
  });

  /** A textured ball before a still scene that is nearly plain, its middle at x, y. */
  const ball = (seed: number, at: (t: number) => readonly [x: number, y: number], length = 24): Luma[] => {
    const look = texture(seed);
    return scene(1, length).map((luma, t) => {
      const [x0, y0] = at(t);
      const samples = luma.samples.map((v, p) => {
        const [x, y] = [(p % WIDTH) - x0, Math.floor(p / WIDTH) - y0];
        // Its features are of a face's size, not of grain's.
        return Math.hypot(x, 0.8 * y) < 28 ? look(0.3 * x + 200, 0.3 * y + 200) : 0.42 + 0.16 * v;
      });
      return { ...luma, samples };
    });
  };

  test('a head that jumps once before a still, plain background is no cut, and another head in its place is one', () => {
    const still = ball(31, () => [70, 45]);
    const jump = ball(31, (t) => (t < 12 ? [70, 45] : [94, 52]));
    const boundary = (frames: readonly Luma[]) =>
      differenceOf(thumbnailOf(frames[11] as Luma), thumbnailOf(frames[12] as Luma));
    // It changes the picture enough, and stands out of its neighbours, so that nothing else holds it back.
    expect(boundary(jump)).toBeGreaterThan(CONTENT);
    expect(cutsOf(jump)).toEqual([]);
    const other = [...still.slice(0, 12), ...ball(37, () => [76, 47]).slice(12)];
    expect(boundary(other)).toBeGreaterThan(CONTENT);
    expect(cutsOf(other)).toEqual([12]);
  });

  test('so is another head in a tall picture, where more lies around it that it could have come from', () => {
    const plain = texture(1);
    const head = (seed: number, x0: number, length: number) =>
      Array.from({ length }, (_, t) => {
        const look = texture(seed);
        const at = (x: number, y: number) =>
          Math.hypot(x - x0, 0.8 * (y - 80)) < 28
            ? look(0.3 * (x - x0) + 200, 0.3 * (y - 80) + 200)
            : 0.42 + 0.16 * plain(0.6 * x, 0.6 * y);
        return withNoise(pictureOf(90, 160, at), 4 / 255, 100 * seed + t);
      });
    for (const seed of [43, 51, 61]) expect(cutsOf([...head(seed, 40, 12), ...head(seed + 100, 42, 12)])).toEqual([12]);
  });

  test('a dissolve is parted at one frame at most', () => {
    const mixed = Array.from({ length: 36 }, (_, t) => {
      const share = Math.min(1, Math.max(0, (t - 11) / 12));
      const [from, to] = [a[t % 12] as Luma, b[t % 12] as Luma];
      return { ...from, samples: from.samples.map((v, p) => (1 - share) * v + share * (to.samples[p] as number)) };
    });
    expect(cutsOf(mixed).length).toBeLessThanOrEqual(1);
  });

  test('weave, flicker and breathing are no cuts', () => {
    const noise = gaussianNoise(8);
    const woven = scene(5, 24, () => [1.5 * noise(), 1.5 * noise()]);
    expect(
      cutsOf(woven.map((l, t) => ({ ...l, samples: l.samples.map((v) => v * (1 + 0.2 * Math.sin(2 * t))) }))),
    ).toEqual([]);
  });

  test('a fade is parted nowhere but in the black, and black film has no cut', () => {
    const fade = [
      ...Array.from({ length: 10 }, (_, t) => 1 - t / 10),
      0,
      0,
      0,
      0,
      ...Array.from({ length: 10 }, (_, t) => t / 10),
    ];
    const [still] = scene(6, 1) as [Luma];
    const frames = fade.map((gain, t) =>
      withNoise({ ...still, samples: still.samples.map((v) => gain * v) }, 2 / 255, t),
    );
    expect(cutsOf(frames).filter((t) => t < 9 || t > 15)).toEqual([]);
    expect(
      cutsOf(
        Array.from({ length: 12 }, (_, t) =>
          withNoise(
            pictureOf(WIDTH, HEIGHT, () => 0),
            3 / 255,
            t,
          ),
        ),
      ),
    ).toEqual([]);
  });

  test('a cut out of black is found', () => {
    expect(cutsOf([...a.map((l) => ({ ...l, samples: l.samples.map(() => 0.02) })), ...b])).toEqual([12]);
  });

  test('numbers of frames that could not be read are left out', () => {
    const detector = cutDetector();
    const frames = [...a.slice(0, 10), ...b.slice(4)].map((luma, t) => [t < 10 ? t : t + 6, luma] as const);
    const decisions = frames.flatMap(([frame, luma]) => detector.push(frame, luma));
    expect([...decisions, ...detector.end()].filter((d) => d.cut)).toEqual([{ frame: 16, cut: true }]);
  });

  test('nothing in, nothing out', () => {
    expect(cutsOf([])).toEqual([]);
    expect(cutsOf(a.slice(0, 1))).toEqual([]);
  });

  test('a difference is none for the same picture in other light, and near one for another picture', () => {
    const [still, other] = [a[0] as Luma, b[0] as Luma];
    const lit = { ...still, samples: still.samples.map((v) => 0.1 + 0.5 * v) };
    expect(differenceOf(thumbnailOf(still), thumbnailOf(lit))).toBeLessThan(0.01);
    expect(differenceOf(thumbnailOf(still), thumbnailOf(other))).toBeGreaterThan(0.3);
  });
});

describe.skipIf(!hasFootage)('on real footage', () => {
  const CLIPS = [
    'talking/webcam.mp4',
    'talking/weekly-address.mov',
    'people/face-demographics-walking-and-pause.gif',
    'people/head-pose-face-detection-female-and-male.gif',
    'people/head-pose-face-detection-female.gif',
    'people/head-pose-face-detection-male.gif',
    'old-film/a_trip_down_market_street_before_the_fire.mp4',
    'old-film/the_great_train_robbery.mp4',
    'old-film/within_our_gates.mp4',
  ];
  let clips: Luma[][] = [];

  beforeAll(async () => {
    clips = [];
    for (const clip of CLIPS) clips.push(await decode(clip));
  });

  async function decode(clip: string): Promise<Luma[]> {
    const { stdout } = await promisify(execFile)(
      'ffmpeg',
      ['-v', 'error', '-nostdin', '-threads', '1', '-i', join(FOOTAGE, clip), '-frames:v', '150'].concat([
        '-vf',
        `scale=${WIDTH}:${HEIGHT}:flags=area`,
        '-pix_fmt',
        'gray',
        '-f',
        'rawvideo',
        '-',
      ]),
      { encoding: 'buffer', maxBuffer: 2 ** 28 },
    );
    const area = WIDTH * HEIGHT;
    return Array.from({ length: stdout.length / area }, (_, t) => ({
      width: WIDTH,
      height: HEIGHT,
      samples: Float32Array.from(stdout.subarray(t * area, (t + 1) * area), (v) => v / 255),
    }));
  }

  test('none of the clips has a cut, though two have a frame half burnt away', () => {
    expect(clips.map(cutsOf)).toEqual(CLIPS.map(() => []));
  });

  test('nor at three times the speed', () => {
    expect(clips.map((frames) => cutsOf(frames.filter((_, t) => t % 3 === 0)))).toEqual(CLIPS.map(() => []));
  });

  test('each clip joined to each other is cut exactly at the joint, even where only the person changes', () => {
    const missed = clips.flatMap((first, i) =>
      clips.flatMap((second, j) => {
        if (i === j) return [];
        const cuts = cutsOf([...first.slice(4, 16), ...second.slice(-14)]);
        return cuts.length === 1 && cuts[0] === 12 ? [] : [`${CLIPS[i]} > ${CLIPS[j]}: ${cuts}`];
      }),
    );
    expect(missed).toEqual([]);
  });
});
