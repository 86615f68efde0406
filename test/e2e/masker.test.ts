import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleDpx, sampleFileName } from '../../samples/make-reel.ts';
import { randomOf } from '../../samples/random.ts';
import { openReelTruth } from '../../samples/reel-truth.ts';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { mix, smoothstep } from '../../src/film/interpolate.ts';
import { drawnMasker } from '../model/drawn-maskers.ts';
import { decoded } from './decoded.ts';
import { jobOf } from './job-of.ts';
import { readMattes } from './mattes.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const SIZE = { width: 320, height: 180 };
const FRAMES = 8;
/** A glove as no skin is, and the deviation of its weave. */
const GREEN = [0.1, 0.7, 0.2];
const WEAVE = 0.04;

/** How far inside a raised finger a place lies, plate pixels; it passes from one cheek over mouth and chin to beyond the other. */
function depthInHand(x: number, y: number, frame: number): number {
  const [top, left] = [104, 80 + 18 * frame];
  return 13 - Math.hypot(x - left - 0.1 * (y - top), Math.max(0, top - y));
}

/** The glove lies over the picture as a lens shows it: its edge is one and a half pixels wide. */
function withHand({ width, height, rgb }: RgbFrame, frame: number): RgbFrame {
  const random = randomOf(7, frame);
  const area = width * height;
  const woven = Float32Array.from({ length: area }, () => WEAVE * random.normal());
  return {
    ...{ width, height },
    rgb: rgb.map((v, i) => {
      const p = i % area;
      const share = smoothstep(-0.7, 0.9, depthInHand((p % width) + 0.5, Math.floor(p / width) + 0.5, frame));
      return mix(v, Math.max(0, (GREEN[Math.floor(i / area)] as number) + (woven[p] as number)), share);
    }),
  };
}

let scratch: Scratch;
let reel: string;
let masker: string;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('masker');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = at('reel');
  await mkdir(reel);
  const bare = await openReelTruth({ ...SIZE, only: 'talking', length: FRAMES });
  const truth = { ...bare, renderWorn: (frame: number) => withHand(bare.renderWorn(frame), frame) };
  for (let frame = 0; frame < FRAMES; frame++) {
    await writeFile(join(reel, sampleFileName(truth, frame)), sampleDpx(truth, frame));
  }
  masker = await drawnMasker(scratch.path, 'green', 'green');
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

/** Samples of the hand and of the face beside it, over all frames, and how many of them are not the plate's. */
interface Counts {
  readonly hand: { readonly samples: number; readonly changed: number };
  readonly face: { readonly samples: number; readonly changed: number };
  /** Frames in which the hand lies over what would be restored. */
  readonly frames: number;
}

/**
 * How deep in the hand its own samples begin, plate pixels: the edge as the lens shows it, and a pixel more, since a mask is told on a
 * patch. And how far from it the matte is whole again.
 */
const DEEP = 2;
const BESIDE = 12;

/** @param mattes of the face without a hand before it: what would be restored */
async function countsOf(out: string, mattes: ReadonlyMap<number, Uint16Array>): Promise<Counts> {
  const counts = { hand: { samples: 0, changed: 0 }, face: { samples: 0, changed: 0 }, frames: 0 };
  const others = decoded(out, 'gbrp10le');
  for await (const { frame, bytes } of decoded(reel, 'gbrp10le')) {
    const other = (await others.next()).value;
    const matte = mattes.get(1001 + frame);
    if (!other || !matte) throw new Error(`Frame ${frame} was not restored.`);
    const before = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const after = new Uint16Array(other.bytes.buffer, other.bytes.byteOffset, other.bytes.length / 2);
    const earlier = counts.hand.samples;
    before.forEach((sample, i) => {
      const p = i % matte.length;
      if ((matte[p] as number) < 0x8000) return;
      const depth = depthInHand((p % SIZE.width) + 0.5, Math.floor(p / SIZE.width) + 0.5, frame);
      if (depth < DEEP && depth > -BESIDE) return;
      const of = depth >= DEEP ? counts.hand : counts.face;
      of.samples += 1;
      if (sample !== after[i]) of.changed += 1;
    });
    if (counts.hand.samples > earlier) counts.frames += 1;
  }
  return counts;
}

async function restored(restorer: string, maskers: readonly string[]) {
  const out = at(`${restorer}-${maskers.length}`);
  const settings = { 'repair.window': 2, 'masking.models': maskers };
  await restoreOnThisThread(jobOf(reel, out, PORTRAIT, { restorer, settings, mattes: `${out}-mattes` }));
  return { out, mattes: await readMattes(`${out}-mattes`) };
}

describe.each(['repair', 'replace'])('a gloved hand before a face, to %s', (restorer) => {
  let without: Awaited<ReturnType<typeof restored>>;
  beforeAll(async () => {
    without = await restored(restorer, []);
  }, 115_000);

  it('is the plate’s to the sample where a masker sees it, and the face beside it is restored', async () => {
    const { out } = await restored(restorer, [masker]);
    const { hand, face, frames } = await countsOf(out, without.mattes);
    expect(frames).toBeGreaterThan(3);
    expect(hand.samples).toBeGreaterThan(6000);
    expect(hand.changed).toBe(0);
    expect(face.samples).toBeGreaterThan(15_000);
    expect(face.changed).toBeGreaterThan(0.7 * face.samples);
  }, 115_000);

  it('is changed where none looks for it', async () => {
    const { hand } = await countsOf(without.out, without.mattes);
    expect(hand.changed).toBeGreaterThan((restorer === 'replace' ? 0.9 : 0.2) * hand.samples);
  }, 115_000);
});
