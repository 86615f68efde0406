import { execFile } from 'node:child_process';
import { appendFile, copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../../../../src/film/sample-format.ts';
import { plates } from '../../../../src/media/read/decode.ts';
import { findDamage } from '../../../../src/media/read/find-damage.ts';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { framePool } from '../../../../src/stream/frame-pool.ts';
import { ffmpeg, framemd5, make, temporaryFolder } from '../../lavfi.ts';
import { FIRST, never, placeIn, writeTake } from '../../write-take.ts';

const folder = await temporaryFolder();

/** A part of ten frames at 25 a second whose sound is a tone of its own for just as long. */
async function part(name: string, tone: number, options: string): Promise<string> {
  const path = join(folder, name);
  const sound = `-f lavfi -i sine=f=${tone}:r=48000:d=0.4`;
  const picture = `-f lavfi -i testsrc2=s=96x64:r=25:d=0.4,hue=h=${tone}`;
  await make(`${picture} ${sound} -c:v mpeg2video -bf 2 -g 5 -c:a mp2 ${options}`, path);
  return path;
}

async function joined(name: string, parts: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await copyFile(parts[0] as string, path);
  for (const one of parts.slice(1)) await appendFile(path, await readFile(one));
  return path;
}

const first = await part('first.ts', 440, '');
const second = await part('second.ts', 880, '');
const cases: readonly [what: string, path: string, frames: number][] = [
  ['repeat, in a transport stream', await joined('repeat.ts', [first, second, first]), 30],
  [
    'repeat, in a set of VOB',
    await joined('set.vob', [await part('first.vob', 440, '-f vob'), await part('second.vob', 880, '-f vob')]),
    20,
  ],
  [
    'overlap by less than the parts are long',
    await joined('overlap.ts', [first, await part('late.ts', 880, '-output_ts_offset 0.22')]),
    20,
  ],
  ['go back', await joined('back.ts', [await part('far.ts', 880, '-output_ts_offset 1000'), first]), 20],
  ['leap ahead', await joined('leap.ts', [first, await part('far2.ts', 880, '-output_ts_offset 1000')]), 20],
];

describe('A movie joined of files whose times', () => {
  for (const [what, path, frames] of cases) {
    it(`${what}, has every frame once, each in its place`, async () => {
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      expect(reel).toMatchObject({ frames, rate: { num: 25, den: 1 }, byPlace: true });
      expect(reel.times.every((time, k) => k === 0 || time > (reel.times[k - 1] as number))).toBe(true);
      const [told, advice] = reel.notes ?? [];
      expect(told).toMatch(/^The file's times go back or leap at frame 11/);
      expect(reel.notes).toHaveLength(2);

      const seen: number[] = [];
      const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
      for await (const { plate, loan } of plates(reel, { in: 8, out: 13 }, { pool, ffmpeg, signal: never })) {
        seen.push(plate.frame);
        loan.release();
      }
      expect(seen).toEqual([8, 9, 10, 11, 12]);
      expect(await findDamage(reel, { in: 0, out: frames }, ffmpeg)).toEqual(new Map());

      const command = /without loss: ffmpeg (.*)$/.exec(advice ?? '')?.[1];
      await promisify(execFile)('sh', ['-c', `${ffmpeg.ffmpeg} -v error -nostdin -y ${command}`]);
      const rewrapped = await openMovie(`${path}.mkv`, { transfer: 'auto' }, ffmpeg);
      expect(rewrapped).toMatchObject({ frames, audioStreams: 1 });
      expect(rewrapped.byPlace).toBeUndefined();
      expect(await framemd5(`${path}.mkv`, 'yuv420p')).toEqual(await framemd5(path, 'yuv420p'));
    });
  }

  for (const extension of ['.mkv', '.mov', '.mp4']) {
    it(`repeat, keeps its sound beside the picture in ${extension}`, async () => {
      const [, path] = cases[0] as (typeof cases)[number];
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const out = join(folder, `joined${extension}`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      const segments = [
        await target.copyTake({ in: 0, out: 14 }, placeIn(`${out}.work`)),
        await writeTake(reel, target, { in: 14, out: 30 }, `${out}.work`),
      ];
      await target.conform(segments, FIRST);
      const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
      expect(written).toMatchObject({ frames: 30, rate: { num: 25, den: 1 }, audioStreams: 1 });
      if (extension === '.mkv') expect(await framemd5(out, 'yuv420p')).toEqual(await framemd5(path, 'yuv420p'));
      // Half a frame is as far as the grid of the rate moves a frame; a packet of sound lasts 24 ms.
      const tones = await tonesOf(out);
      expect(tones.at(0.2)).toBeCloseTo(440, -1.7);
      expect(tones.at(0.6)).toBeCloseTo(880, -1.7);
      expect(tones.at(1)).toBeCloseTo(440, -1.7);
      expect(Math.abs(tones.change(440, 880) - 0.4)).toBeLessThan(0.044);
    });
  }

  it('repeat, gives a part of it the sound of that part', async () => {
    const [, path] = cases[0] as (typeof cases)[number];
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    for (const extension of ['.mkv', '.mp4']) {
      const out = join(folder, `part${extension}`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      await target.conform([await target.copyTake({ in: 5, out: 15 }, placeIn(`${out}.work`))], FIRST);
      expect(await openMovie(out, { transfer: 'auto' }, ffmpeg)).toMatchObject({ frames: 10, audioStreams: 1 });
      expect(Math.abs((await tonesOf(out)).change(440, 880) - 0.2)).toBeLessThan(0.044);
    }
  });

  it('repeat, and whose picture begins after its sound, begins a part with both together', async () => {
    const late = join(folder, 'late-picture.ts');
    const picture = '-itsoffset 0.2 -f lavfi -i testsrc2=s=96x64:r=25:d=0.4';
    await make(`${picture} -f lavfi -i sine=f=440:r=48000:d=0.6 -vsync 0 -c:v mpeg2video -bf 2 -g 5 -c:a mp2`, late);
    const reel = await openMovie(await joined('late.ts', [late, second]), { transfer: 'auto' }, ffmpeg);
    expect(reel).toMatchObject({ frames: 20, byPlace: true });
    const out = join(folder, 'late-part.mkv');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    await target.conform([await target.copyTake({ in: 0, out: 15 }, placeIn(`${out}.work`))], FIRST);
    const { times } = await openMovie(out, { transfer: 'auto' }, ffmpeg);
    expect(times[0]).toBe(0);
    expect(Math.abs((await tonesOf(out)).change(440, 880) - 0.4)).toBeLessThan(0.044);
  });
});

/** The tone of a movie's sound as time goes by: crossings of zero in windows of 20 ms, without the codec's own delay. */
async function tonesOf(path: string) {
  const raw = `${path}.raw`;
  await make(`-i ${path} -map 0:a -af aresample=async=1:first_pts=0 -f s16le -ac 1 -ar 48000`, raw);
  const bytes = await readFile(raw);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  const at = (seconds: number, length = 0.1): number => {
    const from = Math.round((seconds - length / 2) * 48000);
    let crossings = 0;
    for (let k = from; k < from + length * 48000; k++) {
      if ((samples[k] as number) < 0 && (samples[k + 1] as number) >= 0) crossings += 1;
    }
    return crossings / length;
  };
  const change = (before: number, after: number): number => {
    for (let time = 0.05; time < 2; time += 0.004) {
      if (at(time, 0.02) > (before + after) / 2) return time;
    }
    throw new Error(`"${path}" has no tone of ${after} Hz.`);
  };
  return { at, change };
}
