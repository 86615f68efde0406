import { copyFile, cp, mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { Plate } from '../../src/film/plate.ts';
import { meanSquaredError } from '../../src/metrics/psnr.ts';
import { reportSchema } from '../../src/report/report.ts';
import { tracksFileSchema } from '../../src/report/tracks-file.ts';
import { ended } from '../cli/captured-io.ts';
import { damagePacket, run, withDamagedPixels } from './damaging.ts';
import { allDecoded, stillNames } from './decoded.ts';
import { readMattes } from './mattes.ts';
import { differingFiles } from './proof.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const FRAMES = 10;

let scratch: Scratch;
let whole: string;
let damaged: string;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('damage');
  process.env['REELMEND_CACHE'] = scratch.cache;
  whole = at('whole');
  damaged = at('damaged');
  await makeTinyReel(whole, FRAMES, 0);
  await cp(whole, damaged, { recursive: true });
  await truncate(join(damaged, 'scan.1005.dpx'), 100_000);
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** `replace` needs one frame alone: a lost frame changes the others only through tracking. */
const restored = (reel: string, out: string, ...more: string[]) => {
  const what = ['--reference', PORTRAIT, '--restorer', 'replace', '--mattes', `${out}-mattes`, '--quiet'];
  return ended(['restore', reel, '--out', out, ...what, ...more]);
};

const reportOf = async (out: string) =>
  reportSchema.parse(JSON.parse(await readFile(join(`${out}.report`, 'report.json'), 'utf8')));

function words(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}

describe('a reel with a DPX that is cut off', () => {
  it('comes back whole: that frame byte for byte and named, its neighbours restored, and exit code 3', async () => {
    const out = at('out');
    const { code, stderr, stdout } = await restored(damaged, out);
    expect(code).toBe(3);
    expect(stderr).toBe(
      `reelmend: 1 of ${FRAMES} frames are damaged and were passed through, more than --max-isolated 0.3 %. The report names them.\n`,
    );
    expect(stdout).toContain(`Restored ${FRAMES - 1} of ${FRAMES} frames; 1 passed on untouched (1 of them damaged).`);

    const names = await stillNames(damaged);
    expect(await stillNames(out)).toEqual(names);
    const others = names.filter((name) => name !== 'scan.1005.dpx');
    expect(await differingFiles(damaged, out)).toEqual(others);
    expect([...(await readMattes(`${out}-mattes`)).keys()].sort()).toEqual([
      1001, 1002, 1003, 1004, 1006, 1007, 1008, 1009, 1010,
    ]);
    const report = await reportOf(out);
    expect(report.frames).toMatchObject({ in: FRAMES, out: FRAMES, restored: FRAMES - 1, untouched: 1 });
    expect(report.frames.isolated).toEqual([
      { frame: 4, name: 'scan.1005.dpx', reason: expect.stringContaining('cut off') },
    ]);
  });

  it('ends with exit code 0 where that many are allowed', async () => {
    const { code, stderr } = await restored(damaged, at('out'), '--max-isolated', '10');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('has almost the same picture in all other frames as the whole reel: one observation less hardly moves smoothed landmarks', async () => {
    const { code } = await restored(whole, at('undamaged'));
    expect(code).toBe(0);
    const others = (plates: readonly Plate[]) => plates.filter(({ frame }) => frame !== 4);
    const expected = others(await allDecoded(at('undamaged')));
    // ffmpeg drops what it cannot decode.
    const found = await allDecoded(at('out'));
    const source = others(await allDecoded(whole));
    expect(found).toHaveLength(FRAMES - 1);
    found.forEach((plate, k) => {
      const { bytes } = expected[k] as Plate;
      const disturbed = meanSquaredError(words(plate.bytes), words(bytes));
      const restoration = meanSquaredError(words((source[k] as Plate).bytes), words(bytes));
      expect(disturbed / restoration, `frame ${k}`).toBeLessThan(0.1);
    });
  });

  it('lacks in the output what it lacks in the source, where gaps are allowed, and says so', async () => {
    const gap = at('gap');
    await mkdir(gap);
    for (const number of [1001, 1002, 1004, 1005, 1006]) {
      await copyFile(join(whole, `scan.${number}.dpx`), join(gap, `scan.${number}.dpx`));
    }
    const out = at('gap-out');
    const { code, stdout, stderr } = await restored(gap, out, '--allow-gaps');
    expect(code).toBe(3);
    expect(stdout).toContain(
      'Restored 5 of 6 frames; 0 passed on untouched; 1 had no file, and the output lacks it.\n',
    );
    expect(stderr).toContain('reelmend: 1 of 6 frames are damaged or missing, more than --max-isolated 0.3 %.');
    expect(await stillNames(out)).toEqual(await stillNames(gap));
    const { frames } = await reportOf(out);
    expect(frames).toMatchObject({ in: 6, restored: 5 });
    expect(frames.isolated).toEqual([{ frame: 2, name: '1003', reason: 'frame 1003 is missing' }]);
  });
});

describe('a link that leads nowhere', () => {
  it('is a damaged frame that the output lacks, and the others are restored', async () => {
    const linked = at('linked');
    await mkdir(linked);
    for (const number of [1001, 1002, 1004]) {
      await symlink(join(whole, `scan.${number}.dpx`), join(linked, `scan.${number}.dpx`));
    }
    await symlink(at('nowhere.dpx'), join(linked, 'scan.1003.dpx'));
    const out = at('linked-out');
    const { code } = await restored(linked, out);
    expect(code).toBe(3);
    expect(await stillNames(out)).toEqual(['scan.1001.dpx', 'scan.1002.dpx', 'scan.1004.dpx']);
    const { frames } = await reportOf(out);
    expect(frames).toMatchObject({ in: 4, out: 3, restored: 3 });
    expect(frames.isolated).toEqual([
      { frame: 2, name: '1003', reason: `scan.1003.dpx is a link to "${at('nowhere.dpx')}", which does not exist` },
    ]);
  });
});

describe('a frame that only decoding finds damaged', () => {
  it('is bridged, and named again by the tracks that were kept, so that the reel is tracked once', async () => {
    const folder = at('png');
    await mkdir(folder);
    const frames = ['-i', join(whole, 'scan.%04d.dpx'), '-frames:v', '6', '-pix_fmt', 'rgb24'];
    const numbers = ['-start_number', '1001'];
    await run('ffmpeg', ['-v', 'error', ...numbers, ...frames, ...numbers, join(folder, 'scan.%04d.png')]);
    const path = join(folder, 'scan.1003.png');
    await writeFile(path, withDamagedPixels(await readFile(path)));

    const look = async () => {
      const { code, stdout, stderr } = await ended(['inspect', folder, '--json', '--quiet']);
      expect(code).toBe(0);
      expect(stderr).toMatch(/^Note: Frame 1003 cannot be read and would be passed through: it cannot be decoded/);
      return tracksFileSchema.parse(JSON.parse(stdout));
    };
    const first = await look();
    expect(first.tracks.map((track) => [track.in, track.out])).toEqual([[0, 6]]);
    expect(first.tracks[0]?.observations.map(({ origin }) => origin === 'carried')).toEqual(
      [0, 0, 1, 0, 0, 0].map(Boolean),
    );
    const second = await look();
    expect(second.cached).toBe(true);
    expect({ shots: second.shots, tracks: second.tracks }).toEqual({ shots: first.shots, tracks: first.tracks });
  });
});

describe('a frame that comes out of the decoder with errors', () => {
  it('is named as damaged, though none is missing', async () => {
    const movie = at('movie.mkv');
    const frames = ['-start_number', '1001', '-i', join(whole, 'scan.%04d.dpx'), '-frames:v', '6'];
    const lossless = ['-c:v', 'ffv1', '-level', '3', '-slicecrc', '1', '-g', '1'];
    await run('ffmpeg', ['-v', 'error', ...frames, ...lossless, movie]);
    await damagePacket(movie, 2);

    const { code, stdout, stderr } = await ended(['inspect', movie, '--json', '--quiet']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Note: Frame 3 cannot be read and would be passed through: it is decoded with errors: /);
    expect(tracksFileSchema.parse(JSON.parse(stdout)).reel.frames).toBe(6);
  });
});
