import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { OutputError } from '../../../../src/disk/output-error.ts';
import type { Plate } from '../../../../src/film/plate.ts';
import { type FrameRange, lengthOf } from '../../../../src/film/range.ts';
import type { Reel } from '../../../../src/film/reel.ts';
import { pictureBytes } from '../../../../src/film/sample-format.ts';
import { plates } from '../../../../src/media/read/decode.ts';
import { openFolder } from '../../../../src/media/read/folder/frame-folder.ts';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { probeReel } from '../../../../src/media/read/probe-reel.ts';
import { readDpxLabels } from '../../../../src/media/still/dpx/dpx-labels.ts';
import { type FrameFormatName, frameFormat } from '../../../../src/media/write/frames/frame-format.ts';
import { openFramesTarget } from '../../../../src/media/write/frames/frames-target.ts';
import type { Segment, Target } from '../../../../src/media/write/target.ts';
import { framePool } from '../../../../src/stream/frame-pool.ts';
import { differingFrames } from '../../differing-frames.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../../lavfi.ts';
import { FIRST, never, placeIn, writeTake } from '../../write-take.ts';

const run = promisify(execFile);
const folder = await temporaryFolder();
const FRAMES = 5;
const WHOLE = { in: 0, out: FRAMES };

/** A movie of a moving picture; `-vf` filters between the picture and the encoder. */
async function movie(
  name: string,
  encode: string,
  { size = '48x32', rate = '24', more = [] as string[] } = {},
): Promise<Reel> {
  const path = join(folder, name);
  await make(`${moving(size, rate, FRAMES)} ${encode}`, ...more, path);
  return openMovie(path, { transfer: 'auto' }, ffmpeg);
}

const RGB = (pixelFormat: string) => `-c:v ffv1 -level 3 -pix_fmt ${pixelFormat}`;
/** Moderate colours, so that nothing lies beyond black and white. */
const VIDEO =
  '-vf eq=contrast=0.5:saturation=0.3,scale=out_color_matrix=bt709:out_range=tv -color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 -c:v ffv1 -pix_fmt';

let count = 0;
function targetOf(reel: Reel, as: FrameFormatName, options: { range?: FrameRange; start?: number; out?: string } = {}) {
  const out = options.out ?? join(folder, `out-${count++}`);
  const { range = { in: 0, out: reel.frames }, start } = options;
  const target = openFramesTarget(reel, { out, work: `${out}.work`, range, format: frameFormat(as), start }, ffmpeg);
  return { out, work: `${out}.work`, range, target };
}

/** Writes a whole reel, undecoded takes and those that pass through, and publishes it. */
async function written(reel: Reel, as: FrameFormatName, options: { range?: FrameRange; start?: number } = {}) {
  const { out, work, range, target } = targetOf(reel, as, options);
  const middle = range.in + Math.ceil(lengthOf(range) / 2);
  const segments = [
    await target.copyTake({ in: range.in, out: middle }, placeIn(work)),
    await writeTake(reel, target, { in: middle, out: range.out }, work),
  ];
  const outputs = await target.conform(segments, FIRST);
  return { out, target, outputs, notes: target.notes };
}

async function reopened(out: string): Promise<Reel> {
  return openFolder(out, { transfer: 'auto' }, ffmpeg);
}

