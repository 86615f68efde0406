import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import type { Crop } from '../../src/face/crop.ts';
import { eyeOpenings, fivePoints, interOcular, type Landmarks } from '../../src/face/landmarks.ts';
import { insideDistance } from '../../src/face/matte.ts';
import { LEFT_EYE, RIGHT_EYE } from '../../src/face/regions.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { psnr } from '../../src/metrics/psnr.ts';
import { openDetail } from '../../src/restore/detail.ts';
import type { StillPatch } from '../../src/restore/stills/still-patch.ts';
import { DAMAGES, wearerOf } from '../bench/damage.ts';
import { openViewer } from '../bench/restore-viewer.ts';
import { FOOTAGE, hasFootage } from '../footage.ts';
import { type FloatPatch, onFloats } from '../restore/on-floats.ts';
import { patchOf, windowAt } from '../restore/sample-patches.ts';

const SIDE = 512;
const SIZE = 256;
const AREA = SIZE * SIZE;
/** Frames in which a man at his webcam blinks, and the places among them where his eyes are open, sink, are shut, and rise. */
const FRAMES = Array.from({ length: 15 }, (_, k) => 420 + k);
const OPEN = 2;
const SHUT = 7;
const BLINK = [5, 6, SHUT, 8, 9];
/** Frames elsewhere in which he looks into it. */
const STILLS = [20, 66, 115, 160, 185];
/** Out of focus and grained, and nothing else. */
const WORN = { ...DAMAGES.light, blur: 0.02, dirt: 0, scratches: 0, standing: 0, pairs: 0, weave: 0, breathing: 0 };

/** The webcam's face in these frames, twice enlarged. */
async function webcam(frames: readonly number[]): Promise<RgbFrame[]> {
  const { ffmpeg, passthrough } = await findFfmpeg();
  const chosen = frames.map((frame) => `eq(n,${frame})`).join('+');
  const filter = `select='${chosen}',crop=256:256:72:35,scale=${SIDE}:${SIDE}:flags=lanczos,format=gbrp`;
  const input = ['-v', 'error', '-nostdin', '-i', join(FOOTAGE, 'talking', 'webcam.mp4'), '-an', '-vf', filter];
  const bytes = execFileSync(ffmpeg, [...input, ...passthrough, '-f', 'rawvideo', '-'], { maxBuffer: 2 ** 30 });
  const plane = SIDE * SIDE;
  return frames.map((_, k) => {
    const rgb = new Float32Array(3 * plane);
    // Green, blue, red, as ffmpeg lays them.
    for (const [from, to] of [1, 2, 0].entries()) {
      const first = (3 * k + from) * plane;
      rgb.set(
        bytes.subarray(first, first + plane).map((v) => v),
        to * plane,
      );
    }
    return { width: SIDE, height: SIDE, rgb: rgb.map((v) => v / 255) };
  });
}

/** Both eyes with their lids: size², 1 inside. */
function eyesOf({ landmarks }: FloatPatch): Float32Array {
  const reach = 0.06 * interOcular(fivePoints(landmarks));
  const rims = [LEFT_EYE, RIGHT_EYE].map((eye) =>
    Float32Array.from(eye.flatMap((p) => [...landmarks.subarray(3 * p, 3 * p + 2)])),
  );
  return Float32Array.from({ length: AREA }, (_, i) => {
    const [x, y] = [(i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5];
    return rims.some((rim) => insideDistance(rim, x, y) > -reach) ? 1 : 0;
  });
}

interface Eyes {
  /** Decibels that detail is nearer to the truth than repair. */
  readonly gain: number;
  /** Mean of what it adds, 8-bit levels of green. */
  readonly added: number;
}

describe.skipIf(!hasFootage)('a blink on footage', () => {
  let openness: number[];
  let eyesAt: (at: number) => Promise<Eyes>;

  beforeAll(async () => {
    await using viewer = await openViewer();
    const clean = await webcam(FRAMES);
    const crops = await viewer.crops(clean);
    const marks: Landmarks[] = [];
    for (const [k, picture] of clean.entries()) marks.push(await viewer.landmarks(picture, crops[k] as Crop));
    openness = marks.map((landmarks) => Math.max(...eyeOpenings(landmarks)));
    const wearer = wearerOf(WORN, interOcular(fivePoints(marks[0] as Landmarks)), 5);
    const placed = (picture: RgbFrame, k: number) => patchOf(picture, marks[k] as Landmarks, SIZE, k);
    const plates = clean.map((picture, k) => placed(wearer.worn(picture, k), k));
    const stills: StillPatch[] = [];
    for (const picture of await webcam(STILLS)) {
      const [crop] = await viewer.crops([picture]);
      const { rgb, landmarks } = patchOf(picture, await viewer.landmarks(picture, crop as Crop), SIZE, 0);
      stills.push({ name: `still ${stills.length}`, size: SIZE, rgb, landmarks });
    }
    const options = { window: 5, matteSoftness: 0.12, grainRatio: 0, strength: 1, stills: STILLS.length };
    const restorer = onFloats(openDetail(stills, options));
    const seen = async (at: number): Promise<Eyes> => {
      const answer = await restorer.restore(windowAt(plates, at));
      if ('refused' in answer) throw new Error(`The face was left alone: ${answer.refused}.`);
      const mask = eyesOf(plates[at] as FloatPatch);
      const truth = placed(clean[at] as RgbFrame, at).rgb;
      const repaired = answer.layers?.repaired as Float32Array;
      const sum = mask.reduce((total, v, i) => {
        return total + v * ((answer.rgb[AREA + i] as number) - (repaired[AREA + i] as number));
      }, 0);
      return {
        gain: psnr(answer.rgb, truth, { mask }) - psnr(repaired, truth, { mask }),
        added: (255 * sum) / mask.reduce((total, v) => total + v, 0),
      };
    };
    const known = new Map<number, Promise<Eyes>>();
    eyesAt = (at) => {
      const eyes = known.get(at) ?? seen(at);
      known.set(at, eyes);
      return eyes;
    };
  });

  it('shuts the eyes, for which the stills are open', () => {
    expect(openness[SHUT]).toBe(Math.min(...openness));
    expect(openness[SHUT]).toBeLessThan(0.75 * (openness[OPEN] as number));
  });

  it('is in no frame farther from the truth with the stills’ detail than without', async () => {
    for (const at of BLINK) {
      const { gain } = await eyesAt(at);
      expect(gain, `frame ${FRAMES[at]}`).toBeGreaterThan(-0.1);
    }
  });

  it('gets the detail of open eyes where they are open, and not where they are shut', async () => {
    const [open, shut] = [await eyesAt(OPEN), await eyesAt(SHUT)];
    expect(open.gain).toBeGreaterThan(1);
    expect(Math.abs(shut.added)).toBeLessThan(0.6 * Math.abs(open.added));
  });
});
