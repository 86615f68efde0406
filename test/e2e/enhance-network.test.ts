import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleDpx, sampleFileName } from '../../samples/make-reel.ts';
import { openReelTruth } from '../../samples/reel-truth.ts';
import { drawnEnhancer } from '../model/drawn-enhancer.ts';
import { remake } from './formats.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { proveReel } from './proof.ts';
import { sampleDifference } from './sample-difference.ts';
import { openScratch, type Scratch } from './scratch.ts';

const FRAMES = 4;
/** The face talks, sways and weaves; nothing is worn, so that there is nothing to repair. */
const WEAR = { weave: 0.5, breathing: 0, grain: 0, dirt: 0, scratches: 0 };
/** Without neighbours a clean frame's repaired face is the frame itself. */
const ALONE = { 'repair.window': 0, 'enhance.keyframeEvery': 0 };
const FORMATS = [
  { title: 'PNG, 8 bit', kind: 'folder', extension: 'png', pixelFormat: 'rgb24', encode: ['-pix_fmt', 'rgb24'] },
  {
    title: 'FFV1, 10 bit',
    kind: 'movie',
    extension: 'mkv',
    pixelFormat: 'yuv422p10le',
    encode: ['-c:v', 'ffv1', '-pix_fmt', 'yuv422p10le'],
  },
] as const;

let scratch: Scratch;
let scan: string;
let same: string;
beforeAll(async () => {
  scratch = await openScratch('enhance-network');
  process.env['REELMEND_CACHE'] = scratch.cache;
  scan = join(scratch.path, 'scan');
  await mkdir(scan);
  const truth = await openReelTruth({ width: 320, height: 180, only: 'talking', length: FRAMES, wear: WEAR });
  for (let frame = 0; frame < FRAMES; frame++) {
    await writeFile(join(scan, sampleFileName(truth, frame)), sampleDpx(truth, frame));
  }
  same = await drawnEnhancer(scratch.path, 'same', { side: 256 });
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('a moving face enhanced by a network that changes nothing', () => {
  it.each(FORMATS)('is the plate’s to the sample, inside the matte and outside: $title', async (format) => {
    const place = join(scratch.path, format.pixelFormat);
    const reel = await remake(scan, format, `${place}-reel`);
    const out = format.kind === 'folder' ? `${place}-out` : `${place}-out.mkv`;
    const summary = await restoreOnThisThread({
      reel,
      out,
      mattes: `${place}-mattes`,
      restorer: 'enhance',
      faces: 'all',
      settings: { ...ALONE, 'enhance.model': same },
    });
    expect(summary).toMatchObject({ frames: FRAMES, restored: FRAMES });
    const first = format.kind === 'folder' ? 1001 : 1;
    const proof = await proveReel(reel, out, `${place}-mattes`, first);
    expect(proof.differingOutside).toBe(0);
    expect((await sampleDifference(reel, out)).most).toBe(0);
  });

  it('is what the restorer without a network makes of it with neighbours too', async () => {
    const outs = [join(scratch.path, 'enhanced'), join(scratch.path, 'repaired')] as const;
    const job = { reel: scan, faces: 'all', settings: { 'repair.window': 1 } } as const;
    await restoreOnThisThread({
      ...job,
      out: outs[0],
      restorer: 'enhance',
      settings: { ...job.settings, 'enhance.keyframeEvery': 0, 'enhance.model': same },
    });
    await restoreOnThisThread({ ...job, out: outs[1], restorer: 'repair' });
    expect((await sampleDifference(outs[0], outs[1])).most).toBe(0);
  });
});
