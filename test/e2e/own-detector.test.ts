import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleDpx, sampleFileName } from '../../samples/make-reel.ts';
import { openReelTruth, type ReelTruth } from '../../samples/reel-truth.ts';
import { boxOfLandmarks } from '../../src/face/box.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';
import type { Box } from '../../src/face/observation.ts';
import { openDetector } from '../../src/model/detector.ts';
import { openLibrary } from '../../src/model/library.ts';
import { shareInSmaller } from '../../src/model/weighted-suppression.ts';
import { tracksFileSchema } from '../../src/report/tracks-file.ts';
import { ended } from '../cli/captured-io.ts';
import { DETECTOR_SIDE, type DrawnKind, drawnDetector } from '../model/drawn-detector.ts';
import { openScratch, type Scratch } from './scratch.ts';

const FRAMES = 3;
const [WIDTH, HEIGHT] = [320, 180];
/** Greatest difference of a box from the one that the network was drawn to answer, shares of its input's side. */
const APART = 1e-4;

let scratch: Scratch;
let scan: string;
let truth: ReelTruth;
beforeAll(async () => {
  scratch = await openScratch('own-detector');
  process.env['REELMEND_CACHE'] = scratch.cache;
  scan = join(scratch.path, 'scan');
  await mkdir(scan);
  truth = await openReelTruth({ width: WIDTH, height: HEIGHT, only: 'static', length: FRAMES });
  for (let frame = 0; frame < FRAMES; frame++) {
    await writeFile(join(scan, sampleFileName(truth, frame)), sampleDpx(truth, frame));
  }
});
afterAll(() => scratch[Symbol.asyncDispose]());

const faceOf = (frame: number): Box => boxOfLandmarks(truth.frame(frame).face?.landmarks as Landmarks);

/** A box of the picture on the detector's input, which holds the whole picture in its middle. */
function onInput([x, y, width, height]: Box): Box {
  const scale = DETECTOR_SIDE / WIDTH;
  return [x * scale, (y + (WIDTH - HEIGHT) / 2) * scale, width * scale, height * scale];
}

const inspected = async (detector: string) => {
  const { code, stdout, stderr } = await ended([
    ...[
      'inspect',
      scan,
      '--detector',
      detector,
      '--set',
      'tracking.smallestFace=0.4',
      '--json',
      '--no-cache',
      '--quiet',
    ],
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return tracksFileSchema.parse(JSON.parse(stdout)).tracks;
};

describe('a detector of one’s own', () => {
  it.each<DrawnKind>(['scrfd', 'yolo-face', 'yunet'])(
    'of the kind %s finds its box where the picture has it',
    async (kind) => {
      const box: Box = [101, 33, 44, 61];
      const path = await drawnDetector(scratch.path, `boxes-${kind}`, kind, onInput(box));
      await using detector = await openDetector(openLibrary(), path);
      const picture = { width: WIDTH, height: HEIGHT, rgb: new Uint8Array(3 * WIDTH * HEIGHT) };
      const { detections } = await detector.detect(picture, {
        threshold: detector.threshold,
        smallestFace: 0.4 * WIDTH,
      });
      expect(detections).toHaveLength(1);
      const apart = box.map((v, k) => Math.abs(v - (detections[0]?.box[k] as number)) * (DETECTOR_SIDE / WIDTH));
      expect(Math.max(...apart) / DETECTOR_SIDE).toBeLessThan(APART);
    },
  );

  it('of boxes alone starts the track of a reel’s face', async () => {
    const tracks = await inspected(await drawnDetector(scratch.path, 'there', 'scrfd', onInput(faceOf(0))));
    expect(tracks.map((track) => [track.in, track.out])).toEqual([[0, FRAMES]]);
    for (const { frame, box } of tracks[0]?.observations ?? []) {
      expect(shareInSmaller(box, faceOf(frame))).toBeGreaterThan(0.9);
    }
  });

  it('that finds a face where the landmark network sees none starts no track', async () => {
    expect(await inspected(await drawnDetector(scratch.path, 'elsewhere', 'scrfd', [4, 60, 20, 24]))).toEqual([]);
  });
});
