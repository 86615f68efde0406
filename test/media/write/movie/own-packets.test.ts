import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MovieReel } from '../../../../src/film/reel.ts';
import { pictureBytes } from '../../../../src/film/sample-format.ts';
import { packetHashes } from '../../../../src/media/ffmpeg/packet-hashes.ts';
import { plates } from '../../../../src/media/read/decode.ts';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { framePool } from '../../../../src/stream/frame-pool.ts';
import { ffmpeg, framemd5, make, moving, temporaryFolder } from '../../lavfi.ts';
import { FIRST, never, placeIn, writeTake } from '../../write-take.ts';

const folder = await temporaryFolder();
const TAKES = [
  { in: 0, out: 3, touched: false },
  { in: 3, out: 5, touched: true },
  { in: 5, out: 9, touched: false },
] as const;
const UNTOUCHED = [0, 1, 2, 5, 6, 7, 8];
const ALL_KEPT = "7 of 9 frames are the source's own packets, untouched to the bit.";

async function sourceOf(name: string, options: string): Promise<MovieReel> {
  const path = join(folder, name);
  await make(`${moving('256x128', '24000/1001', 9)} ${options}`, path);
  return openMovie(path, { transfer: 'auto' }, ffmpeg);
}

/** Writes the takes, the touched one through this process, and joins them. */
async function restored(reel: MovieReel, out: string, codec?: string) {
  const target = await openMovieTarget(reel, { out, codec }, ffmpeg);
  const notes: string[] = [];
  const place = { ...placeIn(`${out}.work`), note: (sentence: string) => void notes.push(sentence) };
  const segments = [];
  for (const take of TAKES) {
    segments.push(
      take.touched ? await writeTake(reel, target, take, place.folder) : await target.copyTake(take, place),
    );
  }
  await target.conform(segments, FIRST);
  const [written, hashes] = [await openMovie(out, { transfer: 'auto' }, ffmpeg), await packetHashes(out, ffmpeg)];
  const own = await packetHashes(reel.path, ffmpeg);
  const kept = hashes.flatMap((hash, k) => (hash === own[k] ? [k] : []));
  return { target, written, kept, notes: [...target.notes, ...notes] };
}

/** Mean difference of the samples of a frame, in code values of 8 bits. */
async function meanDifference(a: MovieReel, b: MovieReel, frame: number): Promise<number> {
  const [one, other] = await Promise.all([samplesOf(a, frame), samplesOf(b, frame)]);
  const sum = one.reduce((total, sample, k) => total + Math.abs(sample - (other[k] as number)), 0);
  return sum / one.length / 2 ** (a.format.bits - 8);
}

async function samplesOf(reel: MovieReel, frame: number): Promise<readonly number[]> {
  const pool = framePool(1, pictureBytes(reel.format, reel.width, reel.height));
  for await (const { plate, loan } of plates(reel, { in: frame, out: frame + 1 }, { pool, ffmpeg, signal: never })) {
    const bytes = plate.bytes.slice();
    loan.release();
    return [...(reel.format.bytes === 2 ? new Uint16Array(bytes.buffer) : bytes)];
  }
  throw new Error(`No frame ${frame}.`);
}

describe('A movie of whole pictures restored into its own codec keeps its own packets where nothing was restored', () => {
  const cases: readonly [what: string, name: string, out: string, options: string][] = [
    ['ProRes 422 LT of another encoder', 'aw.mov', '.mov', '-c:v prores_aw -profile:v 1 -pix_fmt yuv422p10le'],
    ['ProRes 422 HQ in Matroska', 'hq.mkv', '.mkv', '-c:v prores_ks -profile:v hq -pix_fmt yuv422p10le'],
    ['ProRes 4444 with alpha', 'alpha.mov', '.mov', '-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le'],
    ['DNxHR SQ from MXF', 'sq.mxf', '.mov', '-c:v dnxhd -profile:v dnxhr_sq -pix_fmt yuv422p'],
    ['Motion JPEG from AVI', 'jpeg.avi', '.mov', '-c:v mjpeg -q:v 4 -pix_fmt yuvj420p'],
    ['FFV1', 'ffv1.mkv', '.mkv', '-c:v ffv1 -level 3 -g 1 -slices 4 -slicecrc 1 -pix_fmt yuv420p'],
    ['fields', 'fields.mov', '.mov', '-vf setfield=tff -c:v prores_ks -flags +ildct+ilme -pix_fmt yuv422p10le'],
  ];
  it.each(cases)('%s', async (_, name, extension, options) => {
    const reel = await sourceOf(name, options);
    const out = join(folder, `out-${name}${extension}`);
    const { target, written, kept } = await restored(reel, out);
    expect(kept).toEqual(UNTOUCHED);
    expect(target.notes.at(-1)).toBe(ALL_KEPT);
    expect(written).toMatchObject({ codec: reel.codec, wholePackets: reel.wholePackets, fields: reel.fields });
    const [before, after] = [await framemd5(reel.path, reel.pixelFormat), await framemd5(out, reel.pixelFormat)];
    expect(UNTOUCHED.map((k) => after[k])).toEqual(UNTOUCHED.map((k) => before[k]));
    // Encoded once more, and none the worse to the eye: the noise in it is 12 code values strong.
    expect(await meanDifference(reel, written, 3)).toBeLessThan(3);
  });

  it('with its colour, aspect, timecode, sound and tags as before, in the very container times', async () => {
    const path = join(folder, 'told.mov');
    const colour = '-color_primaries bt709 -color_trc bt709 -colorspace bt709';
    await make(
      `-f lavfi -i testsrc2=s=256x128:r=24000/1001 -f lavfi -i sine -frames:v 9 -shortest -vf setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709 -c:v prores_ks -profile:v lt -pix_fmt yuv422p10le ${colour} -aspect 3:1 -c:a pcm_s16le -timecode 01:00:00:00 -metadata title=Take`,
      path,
    );
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const { written, kept, notes } = await restored(reel, join(folder, 'out-told.mov'));
    const { timecode, pixelAspect, times, timeBase, audioStreams } = reel;
    expect(timecode).toBe('01:00:00:00');
    expect(written).toMatchObject({ timecode, pixelAspect, times, timeBase, audioStreams, colour: reel.colour });
    expect(kept).toEqual(UNTOUCHED);
    expect(notes).toEqual([ALL_KEPT]);
  });

  it('by the name of its codec, too', async () => {
    const reel = await sourceOf('named.mov', '-c:v prores_ks -profile:v hq -pix_fmt yuv422p10le');
    expect((await restored(reel, join(folder, 'out-named.mkv'), 'prores')).kept).toEqual(UNTOUCHED);
  });
});

