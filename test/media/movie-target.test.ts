import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type FrameRange, lengthOf } from '../../src/film/range.ts';
import type { Reel } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { plates } from '../../src/media/decode.ts';
import { openMovieTarget } from '../../src/media/movie-target.ts';
import { openMovie } from '../../src/media/probe-movie.ts';
import type { Segment, Target } from '../../src/media/target.ts';
import { differingFrames } from '../../src/media/verify.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { ffmpeg, framemd5, make, moving, temporaryFolder } from './lavfi.ts';

const folder = await temporaryFolder();
const never = new AbortController().signal;

/** Sends a range through this process, plate by plate, unchanged. */
async function writeTake(reel: Reel, target: Target, take: FrameRange): Promise<Segment> {
  const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
  await using writer = await target.openTake(take, never);
  for await (const { plate, loan } of plates(reel, take, pool, ffmpeg, never)) {
    await writer.write(plate, null);
    loan.release();
  }
  return await writer.finish();
}

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
      const target = await openMovieTarget(reel, { out, work: `${out}.work` }, ffmpeg);
      const segments = [
        await writeTake(reel, target, { in: 0, out: 4 }),
        await target.copyTake({ in: 4, out: 10 }, never),
      ];
      const [output] = await target.conform(segments, never);
      expect(output).toMatchObject({ path: out, frames: 10 });
      const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
      expect(written.codec).toBe('ffv1');
      expect(written.rate).toEqual(reel.rate);
      expect(await differingFrames(reel, written, 0, { in: 0, out: 10 }, ffmpeg)).toEqual([]);
      if (format !== 'rgba')
        expect(await framemd5(out, reel.format.name)).toEqual(await framemd5(source, reel.format.name));
      expect(target.notes).toEqual([]);
    });
  }

  it('a differing frame is found', async () => {
    const a = await openMovie(join(folder, 'lossless-yuv420p.mkv'), { transfer: 'auto' }, ffmpeg);
    const path = join(folder, 'other.mkv');
    await make(`-i ${a.path} -vf drawbox=x=0:y=0:w=2:h=2:enable='eq(n,7)' -c:v ffv1`, path);
    const b = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    expect(await differingFrames(a, b, 0, { in: 0, out: 10 }, ffmpeg)).toEqual([7]);
  });
});

