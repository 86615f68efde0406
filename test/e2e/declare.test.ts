import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { makeDevelopmentCertificate } from '../../src/pipeline/credentials/development-certificate.ts';
import { pemSigner, signOutput } from '../../src/pipeline/credentials/sign-output.ts';
import { verifyOutput } from '../../src/pipeline/verify/verify.ts';
import { jobOf } from './job-of.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { shortTakes } from './short-takes.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** `replace` lays a photograph over a photograph. */
const TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture';
const [TALKING, EMPTY] = [3, 2];

let scratch: Scratch;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('declare');
  process.env['REELMEND_CACHE'] = scratch.cache;
  await makeTinyReel(at('dpx'), TALKING, EMPTY);
  await mkdir(at('reel'));
  const [first = ''] = (await readdir(at('dpx'))).sort();
  const pattern = at(join('dpx', first.replace(/\d+(?=\.dpx$)/, '%04d')));
  const input = ['-v', 'error', '-start_number', '1001', '-i', pattern];
  execFileSync('ffmpeg', [...input, '-pix_fmt', 'rgb48be', '-start_number', '1001', at('reel/scan.%04d.png')]);
  const preset = await shortTakes(scratch.path, 8);
  const asked = { preset, restorer: 'replace', rate: '24' } as const;
  await restoreOnThisThread(jobOf(at('reel'), at('plain'), PORTRAIT, asked));
  await restoreOnThisThread(jobOf(at('reel'), at('declared'), PORTRAIT, { ...asked, declare: true }));
  await restoreOnThisThread(jobOf(at('reel'), at('movie.mp4'), PORTRAIT, { ...asked, declare: true }));
});
afterAll(() => scratch[Symbol.asyncDispose]());

const filesIn = async (folder: string) =>
  Promise.all((await readdir(at(folder))).sort().map((name) => readFile(join(at(folder), name))));

describe('a restored folder that declares', () => {
  it('that it was altered says so in altered frames alone: all others are the reel’s, byte for byte', async () => {
    const [reel, declared] = await Promise.all([filesIn('reel'), filesIn('declared')]);
    const says = await Promise.all(
      declared.map(async (file) => (await sharp(file).metadata()).xmp?.toString().includes(TYPE) ?? false),
    );
    expect(says).toEqual([true, true, true, false, false]);
    expect(declared.map((file, k) => file.equals(reel[k] as Buffer))).toEqual([false, false, false, true, true]);
  });

  it('has the same samples as one that does not', async () => {
    const [plain, declared] = await Promise.all([filesIn('plain'), filesIn('declared')]);
    const samples = (file: Buffer) => sharp(file).raw({ depth: 'ushort' }).toBuffer();
    for (const [k, file] of declared.entries()) {
      expect((await samples(file)).equals(await samples(plain[k] as Buffer))).toBe(true);
    }
  });

  it('is the one that its log describes', async () => {
    const verdict = await verifyOutput({ out: at('declared'), reel: at('reel') }, new AbortController().signal);
    expect(verdict.faults).toEqual([]);
  });
});

describe('a restored movie that declares', () => {
  it('still does when it was signed, and its credentials hold', async () => {
    const { certificate, key } = await makeDevelopmentCertificate(at('certificate'));
    await signOutput(at('movie.mp4'), undefined, await pemSigner(certificate, key));
    const args = ['-v', 'error', '-export_xmp', '1', '-show_entries', 'format_tags', at('movie.mp4')];
    const tags = execFileSync('ffprobe', args).toString();
    expect(tags).toContain(TYPE);
    expect(tags).toContain('Faces in this picture were restored by Reelmend (replace).');
    const { faults, proved } = await verifyOutput({ out: at('movie.mp4') }, new AbortController().signal);
    expect(faults).toEqual([]);
    expect(proved[0]).toMatch(/^The content credentials in the file hold\./);
  });
});