describe('A movie of RGB as frames', () => {
  it.each([
    ['gbrp10le', 'dpx10'],
    ['gbrap16le', 'tiff16'],
    ['gray12le', 'dpx12'],
  ] as const)('of %s is sample for sample the same in %s', async (pixelFormat, as) => {
    const reel = await movie(`${pixelFormat}-${as}.mkv`, RGB(pixelFormat));
    const { out, outputs, notes } = await written(reel, as);
    const frames = await reopened(out);
    expect(frames.format.name).toBe(pixelFormat);
    expect(outputs).toMatchObject([{ path: out, frames: FRAMES }]);
    expect(await differingFrames(reel, { written: frames, first: 0, range: WHOLE }, ffmpeg)).toEqual([]);
    expect(notes[0]).toMatch(
      /Nothing is lost: 2 frames were converted back and compared, and every sample came back\.$/,
    );
  });

  it('keeps every code of 10 bits in half floats of EXR', async () => {
    const reel = await movie('rgb-exr.mkv', RGB('gbrp10le'));
    const { out, notes } = await written(reel, 'exr');
    expect((await reopened(out)).format.name).toBe('gbrpf32le');
    expect(notes).toEqual([
      'RGB samples of 10 bits (full range) are written as EXR of half floats, RGB from 0, black, to 1, white: code values and not linear light. Nothing is lost: 2 frames were converted back and compared, and every sample came back.',
    ]);
  });

  it('keeps alpha in EXR as it is, and says that no colour is multiplied by it', async () => {
    const reel = await movie('alpha.mkv', RGB('gbrap10le'));
    const { out, notes } = await written(reel, 'exr');
    expect((await reopened(out)).format.name).toBe('gbrapf32le');
    expect(notes[0]).toContain('Nothing is lost');
    expect(notes[1]).toMatch(/^Alpha is written as the reel has it, and colour is not multiplied by it/);
  });

  it('loses bits by the measure that the notes give', async () => {
    const reel = await movie('rgb-12.mkv', RGB('gbrp12le'));
    const { notes } = await written(reel, 'dpx10');
    expect(notes[0]).toMatch(
      /^RGB samples of 12 bits \(full range\) are written as DPX of 10 bits, RGB of full range\. Converted back, samples differ by at most 2 codes of 4095, RMS 1\.\d \(2 frames were converted back and compared\)\.$/,
    );
  });
});