describe('Takes', () => {
  it('have the same hash whenever they are written, and are known by it', async () => {
    const path = join(folder, 'takes.mkv');
    await make(`${moving('160x90', '25', 12)} -c:v ffv1 -pix_fmt yuv420p`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'takes-out.mov');
    const target = await openMovieTarget(reel, { out, work: `${out}.work` }, ffmpeg);
    const take = { in: 3, out: 9 };
    const first = await writeTake(reel, target, take);
    expect(await target.holds(first)).toBe(true);
    expect(await writeTake(reel, target, take)).toEqual(first);
    expect(await target.holds({ ...first, sha256: '0'.repeat(64) })).toBe(false);
    expect(await target.holds({ ...first, in: 0 })).toBe(false);
    const [name] = await readdir(`${out}.work`);
    const bytes = await readFile(join(`${out}.work`, name as string));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(first.sha256);
  });

  it('leave nothing behind when they are given up', async () => {
    const reel = await openMovie(join(folder, 'takes.mkv'), { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'given-up.mkv');
    const target = await openMovieTarget(reel, { out, work: `${out}.work` }, ffmpeg);
    {
      await using writer = await target.openTake({ in: 0, out: 12 }, never);
      await writer.pass(0);
    }
    expect(await readdir(`${out}.work`)).toEqual([]);
  });

  it('refuse frames out of order, and an end before the last frame', async () => {
    const reel = await openMovie(join(folder, 'takes.mkv'), { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'order.mkv');
    const target = await openMovieTarget(reel, { out, work: `${out}.work` }, ffmpeg);
    await using writer = await target.openTake({ in: 0, out: 3 }, never);
    await expect(writer.pass(1)).rejects.toThrow('Frame 0 of the take [0, 3) comes next, not 1.');
    await writer.pass(0);
    await expect(writer.finish()).rejects.toThrow('only frames before 1 were written');
  });

  it('end with a sentence when the encoder dies under them', async () => {
    const reel = await openMovie(join(folder, 'takes.mkv'), { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'dies.mkv');
    const target = await openMovieTarget(reel, { out, work: join(folder, 'takes.mkv') }, ffmpeg);
    await expect(target.openTake({ in: 0, out: 3 }, never)).rejects.toMatchObject({ name: 'OutputError' });
  });

  it('hold the frame before in place of one that cannot be decoded', async () => {
    const reel = await openMovie(join(folder, 'takes.mkv'), { transfer: 'auto' }, ffmpeg);
    const { times } = reel;
    // The reel believes in a frame between 5 and 6 that no decoder gives.
    const hole = [...times.slice(0, 6), (times[5] as number) + 20, ...times.slice(6)];
    const longer = { ...reel, frames: 13, times: hole, rate: { num: 50, den: 1 } };
    const out = join(folder, 'held.mkv');
    const target = await openMovieTarget(longer, { out, work: `${out}.work` }, ffmpeg);
    await target.copyTake({ in: 4, out: 9 }, never);
    const own = await framemd5(reel.path, 'yuv420p');
    const [name] = await readdir(`${out}.work`);
    const written = await framemd5(join(`${out}.work`, name as string), 'yuv420p');
    expect(written).toEqual([own[4], own[5], own[5], own[6], own[7]]);
    expect(target.notes).toContain('Frame 7 cannot be decoded; frame 6 stands in its place.');
  });
});

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
      const target = await openMovieTarget(reel, { out, work: `${out}.work` }, ffmpeg);
      const takes = [
        { in: 0, out: 7 },
        { in: 7, out: 20 },
        { in: 20, out: 30 },
      ];
      const segments = [];
      for (const take of takes) segments.push(await target.copyTake(take, never));
      await target.conform(segments, never);
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
    const target = await openMovieTarget(reel, { out, work: `${out}.work` }, ffmpeg);
    const part = { in: 24, out: 48 };
    await target.conform([await target.copyTake(part, never)], never);
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
      const target = await openMovieTarget(reel, { out, work: `${out}.work` }, ffmpeg);
      await target.conform(
        [await target.copyTake({ in: 0, out: 3 }, never), await writeTake(reel, target, { in: 3, out: 6 })],
        never,
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
    const target = await openMovieTarget(reel, { out, work: `${out}.work` }, ffmpeg);
    await target.conform([await target.copyTake({ in: 0, out: 4 }, never)], never);
    expect(await openMovie(out, { transfer: 'auto' }, ffmpeg)).toMatchObject({
      rotation: reel.rotation,
      width: 96,
      height: 54,
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
      const target = await openMovieTarget(reel, { out, work: `${out}.work` }, ffmpeg);
      const segments = [
        await target.copyTake({ in: 0, out: 10 }, never),
        await writeTake(reel, target, { in: 10, out: 24 }),
      ];
      await target.conform(segments, never);
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

describe('Codecs', () => {
  for (const [codec, extension, pixelFormat] of [
    ['prores', '.mov', 'yuv422p10le'],
    ['prores4444', '.mov', 'yuv444p12le'],
    ['dnxhr', '.mov', 'yuv422p'],
    ['h264', '.mp4', 'yuv420p'],
    ['h265', '.mp4', 'yuv420p'],
    ['ffv1', '.mkv', 'yuv420p'],
  ] as const) {
    it(`${codec} is written frame for frame`, async () => {
      const path = join(folder, 'codecs.mkv');
      await stat(path).catch(() => make(`${moving('256x144', '24', 8)} -c:v ffv1 -pix_fmt yuv420p`, path));
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const out = join(folder, `codec-${codec}${extension}`);
      const target = await openMovieTarget(reel, { out, work: `${out}.work`, codec }, ffmpeg);
      const segments = [
        await writeTake(reel, target, { in: 0, out: 5 }),
        await target.copyTake({ in: 5, out: 8 }, never),
      ];
      await target.conform(segments, never);
      const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
      expect(written).toMatchObject({ frames: 8, pixelFormat });
      // Each frame is nearest to its own source frame: nothing has slipped.
      const planes = async (reelOf: Reel) =>
        make(`-i ${reelOf.path} -vf scale=64:36,format=gray -vsync 0 -f rawvideo`, join(folder, 'g.raw')).then(() =>
          readFile(join(folder, 'g.raw')),
        );
      const a = await planes(reel);
      const b = await planes(written);
      const size = 64 * 36;
      for (let k = 0; k < 8; k++) {
        const errors = Array.from({ length: 8 }, (_, j) => {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += Math.abs((a[j * size + i] as number) - (b[k * size + i] as number));
          return sum / size;
        });
        expect(errors.indexOf(Math.min(...errors))).toBe(k);
        expect(errors[k]).toBeLessThan(4);
      }
      expect(lengthOf({ in: 0, out: written.frames })).toBe(8);
    });
  }

  it('what cannot work is refused before anything is written', async () => {
    const reel = await openMovie(join(folder, 'codecs.mkv'), { transfer: 'auto' }, ffmpeg);
    const open = (out: string, codec?: string) =>
      openMovieTarget(reel, { out: join(folder, out), work: join(folder, 'no.work'), codec }, ffmpeg);
    await expect(open('a.mp4', 'prores')).rejects.toThrow(
      /ProRes 422 HQ is not kept in \.mp4\. Name --out with \.mov or \.mkv/,
    );
    await expect(open('a.mkv', 'divx')).rejects.toThrow(/"divx" is not a codec\. --codec takes one of: ffv1, prores/);
    await expect(open('a.webm')).rejects.toThrow(/a movie ends in \.mkv, \.mov or \.mp4/);
  });
});