describe('A take is encoded anew', () => {
  const anew = (why: string) => `Frames without a restored face are encoded anew, not copied: ${why}.`;
  const cases: readonly [
    what: string,
    name: string,
    options: string,
    out: string,
    codec: string | undefined,
    why: string,
  ][] = [
    [
      'where another profile is asked for',
      'lt.mov',
      '-c:v prores_ks -profile:v lt -pix_fmt yuv422p10le',
      '.mov',
      'prores',
      'its profile is LT, and an encoded frame has HQ',
    ],
    [
      'where the decoder would be told another configuration',
      'slices.mkv',
      '-c:v ffv1 -level 3 -g 1 -slices 9 -slicecrc 1',
      '.mkv',
      undefined,
      'its encoder was configured otherwise',
    ],
    [
      'where its profile is not that of its samples',
      'odd.mov',
      '-c:v prores_ks -profile:v lt -pix_fmt yuv444p10le',
      '.mov',
      undefined,
      'its profile is LT, and an encoded frame has 4444',
    ],
    [
      'where frames are shown for different times',
      'variable.mov',
      "-vf setpts='if(gt(N,4),N+3,N)/24/TB' -vsync passthrough -c:v prores_ks -pix_fmt yuv422p10le",
      '.mov',
      undefined,
      'its frames are shown for different times',
    ],
  ];
  it.each(cases)('%s', async (_, name, options, extension, codec, why) => {
    const reel = await sourceOf(name, options);
    const target = await openMovieTarget(reel, { out: join(folder, `out-${name}${extension}`), codec }, ffmpeg);
    expect(target.notes).toContain(anew(why));
    expect(target.coding(TAKES[0])).not.toHaveProperty('packets');
  });

  it('where a frame of it is damaged', async () => {
    const reel = {
      ...(await sourceOf('damaged.mov', '-c:v prores_ks -pix_fmt yuv422p10le')),
      damaged: new Map([[6, 'cut']]),
    };
    const { kept, notes } = await restored(reel, join(folder, 'out-damaged.mov'));
    expect(kept).toEqual([0, 1, 2]);
    expect(notes).toContain("3 of 9 frames are the source's own packets, untouched to the bit.");
  });

  it('where its packets are not those of its frames', async () => {
    const reel = await sourceOf('moved.mov', '-c:v prores_ks -pix_fmt yuv422p10le');
    const times = reel.times.map((time, k) => (k === 7 ? time + 1 : time));
    const { kept, notes } = await restored({ ...reel, times }, join(folder, 'out-moved.mov'));
    expect(kept).toEqual([0, 1, 2]);
    expect(notes).toContain('Frames 6 to 9 are encoded anew: their packets did not come through whole.');
  });

  it.each([
    ['into another codec', 'other.mov', '-c:v prores_ks -pix_fmt yuv422p10le'],
    ['where frames lean on others', 'gop.mkv', '-c:v ffv1 -level 3 -g 5'],
  ])('%s without a word', async (_, name, options) => {
    const reel = await sourceOf(name, options);
    const target = await openMovieTarget(reel, { out: join(folder, `out-${name}.mkv`) }, ffmpeg);
    expect(target.notes).toEqual([]);
    expect(target.coding(TAKES[0])).not.toHaveProperty('packets');
  });
});

describe('What a take is known by', () => {
  it('says whether it is made of packets, which only untouched takes are', async () => {
    const reel = await sourceOf('known.mov', '-c:v prores_ks -profile:v lt -pix_fmt yuv422p10le');
    const target = await openMovieTarget(reel, { out: join(folder, 'known-out.mov') }, ffmpeg);
    const [first, touched] = TAKES.map((take) => JSON.stringify(target.coding(take)));
    expect(first).toContain('"packets"');
    expect(touched).not.toContain('"packets"');
    expect(`${first}${touched}`).not.toContain(folder);
  });
});
