import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleDpx, sampleFileName } from '../../samples/make-reel.ts';
import { openReelTruth, type ReelTruth } from '../../samples/reel-truth.ts';
import type { PersonStills } from '../../src/pipeline/job.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { pictureScore, rgbOfPlate } from '../bench/picture-score.ts';
import { truthRegions } from '../bench/truth-regions.ts';
import { allDecoded } from './decoded.ts';
import { jobOf, QUIET } from './job-of.ts';
import { openScratch, type Scratch } from './scratch.ts';

const SIZE = { width: 340, height: 200 };
/** The camera finds its focus in the middle of the shot: factors on the sample's softness. */
const FOCUS = [2.2, 2.2, 2.2, 2.2, 1.6, 1, 0.4, 0.4, 0.4, 0.4];
const SOFT = 4;

let scratch: Scratch;
let reel: string;
let truth: ReelTruth;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('reel-stills');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = at('reel');
  await mkdir(reel);
  const truths = new Map<number, ReelTruth>();
  for (const [frame, softness] of FOCUS.entries()) {
    const options = { ...SIZE, only: 'talking', length: FOCUS.length, wear: { softness } } as const;
    truth = truths.get(softness) ?? (await openReelTruth(options));
    truths.set(softness, truth);
    await writeFile(join(reel, sampleFileName(truth, frame)), sampleDpx(truth, frame));
  }
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** PSNR of the face in a folder's soft frames, decibels. */
async function faceIn(folder: string): Promise<number> {
  const plates = (await allDecoded(folder)).slice(0, SOFT);
  const errors = plates.map((plate, frame) => {
    const regions = truthRegions(truth, frame);
    if (!regions) throw new Error('The face is in every frame.');
    return pictureScore(rgbOfPlate(plate), truth.renderClean(frame), regions).face;
  });
  return -10 * Math.log10(errors.reduce((sum, error) => sum + error, 0) / errors.length);
}

async function restoredWith(frames: Exclude<PersonStills['frames'], undefined>): Promise<string> {
  const out = at(`out-${frames}`);
  await restoreReel(jobOf(reel, out, '', { references: [{ name: 'actor', paths: [], frames }] }), QUIET);
  return out;
}

describe('frames of the reel as stills', () => {
  // Repairing alone, with the grain put back, gives these frames 0.1 dB.
  it.each([
    ['named', [1008, 1010]],
    ['chosen', 'auto'],
  ] as const)('give their detail to frames that are out of focus where they are %s', async (_, frames) => {
    const plate = await faceIn(reel);
    const restored = await faceIn(await restoredWith(frames));
    expect(restored).toBeGreaterThan(plate + 1.5);
  });
});
