import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { sha256Of } from '../../src/disk/sha256.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { parseRestore } from '../../src/pipeline/request/parse-request.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { restoreJob } from '../../src/pipeline/restore.ts';
import { reportSchema } from '../../src/report/report.ts';
import { tracksFileSchema } from '../../src/report/tracks-file.ts';
import { PLAIN, writeRecogniser, writeSwapper } from '../model/drawn-swapper.ts';
import { decoded } from './decoded.ts';
import { jobOf, QUIET } from './job-of.ts';
import { thisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const FRAMES = 4;
const RECORD = {
  format: 'reelmend-authorisation/1',
  people: [{ name: 'actor', shown: 'a stand-in', putIn: 'nobody' }],
  allowedBy: 'the maker of this test',
  purpose: 'to see that nothing changes',
  reel: 'ten',
  until: '2999-12-31',
};

let scratch: Scratch;
let contract: string;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('swap');
  process.env['REELMEND_CACHE'] = scratch.cache;
  await makeTinyReel(at('ten'), FRAMES, 1);
  await mkdir(at('eight'));
  const { ffmpeg } = await findFfmpeg();
  const names = (await readdir(at('ten'))).sort();
  for (const name of names) {
    const to = join(at('eight'), name.replace('.dpx', '.png'));
    await promisify(execFile)(ffmpeg, ['-v', 'error', '-i', join(at('ten'), name), '-pix_fmt', 'rgb24', to]);
  }
  const recogniser = await writeRecogniser(at('models'), 'means', { always: [0.1, 0.2, 0.3] });
  contract = await writeSwapper(at('models'), {
    ...{ ...PLAIN, id: 'same', sourceShape: [1, 3], red: [0, 0, 0] },
    source: { from: 'embedding', input: 'source', recogniser, length: 'one' },
  });
  await writeFile(at('consent.json'), JSON.stringify(RECORD));
}, 120_000);
afterAll(() => scratch[Symbol.asyncDispose]());

async function swapped(reel: string, out: string, more: Partial<RestoreRequest> = {}) {
  const request = jobOf(at(reel), at(out), PORTRAIT, {
    ...{ restorer: 'swap', authorisation: at('consent.json'), mattes: at(`${out}-mattes`) },
    // Carried from keyframes, a face also loses the film's flicker, and repairing takes its dirt.
    settings: { 'swap.model': contract, 'repair.window': 0, 'swap.keyframeEvery': 0 },
    ...more,
  });
  const summary = await restoreJob(parseRestore(request), QUIET, { openDevice: async () => thisThread() });
  const report = reportSchema.parse(JSON.parse(await readFile(join(summary.report, 'report.json'), 'utf8')));
  return { summary, report };
}

/** The most by which samples differ inside the mattes, codes, and how many differ outside. */
async function differences(reel: string, out: string, pixelFormat: 'gbrp10le' | 'gbrp') {
  const mattes = (await readdir(at(`${out}-mattes`))).sort();
  const others = decoded(at(out), pixelFormat);
  let [inside, outside, seen, k] = [0, 0, 0, 0];
  for await (const { bytes } of decoded(at(reel), pixelFormat)) {
    const other = (await others.next()).value;
    const matte = mattes[k++];
    if (!other) throw new Error('The output is shorter.');
    const samplesOf = (of: Uint8Array) =>
      pixelFormat === 'gbrp' ? of : new Uint16Array(of.buffer, of.byteOffset, of.length / 2);
    const mask = matte
      ? await sharp(join(at(`${out}-mattes`), matte))
          .toColourspace('grey16')
          .raw({ depth: 'ushort' })
          .toBuffer()
      : null;
    const weights = mask ? new Uint16Array(mask.buffer, mask.byteOffset, mask.length / 2) : new Uint16Array(0);
    const [before, after] = [samplesOf(bytes), samplesOf(other.bytes)];
    const area = before.length / 3;
    for (const [i, sample] of before.entries()) {
      const apart = Math.abs(sample - (after[i] as number));
      if ((weights[i % area] ?? 0) > 0) {
        inside = Math.max(inside, apart);
        seen += 1;
      } else if (apart > 0) outside += 1;
    }
  }
  return { inside, outside, seen };
}

describe('a reel that is swapped by a network which gives back what it is shown', () => {
  it('differs by half a level of 8 bits at most inside the mattes, and by no sample outside: 10 bits', async () => {
    const { report } = await swapped('ten', 'ten-out');
    expect(report).toMatchObject({ restorer: 'swap', frames: { restored: FRAMES } });
    const { inside, outside, seen } = await differences('ten', 'ten-out', 'gbrp10le');
    expect(seen).toBeGreaterThan(1000 * FRAMES);
    expect(outside).toBe(0);
    expect(inside).toBeLessThanOrEqual(2);

    const { file: _, ...said } = { file: '', ...RECORD };
    const { format: __, ...stated } = said;
    const sha256 = sha256Of(await readFile(at('consent.json')));
    expect(report.authorisations).toEqual([{ ...stated, sha256 }]);
    const tracks = JSON.parse(await readFile(join(at('ten-out.report'), 'tracks.json'), 'utf8'));
    expect(tracksFileSchema.parse(tracks).authorisation).toBe(sha256);
    const page = await readFile(join(at('ten-out.report'), 'index.html'), 'utf8');
    expect(page).toContain('a stand-in is shown with the face of nobody');
  }, 240_000);

  it('is not rendered anew under another record, which the report then names too', async () => {
    const other = { ...RECORD, allowedBy: 'the same maker, later' };
    await writeFile(at('later.json'), JSON.stringify(other));
    const { summary, report } = await swapped('ten', 'ten-out', { authorisation: at('later.json') });
    expect(summary.alreadyDone).toBe(true);
    expect(report.authorisations?.map(({ allowedBy }) => allowedBy)).toEqual([RECORD.allowedBy, other.allowedBy]);
    const page = await readFile(join(at('ten-out.report'), 'index.html'), 'utf8');
    expect(page).toContain('the same maker, later');
  }, 240_000);

  it('is refused where its record is for another reel', async () => {
    await expect(swapped('eight', 'eight-out')).rejects.toThrow(
      `--authorisation "${at('consent.json')}" is for the reel "ten", and this one is "eight". Ask the maker of this test for a record that names this reel, or give that one.`,
    );
  });

  it('differs by no more than rounding at 8 bits', async () => {
    const { reel: _, ...anyReel } = RECORD;
    await writeFile(at('any.json'), JSON.stringify(anyReel));
    await swapped('eight', 'eight-out', { authorisation: at('any.json') });
    const { inside, outside } = await differences('eight', 'eight-out', 'gbrp');
    expect(outside).toBe(0);
    expect(inside).toBeLessThanOrEqual(1);
  }, 240_000);
});
