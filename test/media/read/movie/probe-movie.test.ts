import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReelError } from '../../../../src/film/reel-error.ts';
import { findDamage } from '../../../../src/media/read/find-damage.ts';
import { probeReel } from '../../../../src/media/read/probe-reel.ts';
import { FOOTAGE, hasFootage } from '../../../footage.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../../lavfi.ts';

const folder = await temporaryFolder();
const open = (path: string) => probeReel(path, { transfer: 'auto' }, ffmpeg);

async function refusal(path: string): Promise<string> {
  const error = await open(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ReelError);
  return (error as ReelError).message;
}

describe.skipIf(!hasFootage)('Real footage is opened with its own rate and count of frames', () => {
  const clips: readonly [path: string, width: number, height: number, rate: number, frames: number][] = [
    ['talking/weekly-address.mov', 256, 256, 25, 1169],
    ['talking/webcam.mp4', 400, 300, 25, 765],
    ['people/head-pose-face-detection-female.gif', 480, 270, 12, 23],
    ['old-film/within_our_gates.mp4', 480, 368, 24, 48],
  ];
  for (const [path, width, height, rate, frames] of clips) {
    it(path, async () => {
      const reel = await open(join(FOOTAGE, path));
      expect(reel).toMatchObject({ kind: 'movie', width, height, frames, first: 1 });
      expect(reel.rate).toEqual({ num: rate, den: 1 });
      expect(reel.damaged.size).toBe(0);
    });
  }
});

describe('An edit list', () => {
  it('hides the frames that it leaves out', async () => {
    const whole = join(folder, 'whole.mp4');
    const path = join(folder, 'edited.mp4');
    await make(`${moving('96x54', '24', 48)} -c:v libx264 -bf 2 -g 48 -pix_fmt yuv420p`, whole);
    await make(`-ss 0.5 -i ${whole} -c copy`, path);
    expect(await open(path)).toMatchObject({ frames: 36, rate: { num: 24, den: 1 }, notes: [] });
  });
});

describe('A movie that is cut short is noticed', () => {
  it('in Matroska and in QuickTime, and its frames can be told from those that are lost', async () => {
    for (const [name, options] of [
      ['cut.mkv', '-c:v ffv1'],
      ['cut.mp4', '-c:v libx264 -bf 2 -g 24 -movflags +faststart -pix_fmt yuv420p'],
    ] as const) {
      const path = join(folder, name);
      await make(`${moving('160x90', '24', 48)} ${options}`, path);
      const bytes = await readFile(path);
      await writeFile(path, bytes.subarray(0, Math.round(bytes.length * 0.6)));
      const reel = await open(path);
      expect(reel.frames).toBeGreaterThan(20);
      expect(reel.frames).toBeLessThan(40);
      expect(reel.notes?.join(' ')).toMatch(/^The file is cut short: \d+ frames/);
      expect(reel.rate).toEqual({ num: 24, den: 1 });
    }
  });
});

describe('Damage inside a movie', () => {
  it('is found at its frame', async () => {
    const path = join(folder, 'damaged.mkv');
    await make(`${moving('160x90', '24', 24)} -c:v ffv1 -level 3 -g 1 -slicecrc 1`, path);
    const clean = await open(path);
    expect(await findDamage(clean, { in: 0, out: 24 }, ffmpeg)).toEqual(new Map());
    const bytes = await readFile(path);
    for (let k = 0; k < 16; k++) bytes[Math.round(bytes.length * 0.52) + k] = 0x5a;
    await writeFile(path, bytes);
    const reel = await open(path);
    const damage = await findDamage(reel, { in: 0, out: 24 }, ffmpeg);
    expect([...damage.keys()]).toHaveLength(1);
    expect([...damage.keys()][0]).toBeGreaterThanOrEqual(11);
    expect([...damage.keys()][0]).toBeLessThanOrEqual(13);
    expect([...damage.values()][0]).toMatch(/^it is decoded with errors: ffv1: slice CRC mismatch/);
  });
});

describe('What is no reel is refused with a sentence', () => {
  it('nothing there', async () => {
    const path = join(folder, 'none.mov');
    expect(await refusal(path)).toBe(
      `"${path}" does not exist. A movie, a folder of numbered stills or a pattern such as scan.%04d.dpx was expected: check the path.`,
    );
  });

  it('only sound', async () => {
    const path = join(folder, 'sound.m4a');
    await make('-f lavfi -i sine=d=1', path);
    expect(await refusal(path)).toBe(
      `"${path}" has only sound; a movie with a picture was expected. Give another file.`,
    );
  });

  it('sound with a cover image', async () => {
    const path = join(folder, 'cover.m4a');
    const cover = join(folder, 'cover.png');
    await make('-f lavfi -i testsrc2=s=64x64 -frames:v 1', cover);
    await make(`-f lavfi -i sine=d=1 -i ${cover} -map 0 -map 1 -c:v copy -disposition:v:0 attached_pic`, path);
    expect(await refusal(path)).toContain('has only sound');
  });

  it('no movie at all', async () => {
    const path = join(folder, 'text.mov');
    await writeFile(path, 'not a movie');
    expect(await refusal(path)).toMatch(
      /^".*text\.mov" is not a movie that ffmpeg can read \(.+\)\. Check that the file is whole\.$/,
    );
  });

  it('a header without frames', async () => {
    const path = join(folder, 'header.mp4');
    await make(`${moving('96x54', '24', 24)} -c:v libx264 -movflags +faststart -pix_fmt yuv420p`, path);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.indexOf('mdat') + 8));
    expect(await refusal(path)).toMatch(/no frame .*can be decoded|is not a movie/);
  });

  it('a single still', async () => {
    const path = join(folder, 'scan.0001.dpx');
    await make('-f lavfi -i testsrc2=s=64x48 -frames:v 1 -pix_fmt gbrp10le', path);
    expect(await refusal(path)).toBe(
      `"${path}" is one still; a reel is a movie or a numbered sequence. Give the pattern "${join(folder, 'scan.####.dpx')}".`,
    );
  });
});