describe('A movie of YUV as frames', () => {
  it('comes back sample for sample where its colours lie within black and white, and says so', async () => {
    const reel = await movie('video.mkv', `${VIDEO} yuv422p10le`);
    const { notes } = await written(reel, 'dpx');
    expect(notes).toEqual([
      'YUV 4:2:2 samples of 10 bits (bt709, video range), chroma spread from its place (left) are written as DPX of 10 bits, RGB of full range. Nothing is lost: 2 frames were converted back and compared, and every sample came back.',
    ]);
  });

  it('is the same bytes whether a frame passed through a restorer or not', async () => {
    const reel = await movie('same.mkv', `${VIDEO} yuv420p`);
    const [copied, sent] = [targetOf(reel, 'dpx'), targetOf(reel, 'dpx')];
    const one = await copied.target.copyTake(WHOLE, placeIn(copied.work));
    const other = await writeTake(reel, sent.target, WHOLE, sent.work);
    expect(one.sha256).toBe(other.sha256);
  });

  it('changes nothing but what was restored, and the chroma that is spread from there', async () => {
    const reel = await movie('touched.mkv', `${VIDEO} yuv420p`);
    const { out, work, target } = targetOf(reel, 'dpx16');
    const plain = await written(reel, 'dpx16');
    await using take = await target.openTake(WHOLE, placeIn(work));
    await everyPlate(reel, async (plate) => {
      if (plate.frame === 2) paintLuma(plate, 20, 24);
      await take.write(plate, plate.frame === 2 ? { in: 20, out: 24 } : null);
    });
    await target.conform([await take.finish()], FIRST);
    const [touched, untouched] = [out, plain.out].map((path) =>
      readdirSync(path)
        .sort()
        .map((name) => readFileSync(join(path, name))),
    ) as [Buffer[], Buffer[]];
    const rowBytes = 48 * 6;
    const changed = touched.flatMap((file, frame) =>
      Array.from({ length: 32 }, (_, row) => {
        const [from, end] = [2048 + row * rowBytes, 2048 + (row + 1) * rowBytes];
        return file.subarray(from, end).equals(untouched[frame]?.subarray(from, end) as Buffer) ? [] : [[frame, row]];
      }).flat(),
    );
    expect(changed).toEqual([20, 21, 22, 23].map((row) => [2, row]));
  });

  it('counts what lies beyond black and white, and the advice to keep it holds', async () => {
    const reel = await movie(
      'bright.mkv',
      '-vf scale=out_color_matrix=bt601 -colorspace bt709 -color_range tv -c:v ffv1 -pix_fmt yuv444p',
    );
    const { notes } = await written(reel, 'dpx');
    expect(notes[0]).toMatch(/Converted back, samples differ by at most \d+ codes of 255, RMS \d+(\.\d)? \(2 frames/);
    expect(notes[1]).toMatch(
      /^\d+ samples lie beyond black or white in 5 of 5 frames, cut off there \(--as exr keeps such light\); what was not cut off comes back exactly as it was\.$/,
    );
    expect((await written(reel, 'exr')).notes).toEqual([
      expect.stringMatching(
        /^YUV 4:4:4 samples of 8 bits .* Nothing is lost: 2 frames were converted back and compared, and every sample came back\.$/,
      ),
    ]);
  });

  it('names the fields of an interlaced movie, and spreads chroma within each', async () => {
    const reel = await movie(
      'fields.mkv',
      '-vf setfield=tff,eq=contrast=0.5:saturation=0.3 -c:v ffv1 -flags +ildct -pix_fmt yuv420p',
    );
    expect(reel).toMatchObject({ fields: 'tb' });
    const { out, notes } = await written(reel, 'dpx');
    expect(notes[0]).toContain('chroma spread from its place (left, field by field)');
    expect(notes[0]).toContain('Nothing is lost');
    expect(notes).toContain('The movie is interlaced: each file holds both fields of its frame, in turn.');
    expect(readFileSync(join(out, 'fields.0001.dpx'))[1928]).toBe(1);
  });

  it('is written upright where the movie is turned', async () => {
    const flat = join(folder, 'flat.mov');
    await make(
      `${moving('48x32', '24', FRAMES)} -vf eq=contrast=0.5:saturation=0.3 -c:v mjpeg -q:v 2 -pix_fmt yuvj422p`,
      flat,
    );
    const path = join(folder, 'turned.mov');
    await make(`-i ${flat} -c copy -metadata:s:v rotate=90`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const { out, notes } = await written(reel, 'tiff');
    expect(await reopened(out)).toMatchObject({ width: 32, height: 48 });
    expect(notes).toContain('The frames are written upright, as the movie is shown.');
    expect(notes[0]).toContain('Nothing is lost');
  });
});

describe('The files of frames', () => {
  const TIMED = { rate: '30000/1001', more: ['-timecode', '01:00:59;28'] };

  it('have the timecode of their frame, the rate, aspect and colour of the reel, and its own numbers', async () => {
    const reel = await movie(
      'timed.mov',
      `-vf setsar=16/15,setparams=color_primaries=bt709:color_trc=bt709 ${VIDEO.slice(VIDEO.indexOf('-color_range'))} yuv422p10le`.replace(
        'ffv1',
        'prores_ks',
      ),
      TIMED,
    );
    const { out, notes } = await written(reel, 'dpx');
    const names = readdirSync(out).sort();
    expect(names).toEqual([1, 2, 3, 4, 5].map((number) => `timed.000${number}.dpx`));
    const labels = await Promise.all(names.map((name) => readDpxLabels(join(out, name))));
    // A drop-frame count skips 00 and 01 of a minute.
    expect(labels.map(({ timecode }) => timecode)).toEqual([
      ...['01:00:59:28', '01:00:59:29', '01:01:00:02', '01:01:00:03', '01:01:00:04'],
    ]);
    expect(labels[0]?.pixelAspect).toEqual({ num: 16, den: 15 });
    const header = readFileSync(join(out, 'timed.0003.dpx'));
    expect([header.readFloatBE(1724), header[801], header[802]]).toEqual([Math.fround(30000 / 1001), 6, 6]);
    expect([header.readUInt32BE(1712), header.readUInt32BE(1716)]).toEqual([2, FRAMES]);
    expect(notes).toContain(
      'A DPX header has no place for the drop-frame flag: its timecodes count as the reel does, without it.',
    );
    expect(await reopened(out)).toMatchObject({ rate: reel.rate, timecode: '01:00:59;28' });
  });

  it('are numbered from --start-number on, and with seven digits where four do not do', async () => {
    const reel = await movie('numbered.mkv', RGB('gbrp'));
    const range = { in: 1, out: 4 };
    expect(readdirSync((await written(reel, 'dpx8', { range })).out).sort()).toEqual(
      [2, 3, 4].map((n) => `numbered.000${n}.dpx`),
    );
    expect(readdirSync((await written(reel, 'dpx8', { range, start: 1001 })).out).sort()).toEqual([
      ...['numbered.1001.dpx', 'numbered.1002.dpx', 'numbered.1003.dpx'],
    ]);
    expect(readdirSync((await written(reel, 'dpx8', { range, start: 9998 })).out).sort()).toEqual([
      ...['numbered.0009998.dpx', 'numbered.0009999.dpx', 'numbered.0010000.dpx'],
    ]);
  });

  it('are the same bytes on every run', async () => {
    const reel = await movie('again.mkv', `${VIDEO} yuv420p`);
    for (const as of ['dpx', 'tiff', 'exr'] as const) {
      const [one, other] = [await written(reel, as), await written(reel, as)];
      expect(one.outputs[0]?.sha256).toBe(other.outputs[0]?.sha256);
    }
  });

  it('of EXR state timecode, rate, primaries, and that their values are no linear light', async () => {
    const reel = await movie(
      'light.mov',
      `-vf setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709 -c:v prores_ks -pix_fmt yuv422p10le`,
      { more: ['-timecode', '01:00:00:00'] },
    );
    const { out } = await written(reel, 'exr-float');
    const file = readFileSync(join(out, 'light.0002.exr'));
    const header = file.toString('latin1', 0, 2000);
    for (const attribute of ['timeCode\0timecode', 'framesPerSecond\0rational', 'chromaticities\0chromaticities'])
      expect(header).toContain(attribute);
    expect(header).toContain(
      'Frame 2 of light.mov; timecode 01:00:00:01; 24 frames a second; code values as the reel has them, 0 black to 1 white, not linear light (transfer bt709); primaries bt709',
    );
  });
});

describe('What frames do not hold', () => {
  it('is sound, and the command in the note gets it', async () => {
    const path = join(folder, "an actor's film.mov");
    await make(`-f lavfi -i testsrc2=s=48x32:r=24:d=0.2 -f lavfi -i sine=d=0.2 -c:v mjpeg -c:a pcm_s16le`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const { notes } = await written(reel, 'dpx');
    const command = /^A folder of frames holds no sound\. This takes it from the source as it is: (ffmpeg .*)$/.exec(
      notes.at(-1) ?? '',
    )?.[1];
    await run('sh', ['-c', `${command} -v error -nostdin`], { cwd: folder });
    const { stdout } = await run(ffmpeg.ffprobe, [
      '-v',
      'error',
      '-show_entries',
      'stream=codec_name',
      '-of',
      'csv=p=0',
      join(folder, 'sound.mka'),
    ]);
    expect(stdout.trim()).toBe('pcm_s16le');
  });

  it('is a code for light that DPX does not know, which is named', async () => {
    const reel = await movie(
      'hlg.mkv',
      `-vf eq=contrast=0.5:saturation=0.3 -colorspace bt2020nc -color_primaries bt2020 -color_trc arib-std-b67 -c:v ffv1 -pix_fmt yuv420p10le`,
    );
    expect((await written(reel, 'dpx')).notes).toContain(
      'A DPX header has no code for bt2020 and arib-std-b67: the files say "video, not specified" there.',
    );
    expect((await written(reel, 'tiff')).notes).toContain(
      'A TIFF has no field for the transfer arib-std-b67: its description names it.',
    );
  });

  it('is light beyond white of floats, which is refused with advice that holds', async () => {
    const scan = join(folder, 'light');
    mkdirSync(scan);
    await make(
      `${moving('48x32', '24', 3)} -vf format=gbrp,format=gbrpf32le -c:v exr -format half`,
      join(scan, 'a.%04d.exr'),
    );
    const reel = await openFolder(scan, { transfer: 'auto' }, ffmpeg);
    expect(() => targetOf(reel, 'dpx16')).toThrow(
      `"${scan}" has samples of floats, whose light goes beyond black and white: DPX of 16 bits would cut it off. Write --as exr-float, or without --as in the source's own kind.`,
    );
    const { out, notes } = await written(reel, 'exr-float');
    expect(
      await differingFrames(reel, { written: await reopened(out), first: 0, range: { in: 0, out: 3 } }, ffmpeg),
    ).toEqual([]);
    expect(notes[0]).toContain('linear light. Nothing is lost');
  });

  it('is RGB of a matrix that is not known here, which is refused', async () => {
    const reel = await movie('ycgco.mkv', '-vf format=yuv444p -colorspace ycgco -c:v ffv1');
    expect(() => targetOf(reel, 'dpx')).toThrow(
      /is tagged with the matrix ycgco, by which no RGB is made here for DPX files\. Give a movie as --out \(\.mkv keeps the samples as they are\), or convert the reel to RGB first\.$/,
    );
  });
});

describe('A folder of another kind', () => {
  it('is converted too, under its own numbers and with its own labels', async () => {
    const scan = join(folder, 'scan');
    mkdirSync(scan);
    await make(`${moving('48x32', '24', 3)} -pix_fmt rgb48be -start_number 1001`, join(scan, 'scan_v2.%04d.png'));
    const reel = await openFolder(scan, { transfer: 'auto' }, ffmpeg);
    const { out, notes } = await written(reel, 'dpx16');
    expect(readdirSync(out).sort()).toEqual([1001, 1002, 1003].map((number) => `scan_v2.${number}.dpx`));
    expect(
      await differingFrames(reel, { written: await reopened(out), first: 0, range: { in: 0, out: 3 } }, ffmpeg),
    ).toEqual([]);
    expect(notes).toHaveLength(1);
  });

  it('of a log scan stays one', async () => {
    const scan = join(folder, 'log');
    mkdirSync(scan);
    await make(`${moving('48x32', '24', 2)} -pix_fmt gbrp10be`, join(scan, 'a.%04d.dpx'));
    const reel = await openFolder(scan, { transfer: 'log' }, ffmpeg);
    const { out } = await written(reel, 'dpx16');
    expect(await reopened(out)).toMatchObject({ transfer: 'log' });
  });

  it('has the nearest frame in the place of one that is damaged, which is noted', async () => {
    const scan = join(folder, 'damaged');
    mkdirSync(scan);
    await make(`${moving('48x32', '24', 3)} -pix_fmt rgb24`, join(scan, 'a.%04d.png'));
    const whole = readFileSync(join(scan, 'a.0002.png'));
    writeFileSync(join(scan, 'a.0002.png'), whole.subarray(0, 900));
    const reel = await openFolder(scan, { transfer: 'auto' }, ffmpeg);
    const { out, work, range, target } = targetOf(reel, 'tiff8');
    const notes: string[] = [];
    await target.conform([await target.copyTake(range, { ...placeIn(work), note: (one) => notes.push(one) })], FIRST);
    expect(notes).toEqual(['Frame 2 cannot be decoded; frame 1 stands in its place.']);
    expect(readdirSync(out).sort()).toEqual(['a.0001.tif', 'a.0002.tif', 'a.0003.tif']);
  });
});

describe('A take of frames', () => {
  it('is held while its files and its measure are whole, and not else', async () => {
    const reel = await movie('held.mkv', RGB('gbrp'));
    const { work, target } = targetOf(reel, 'dpx8');
    const segment = await target.copyTake(WHOLE, placeIn(work));
    expect(await target.holds(segment)).toBe(true);
    const measure = join(work, `conversion-0-${FRAMES}.json`);
    const text = readFileSync(measure, 'utf8');
    rmSync(measure);
    expect(await target.holds(segment)).toBe(false);
    writeFileSync(measure, text);
    expect(await target.holds(segment)).toBe(true);
    const [frames] = readdirSync(work).filter((name) => name.startsWith('frames-')) as [string];
    writeFileSync(join(work, frames, 'held.0003.dpx'), 'torn');
    expect(await target.holds(segment)).toBe(false);
  });

  it('that was joined when a run was stopped is known again, and the notes tell of all frames', async () => {
    const reel = await movie('stopped.mkv', `${VIDEO} yuv420p`);
    const first = targetOf(reel, 'dpx');
    const segments = await bothTakes(first.target, first.work);
    const stop = new AbortController();
    // One frame is joined, then the run ends.
    const dying = first.target.conform(segments, { ...FIRST, signal: stopping(stop, 2) });
    await expect(dying).rejects.toThrow();
    const again = targetOf(reel, 'dpx', { out: first.out });
    expect(await Promise.all(segments.map((segment) => again.target.holds(segment)))).toEqual([true, true]);
    const [output] = await again.target.conform(segments, FIRST);
    const whole = await written(reel, 'dpx');
    expect(output?.sha256).toBe(whole.outputs[0]?.sha256);
    expect(again.target.notes).toEqual(whole.notes);
  });

  it('that is given up, or cannot be written, leaves nothing, and says why', async () => {
    const reel = await movie('given-up.mkv', RGB('gbrp'));
    const { work, target } = targetOf(reel, 'dpx8');
    {
      await using take = await target.openTake(WHOLE, placeIn(work));
      await take.pass(0);
    }
    expect(readdirSync(work)).toEqual([]);
    {
      await using take = await target.openTake(WHOLE, placeIn(work));
      // The folder that frames are written into goes away, as a disk does.
      for (const name of readdirSync(work)) rmSync(join(work, name), { recursive: true });
      await take.pass(0);
      await expect(take.pass(1)).rejects.toThrow(OutputError);
    }
    expect(readdirSync(work)).toEqual([]);
  });

  it('knows which files of a folder are not its own', async () => {
    const reel = await movie('foreign.mkv', RGB('gbrp'));
    const { out, target } = await written(reel, 'dpx8');
    for (const name of ['readme.txt', 'other.0001.dpx', 'foreign.dpx']) writeFileSync(join(out, name), '');
    // Its own by another number or in another kind, as an earlier run may have left them.
    for (const name of ['foreign.1001.dpx', 'foreign.0001.exr']) writeFileSync(join(out, name), '');
    expect((await target.foreignFiles()).sort()).toEqual(['foreign.dpx', 'other.0001.dpx', 'readme.txt']);
  });

  it('depends on everything that its bytes depend on', async () => {
    const reel = await movie('keyed.mkv', RGB('gbrp'));
    const keyOf = (as: FrameFormatName, start?: number) =>
      JSON.stringify(
        targetOf(reel, as, start === undefined ? {} : { start }).target.coding({ ...WHOLE, touched: true }),
      );
    const keys = [keyOf('dpx'), keyOf('dpx8'), keyOf('tiff8'), keyOf('exr'), keyOf('exr-float'), keyOf('dpx', 1001)];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf('dpx')).toBe(keyOf('dpx10'));
  });
});

describe('Frames of film in log, PQ and untagged', () => {
  it('are read again as the reel that they were made of', async () => {
    const reel = await movie('untagged.mkv', '-vf eq=contrast=0.5:saturation=0.3 -c:v ffv1 -pix_fmt yuv420p');
    const { out, notes } = await written(reel, 'dpx');
    expect(notes[0]).toContain('(untagged, taken for smpte170m, video range)');
    expect((await probeReel(out, { transfer: 'auto' }, ffmpeg)).transfer).toBe('rec709');
  });
});

/** Both halves of a reel of `FRAMES` frames. */
async function bothTakes(target: Target, work: string): Promise<Segment[]> {
  const [one, other] = [
    { in: 0, out: 3 },
    { in: 3, out: FRAMES },
  ];
  return [await target.copyTake(one, placeIn(work)), await target.copyTake(other, placeIn(work))];
}

/** A signal that is aborted when it was asked so many times whether it is. */
function stopping(stop: AbortController, times: number): AbortSignal {
  let asked = 0;
  return new Proxy(stop.signal, {
    get(signal, key) {
      if (key === 'throwIfAborted' && ++asked > times) stop.abort();
      const value: unknown = Reflect.get(signal, key);
      return typeof value === 'function' ? value.bind(signal) : value;
    },
  });
}

async function everyPlate(reel: Reel, see: (plate: Plate) => Promise<void>): Promise<void> {
  const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
  for await (const { plate, loan } of plates(reel, { in: 0, out: reel.frames }, { pool, ffmpeg, signal: never })) {
    await see(plate);
    loan.release();
  }
}

/** Turns the luma of rows over. */
function paintLuma({ bytes, width }: Plate, from: number, out: number): void {
  for (let i = from * width; i < out * width; i++) bytes[i] = 255 - (bytes[i] as number);
}
