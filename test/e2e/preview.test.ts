import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { cutRegion, type Plate } from '../../src/film/plate.ts';
import { plateColourOf } from '../../src/film/plate-colour.ts';
import type { Reel } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { plates } from '../../src/media/read/decode.ts';
import { probeReel } from '../../src/media/read/probe-reel.ts';
import { type PreviewOptions, previewJob } from '../../src/pipeline/preview.ts';
import { parsePreview } from '../../src/pipeline/request/parse-request.ts';
import type { PreviewRequest } from '../../src/pipeline/request/request.ts';
import { displayPicture } from '../../src/render/display-picture.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { ffmpeg } from '../media/lavfi.ts';
import { filesOf } from './files-of.ts';
import { jobOf, QUIET } from './job-of.ts';
import { restoreOnThisThread, thisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { writeShots } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** The actor speaks, an empty room, and the actor again: frames 1001 to 1008, 1009 to 1012, 1013 to 1020. */
const SHOTS = [
  ['talking', 8],
  ['empty', 4],
  ['talking', 8],
] as const;

let scratch: Scratch;
let reel: string;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('preview');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = at('reel');
  await writeShots(reel, SHOTS);
  // Its tracks are kept.
  await restoreOnThisThread(jobOf(reel, at('restored'), PORTRAIT));
});
afterAll(() => scratch[Symbol.asyncDispose]());

function preview(request: Partial<PreviewRequest>, options: Partial<PreviewOptions> = {}) {
  const job = parsePreview({ reel, references: [PORTRAIT], out: at('shown'), ...request });
  return previewJob(job, { ...QUIET, onPage: () => {}, ...options }, { openDevice: async () => thisThread() });
}

/** A folder's frames as plates. */
async function platesOf(folder: string) {
  const opened = await probeReel(folder, { transfer: 'auto', allowGaps: false }, ffmpeg);
  const { format, width, height, frames } = opened;
  const pool = framePool(frames, pictureBytes(format, width, height));
  const found: Plate[] = [];
  const signal = new AbortController().signal;
  for await (const { plate } of plates(opened, { in: 0, out: frames }, { pool, ffmpeg, signal })) found.push(plate);
  return { opened, found };
}

const compute = openCpuCompute();

/** A plate as it is looked at. */
function shownWhole(opened: Reel, plate: Plate): Promise<RgbPicture> {
  const all = { x: 0, y: 0, width: plate.width, height: plate.height };
  return displayPicture(compute, cutRegion(plate, all), { part: all, scale: 1, colour: plateColourOf(opened) });
}

/** Where a picture is a part of another, sample for sample. */
function placesOf(part: RgbPicture, whole: RgbPicture): [number, number][] {
  const rowAt = (picture: RgbPicture, x: number, y: number) =>
    Buffer.from(picture.rgb.subarray(3 * (y * picture.width + x), 3 * (y * picture.width + x + part.width)));
  const places: [number, number][] = [];
  for (let y = 0; y + part.height <= whole.height; y++) {
    for (let x = 0; x + part.width <= whole.width; x++) {
      let row = 0;
      while (row < part.height && rowAt(part, 0, row).equals(rowAt(whole, x, y + row))) row += 1;
      if (row === part.height) places.push([x, y]);
    }
  }
  return places;
}

describe('a preview of a range', () => {
  it('shows before and after as the reel and the restored reel are, and writes nothing but its folder', async () => {
    const before = await filesOf(scratch.path);
    const pages: string[] = [];
    const summary = await preview({ range: '1002-1005' }, { onPage: (page) => void pages.push(page) });
    expect(pages).toEqual([join(at('shown'), 'index.html')]);
    expect(summary).toMatchObject({ page: pages[0], frames: 4, restored: 4 });
    const after = Object.keys(await filesOf(scratch.path)).filter(
      (file) => !(file in before) && !/^(cache|shown)\//.test(file),
    );
    expect(after).toEqual([]);
    expect((await readdir(at('shown'))).filter((name) => !/^(face|frame)-/.test(name)).sort()).toEqual([
      'index.html',
      'preview.json',
      'sheet-shot-1.jpg',
      'side-by-side.mp4',
      'wipe.mp4',
    ]);
  });

  it('shows each pixel of a face as it is in the reel, and as it will be in the restored one', async () => {
    const sizes = new Map<string, number[]>();
    const faces = (await readdir(at('shown'))).flatMap((name) => {
      const [, number, which, scale] = /^face-f1001-(\d+)-(before|after)-([12])x\.png$/.exec(name) ?? [];
      return number === undefined ? [] : [{ name, frame: Number(number) - 1001, which, scale: Number(scale) }];
    });
    // The middle one, and the one that was changed most.
    expect(faces.filter(({ frame }) => frame === 3)).toHaveLength(4);
    const sides = { before: await platesOf(reel), after: await platesOf(at('restored')) };
    for (const { name, frame, which, scale } of faces) {
      const { data, info } = await sharp(join(at('shown'), name))
        .raw()
        .toBuffer({ resolveWithObject: true });
      const { opened, found } = sides[which as 'before' | 'after'];
      const whole = await shownWhole(opened, found[frame] as Plate);
      const face = { width: info.width, height: info.height, rgb: data };
      if (scale === 1) expect(placesOf(face, whole), name).toHaveLength(1);
      else expect(sizes.get(`${frame} ${which}`), name).toEqual([info.width / 2, info.height / 2]);
      if (scale === 1) sizes.set(`${frame} ${which}`, [info.width, info.height]);
    }
  });
});
