import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { packetHashes } from '../../src/media/ffmpeg/packet-hashes.ts';
import { remake } from './formats.ts';
import { jobOf } from './job-of.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const TALKING = 3;
const EMPTY = 6;
const LT = ['-c:v', 'prores_ks', '-profile:v', 'lt', '-pix_fmt', 'yuv422p10le'];

let scratch: Scratch;
beforeAll(async () => {
  scratch = await openScratch('own-packets');
  process.env['REELMEND_CACHE'] = scratch.cache;
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('a ProRes movie restored into .mov', () => {
  it('has its own packets in every take without a restored face, and in a run that finds those takes finished', async () => {
    await makeTinyReel(join(scratch.path, 'scan'), TALKING, EMPTY);
    const format = {
      title: 'ProRes LT',
      kind: 'movie',
      extension: 'mov',
      pixelFormat: 'yuv422p10le',
      encode: LT,
    } as const;
    const reel = await remake(join(scratch.path, 'scan'), format, join(scratch.path, 'reel'));
    const out = join(scratch.path, 'out.mov');
    const job = jobOf(reel, out, join(packageFolder(), 'samples', 'portrait.png'), {
      restorer: 'replace',
      keepWork: true,
    });
    const said = `${EMPTY} of ${TALKING + EMPTY} frames are the source's own packets, untouched to the bit.`;
    const first = await restoreOnThisThread(job);
    expect(first).toMatchObject({ restored: TALKING, takesRedone: 2, takesKept: 0 });
    expect(first.notes).toEqual([said]);
    const ffmpeg = await findFfmpeg();
    const [own, written] = [await packetHashes(reel, ffmpeg), await packetHashes(out, ffmpeg)];
    expect(written.map((hash, k) => hash === own[k])).toEqual(own.map((_, k) => k >= TALKING));

    await rm(out);
    await rm(`${out}.report`, { recursive: true });
    const again = await restoreOnThisThread(job);
    expect(again).toMatchObject({ restored: TALKING, takesRedone: 0, takesKept: 2 });
    expect(again.notes).toContain(said);
    expect(await packetHashes(out, ffmpeg)).toEqual(written);
  });
});
