import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../../lavfi.ts';
import { FIRST, placeIn, writeTake } from '../../write-take.ts';

const folder = await temporaryFolder();

async function probe(path: string): Promise<{ streams: Record<string, unknown>[]; format: Record<string, unknown> }> {
  const { stdout } = await promisify(execFile)(ffmpeg.ffprobe, [
    ...['-v', 'error', '-show_streams', '-show_format', '-show_chapters', '-of', 'json', path],
  ]);
  return JSON.parse(stdout);
}

async function deltas(path: string): Promise<Set<number>> {
  const { stdout } = await promisify(execFile)(ffmpeg.ffprobe, [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts', '-of', 'csv=p=0', path],
  ]);
  const times = stdout
    .trim()
    .split('\n')
    .map((line) => Number.parseInt(line, 10))
    .sort((a, b) => a - b);
  return new Set(times.slice(1).map((time, k) => time - (times[k] as number)));
}

describe('What belongs to the picture comes along', () => {
  const tags = '-color_range tv -color_primaries bt709 -color_trc bt709 -colorspace bt709 -chroma_sample_location left';

  for (const [name, rate, extension] of [
    ['film.mov', '24000/1001', '.mov'],
    ['film.mp4', '24000/1001', '.mp4'],
    ['film.mkv', '24000/1001', '.mkv'],
    ['silent-era.mkv', '16', '.mkv'],
    ['pal.mov', '25', '.mov'],
  ] as const) {
    it(`${name} at ${rate}: times, tags, timecode and sound`, async () => {
      const path = join(folder, `tagged-${name}.mov`);
      await make(
        `-f lavfi -i sine=r=48000 ${moving('128x72', rate, 30)} -shortest -map 1 -map 0 -vf setsar=16/15 ${tags} -c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p -c:a aac -timecode 10:00:59:10 -metadata:s:a:0 language=eng -metadata`,
        'title=A reel',
        path,
      );
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      expect(reel).toMatchObject({
        frames: 30,
        timecode: '10:00:59:10',
        audioStreams: 1,
        pixelAspect: { num: 16, den: 15 },
      });
      const out = join(folder, `carried-${name}`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      const takes = [
        { in: 0, out: 7 },
        { in: 7, out: 20 },
        { in: 20, out: 30 },
      ];
      const segments = [];
      for (const take of takes) segments.push(await target.copyTake(take, placeIn(`${out}.work`)));
      await target.conform(segments, FIRST);
      const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
      expect(written).toMatchObject({
        frames: 30,
        rate: reel.rate,
        timecode: '10:00:59:10',
        audioStreams: 1,
        pixelAspect: { num: 16, den: 15 },
        colour: { range: 'tv', primaries: 'bt709', transfer: 'bt709', matrix: 'bt709' },
      });
      const file = await probe(out);
      expect(file.format['tags']).toMatchObject({ title: 'A reel' });
      expect(file.streams.find((stream) => stream['codec_type'] === 'audio')).toMatchObject({
        codec_name: 'aac',
        tags: { language: 'eng' },
      });
      if (extension === '.mov') expect(await deltas(out)).toEqual(new Set([Number(rate.split('/')[1] ?? 1)]));
      else expect([...(await deltas(out))].every((delta) => delta > 0)).toBe(true);
      expect(target.notes.filter((note) => !/is converted|chromaLocation/.test(note))).toEqual([]);
    });
  }

  it('a part of a reel begins with its own timecode and its own sound', async () => {
    const path = join(folder, 'part.mov');
    await make(
      `-f lavfi -i aevalsrc=between(t\\,1\\,1.5)*0.8*sin(2500*t):s=48000 ${moving('96x54', '24', 48)} -shortest -map 1 -map 0 -c:v prores_ks -c:a pcm_s16le -timecode 01:00:00:00`,
      path,
    );
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'part-out.mov');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    const part = { in: 24, out: 48 };
    await target.conform([await target.copyTake(part, placeIn(`${out}.work`))], FIRST);
    const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
    expect(written).toMatchObject({ frames: 24, timecode: '01:00:01:00', audioStreams: 1 });
    const pcm = join(folder, 'part.raw');
    await make(`-i ${out} -map 0:a -f s16le -ac 1`, pcm);
    const bytes = await readFile(pcm);
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
    const loudness = (from: number, to: number) =>
      samples.subarray(from * 48000, to * 48000).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudness(0, 0.45)).toBeGreaterThan(10_000);
    expect(loudness(0.55, 0.95)).toBe(0);
    expect(target.notes.join(' ')).toContain('sound is cut at the nearest packets');
  });

  it('interlaced video keeps its field order', async () => {
    const path = join(folder, 'fields.mkv');
    await make(`${moving('96x64', '25', 6)} -vf setfield=bff -c:v ffv1 -flags +ildct -pix_fmt yuv422p10le`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    expect(reel.fields).toMatch(/^b/);
    for (const extension of ['.mkv', '.mov']) {
      const out = join(folder, `fields-out${extension}`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      await target.conform(
        [
          await target.copyTake({ in: 0, out: 3 }, placeIn(`${out}.work`)),
          await writeTake(reel, target, { in: 3, out: 6 }, `${out}.work`),
        ],
        FIRST,
      );
      expect((await openMovie(out, { transfer: 'auto' }, ffmpeg)).fields).toMatch(/^b/);
    }
  });

  it('rotation stays a tag', async () => {
    const flat = join(folder, 'flat.mp4');
    const path = join(folder, 'turned.mp4');
    await make(`${moving('96x54', '24', 4)} -c:v libx264 -pix_fmt yuv420p`, flat);
    await make(`-i ${flat} -c copy -metadata:s:v:0 rotate=270`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'turned-out.mov');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    await target.conform([await target.copyTake({ in: 0, out: 4 }, placeIn(`${out}.work`))], FIRST);
    expect(await openMovie(out, { transfer: 'auto' }, ffmpeg)).toMatchObject({
      displayMatrix: reel.displayMatrix,
      width: 54,
      height: 96,
      stored: { width: 96, height: 54, orientation: 6 },
    });
  });

  it('frames shown for different times keep them', async () => {
    const path = join(folder, 'variable.mp4');
    await make(
      `${moving('96x54', '30', 24)} -vf setpts='N*N*40/TB/1000+N/30/TB' -vsync 0 -c:v libx264 -bf 0 -pix_fmt yuv420p`,
      path,
    );
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    expect(reel.notes?.join(' ')).toContain('different times');
    for (const extension of ['.mkv', '.mov', '.mp4']) {
      const out = join(folder, `variable-out${extension}`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      const segments = [
        await target.copyTake({ in: 0, out: 10 }, placeIn(`${out}.work`)),
        await writeTake(reel, target, { in: 10, out: 24 }, `${out}.work`),
      ];
      await target.conform(segments, FIRST);
      const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
      const seconds = (of: typeof reel) =>
        of.times.map((time) => ((time - (of.times[0] as number)) * of.timeBase.num) / of.timeBase.den);
      const expected = seconds(reel);
      expect(written.frames).toBe(24);
      for (const [k, time] of seconds(written).entries())
        expect(Math.abs(time - (expected[k] as number))).toBeLessThan(0.0011);
    }
  });
});
