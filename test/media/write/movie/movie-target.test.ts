import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shownPackets } from '../../../../src/media/ffmpeg/packet-hashes.ts';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { differingFrames } from '../../differing-frames.ts';
import { ffmpeg, framemd5, make, moving, temporaryFolder } from '../../lavfi.ts';
import { FIRST, placeIn, writeTake } from '../../write-take.ts';

const folder = await temporaryFolder();

describe('A lossless movie holds the very samples, whether takes pass through this process or are copied', () => {
  const cases: readonly [format: string, encoder: string][] = [
    ['yuv420p', '-c:v ffv1'],
    ['yuv422p10le', '-c:v prores_ks'],
    ['yuv444p12le', '-c:v ffv1'],
    ['bgr0', '-c:v ffv1'],
    ['gray16le', '-c:v ffv1'],
    ['gbrp10le', '-c:v ffv1'],
    ['rgba', '-c:v png'],
  ];
  for (const [format, encoder] of cases) {
    it(`${format} from ${encoder.split(' ')[1]}`, async () => {
      const path = join(folder, `lossless-${format}.mov`);
      const source = encoder === '-c:v ffv1' ? path.replace(/mov$/, 'mkv') : path;
      await make(`${moving('98x54', '24', 10)} ${encoder} -pix_fmt ${format}`, source);
      const reel = await openMovie(source, { transfer: 'auto' }, ffmpeg);
      const out = join(folder, `out-${format}.mkv`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      const segments = [
        await writeTake(reel, target, { in: 0, out: 4 }, `${out}.work`),
        await target.copyTake({ in: 4, out: 10 }, placeIn(`${out}.work`)),
      ];
      const [output] = await target.conform(segments, FIRST);
      expect(output).toMatchObject({ path: out, frames: 10 });
      const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
      expect(written.codec).toBe('ffv1');
      expect(written.rate).toEqual(reel.rate);
      expect(await differingFrames(reel, { written, first: 0, range: { in: 0, out: 10 } }, ffmpeg)).toEqual([]);
      if (format !== 'rgba')
        expect(await framemd5(out, reel.format.name)).toEqual(await framemd5(source, reel.format.name));
      expect(target.notes).toEqual([]);
    });
  }

  it.each(['mkv', 'mov'])(
    'a .%s is known by the packets that its takes tell of, and by its own where one does not',
    async (extension) => {
      const reel = await openMovie(join(folder, 'lossless-yuv420p.mkv'), { transfer: 'auto' }, ffmpeg);
      const out = join(folder, `packets.${extension}`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      const segments = [
        await writeTake(reel, target, { in: 0, out: 4 }, `${out}.work`),
        await target.copyTake({ in: 4, out: 10 }, placeIn(`${out}.work`)),
      ];
      const [output] = await target.conform(segments, FIRST);
      const own = await shownPackets(out, ffmpeg);
      expect(own).toHaveLength(10);
      expect(output?.pictures).toEqual(own.map((sha256, frame) => ({ frame, sha256 })));
      const untold = segments.map(({ pictures: _, ...segment }) => segment);
      expect((await target.conform(untold, { ...FIRST, replace: true }))[0]?.pictures).toEqual(output?.pictures);
    },
  );

  it('a differing frame is found', async () => {
    const a = await openMovie(join(folder, 'lossless-yuv420p.mkv'), { transfer: 'auto' }, ffmpeg);
    const path = join(folder, 'other.mkv');
    await make(`-i ${a.path} -vf drawbox=x=0:y=0:w=2:h=2:enable='eq(n,7)' -c:v ffv1`, path);
    const b = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    expect(await differingFrames(a, { written: b, first: 0, range: { in: 0, out: 10 } }, ffmpeg)).toEqual([7]);
  });
});

describe('Takes', () => {
  it('have the same hash whenever they are written, and are known by it', async () => {
    const path = join(folder, 'takes.mkv');
    await make(`${moving('160x90', '25', 12)} -c:v ffv1 -pix_fmt yuv420p`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'takes-out.mov');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    const take = { in: 3, out: 9 };
    const first = await writeTake(reel, target, take, `${out}.work`);
    expect(await target.holds(first)).toBe(true);
    expect(await target.stands(first)).toBe(true);
    const { files: _, ...same } = first;
    expect(await writeTake(reel, target, take, `${out}.work`)).toMatchObject(same);
    expect(await target.stands(first)).toBe(false);
    expect(await target.holds({ ...first, sha256: '0'.repeat(64) })).toBe(false);
    expect(await target.holds({ ...first, in: 0 })).toBe(false);
    const [name] = await readdir(`${out}.work`);
    const bytes = await readFile(join(`${out}.work`, name as string));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(first.sha256);
  });

  it('leave nothing behind when they are given up', async () => {
    const reel = await openMovie(join(folder, 'takes.mkv'), { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'given-up.mkv');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    {
      await using writer = await target.openTake({ in: 0, out: 12 }, placeIn(`${out}.work`));
      await writer.pass(0);
    }
    expect(await readdir(`${out}.work`)).toEqual([]);
  });

  it('refuse frames out of order, and an end before the last frame', async () => {
    const reel = await openMovie(join(folder, 'takes.mkv'), { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'order.mkv');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    await using writer = await target.openTake({ in: 0, out: 3 }, placeIn(`${out}.work`));
    await expect(writer.pass(1)).rejects.toThrow('Frame 0 of the take [0, 3) comes next, not 1.');
    await writer.pass(0);
    await expect(writer.finish()).rejects.toThrow('only frames before 1 were written');
  });

  it('end with a sentence when the encoder dies under them', async () => {
    const reel = await openMovie(join(folder, 'takes.mkv'), { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'dies.mkv');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    await expect(target.openTake({ in: 0, out: 3 }, placeIn(join(folder, 'takes.mkv')))).rejects.toMatchObject({
      name: 'OutputError',
    });
  });

  it('hold the frame before in place of one that cannot be decoded', async () => {
    const reel = await openMovie(join(folder, 'takes.mkv'), { transfer: 'auto' }, ffmpeg);
    const { times } = reel;
    // The reel lists a frame between 5 and 6 that no decoder gives.
    const hole = [...times.slice(0, 6), (times[5] as number) + 20, ...times.slice(6)];
    const longer = { ...reel, frames: 13, times: hole, rate: { num: 50, den: 1 } };
    const out = join(folder, 'held.mkv');
    const target = await openMovieTarget(longer, { out }, ffmpeg);
    const notes: string[] = [];
    const note = (sentence: string) => void notes.push(sentence);
    await target.copyTake({ in: 4, out: 9 }, { ...placeIn(`${out}.work`), note });
    const own = await framemd5(reel.path, 'yuv420p');
    const [name] = await readdir(`${out}.work`);
    const written = await framemd5(join(`${out}.work`, name as string), 'yuv420p');
    expect(written).toEqual([own[4], own[5], own[5], own[6], own[7]]);
    expect(notes).toContain('Frame 7 cannot be decoded; frame 6 stands in its place.');
  });
});
