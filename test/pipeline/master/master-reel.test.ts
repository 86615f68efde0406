import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeStreams, streamsOf } from '../../../src/media/ffmpeg/probe-streams.ts';
import { probeReel } from '../../../src/media/read/probe-reel.ts';
import { masterReel } from '../../../src/pipeline/master/master.ts';
import type { MasterRequest } from '../../../src/pipeline/master/master-request.ts';
import { ffmpeg, make } from '../../media/lavfi.ts';

const folder = await mkdtemp(join(tmpdir(), 'reelmend-master-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const MOVIE = at('film.mov');
const FRAMES = 8;

/** ProRes and FFV1 alone, as they are quick. */
const request = (out: string, more: Partial<MasterRequest> = {}): MasterRequest => ({
  ...{ reel: MOVIE, presets: ['ffv1'], out: at(out), manifest: 'none' },
  ...more,
});

async function preset(name: string, settings: object): Promise<string> {
  const file = at(`${name}.json`);
  await writeFile(file, JSON.stringify({ format: 'reelmend-master/1', name, ...settings }));
  return file;
}

beforeAll(async () => {
  await make(
    `-f lavfi -i testsrc2=s=96x64:r=24:d=${FRAMES / 24},noise=alls=8:allf=t -f lavfi -i sine=d=${FRAMES / 24}:r=48000
     -map 0:v -map 1:a -c:v ffv1 -pix_fmt yuv422p10le -c:a pcm_s16le -metadata:s:v:0 timecode=01:00:00:00`,
    MOVIE,
  );
});

describe('a run of masters', () => {
  it('leaves masters with their records and one manifest, and nothing else', async () => {
    const summary = await masterReel(request('whole', { presets: ['ffv1', 'prores-422-hq'], manifest: 'mhl' }));
    expect(summary.failed).toEqual([]);
    expect((await readdir(at('whole'))).toSorted()).toEqual([
      'ascmhl',
      'film_ffv1.mkv',
      'film_ffv1.mkv.json',
      'film_prores-422-hq.mov',
      'film_prores-422-hq.mov.json',
    ]);
    expect(existsSync(at('whole.work'))).toBe(false);
    const [lossless, lossy] = summary.masters;
    expect(lossless?.record).toMatchObject({ frames: FRAMES, lossless: true, psnr: null });
    expect(lossy?.record.psnr?.least).toBeGreaterThan(36);
    const manifest = await readFile(summary.manifests[0] as string, 'utf8');
    expect(manifest).toContain('film_prores-422-hq.mov</path>');
  });

  it('keeps what an earlier run has verified, and makes what is missing', async () => {
    const before = await stat(at('whole/film_ffv1.mkv'));
    const summary = await masterReel(
      request('whole', { presets: ['ffv1', 'prores-422-hq', 'prores-4444'], manifest: 'sha256sum' }),
    );
    expect(summary.masters.map(({ preset, kept }) => [preset, kept])).toEqual([
      ['ffv1', true],
      ['prores-422-hq', true],
      ['prores-4444', false],
    ]);
    expect((await stat(at('whole/film_ffv1.mkv'))).mtimeMs).toBe(before.mtimeMs);
    expect(await readFile(at('whole/SHA256SUMS'), 'utf8')).toContain('film_prores-4444.mov');
  });

  it.each<[string, () => Promise<unknown>, Partial<MasterRequest>, RegExp]>([
    [
      'made in another way',
      async () => {},
      { timecode: '02:00:00:00' },
      /made of another reel, or in another way\. Remove it/,
    ],
    [
      'that was cut short since',
      () => truncate(at('whole/film_ffv1.mkv'), 100),
      {},
      /it is not what it was when it was verified\. Remove it, or choose another --out\.$/,
    ],
    [
      'that no record tells of',
      () => rm(at('whole/film_ffv1.mkv.json')),
      {},
      /no record beside it says that it was verified\. Remove it/,
    ],
  ])('refuses to write over a file %s', async (_, harm, more, message) => {
    await harm();
    await expect(masterReel(request('whole', more))).rejects.toThrow(message);
    expect(existsSync(at('whole.work'))).toBe(false);
    expect(await readdir(at('whole'))).toContain('film_prores-422-hq.mov');
  });

  it('delivers the others where one is below its floor, and names the frame', async () => {
    const floors = { psnr: 100, ssim: 0.5, why: 'None reaches it.' };
    const strict = await preset('strict', { extends: 'prores-422-hq', floors });
    const summary = await masterReel(request('floor', { presets: [strict, 'ffv1'] }));
    expect(summary.masters.map(({ preset }) => preset)).toEqual(['ffv1']);
    expect(summary.failed).toEqual([
      {
        preset: 'strict',
        why: expect.stringMatching(
          /film_strict\.mov" was not written as it should be: frame \d is at \d\d\.\d dB PSNR of the reel, below the preset's 100\.0 dB\. Nothing of it was kept; run the same command again, or leave this master out\.$/,
        ),
      },
    ]);
    expect((await readdir(at('floor'))).toSorted()).toEqual(['film_ffv1.mkv', 'film_ffv1.mkv.json']);
  });

  it('that is stopped leaves nothing under a final name, and goes on', async () => {
    const stop = new AbortController();
    const running = masterReel(request('stopped'), {
      signal: stop.signal,
      onProgress: ({ stage, done }) => {
        if (stage === 'mastering' && done > 0) stop.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect([existsSync(at('stopped')), existsSync(at('stopped.work'))]).toEqual([false, false]);
    const summary = await masterReel(request('stopped'));
    expect(summary.masters).toMatchObject([{ preset: 'ffv1', kept: false }]);
    expect(existsSync(at('stopped.work'))).toBe(false);
  });

  it('gives a part of the reel its timecode, with handles as far as there are frames', async () => {
    const summary = await masterReel(request('part', { range: '3-4', handles: 3, reelName: 'A001' }));
    expect(summary.frames).toBe(7);
    expect(summary.notes).toContain(
      'The reel has 2 frames before the range and 3 after it, of 3 that were asked for as handles.',
    );
    const part = await probeReel(at('part/film_ffv1.mkv'), { transfer: 'auto' }, ffmpeg);
    expect(part).toMatchObject({ frames: 7, timecode: '01:00:00:00' });
    const later = await masterReel(request('later', { range: '5-8', timecode: '10:00:00:00' }));
    expect(later.masters[0]?.record.lossless).toBe(true);
    const cut = await probeReel(at('later/film_ffv1.mkv'), { transfer: 'auto' }, ffmpeg);
    expect(cut).toMatchObject({ frames: 4, timecode: '10:00:00:04' });
  });

  it('takes the sound of a file, says where its length is another, and leaves it out where asked', async () => {
    await make('-f lavfi -i sine=d=1:r=44100 -c:a pcm_s24le', at('mix.wav'));
    const summary = await masterReel(request('mixed', { sound: at('mix.wav') }));
    expect(summary.notes).toContain(
      'Sound stream 1 of the file is 1.00 s long, the picture 0.33 s: it is carried as it is, from the first frame on.',
    );
    const mixed = streamsOf(await probeStreams(at('mixed/film_ffv1.mkv'), ffmpeg), 'audio');
    expect(mixed).toMatchObject([{ codec_name: 'flac', sample_rate: '44100' }]);
    await masterReel(request('silent', { sound: 'none' }));
    expect(streamsOf(await probeStreams(at('silent/film_ffv1.mkv'), ffmpeg), 'audio')).toEqual([]);
  });

  it('holds a frame that cannot be decoded in its place', async () => {
    await mkdir(at('stills'));
    await make(`-i ${MOVIE} -start_number 1001 -pix_fmt rgb24`, at('stills/still.%04d.png'));
    expect(await readdir(at('stills'))).toHaveLength(FRAMES);
    await truncate(at('stills/still.1003.png'), 300);
    const summary = await masterReel(request('held', { reel: at('stills'), presets: ['ffv1'] }));
    expect(summary.notes).toContain('Frame 1003 cannot be decoded; frame 1002 stands in its place.');
    expect(summary.masters[0]?.record).toMatchObject({ frames: FRAMES, lossless: true });
  });
});

describe('before anything is written', () => {
  const review = ['review-h264'];
  it.each<[string, Partial<MasterRequest>, string | RegExp]>([
    [
      'an option of review copies without one',
      { burnIn: ['frame'] },
      'burnIn is for copies to look at, and ffv1 is not. Add presets review-h264, or leave it out.',
    ],
    [
      'bars without a size',
      { presets: review, pad: true },
      'pad needs the size to fill. Add scale 1920x1080, or leave it out.',
    ],
    [
      'an odd size',
      { presets: review, scale: '101x' },
      'scale "101x" is not a size. Write it as 1280x720, 1280x or x720, with even numbers from 16 to 16384.',
    ],
    [
      'a list of shots, of which it knows nothing',
      { shots: 'cut.edl' } as object,
      '"shots" is not a field of a request. Known are: reel, range, transfer, rate, layer, presets, out, handles, sound, timecode, reelName, burnIn, scale, pad, lut, encoder, manifest, ffmpeg.',
    ],
    ['handles without a range', { handles: 5 }, 'handles 5 needs a range to lie beside. Add range, or leave it out.'],
    ['a timecode that is none', { timecode: '1:2' }, 'timecode "1:2" is not a timecode. Write it as HH:MM:SS:FF.'],
    [
      'an encoder of no preset',
      { encoder: 'h264_nvenc' },
      'encoder h264_nvenc belongs to none of ffv1. Encoders of H.264 are called h264_…, those of H.265 hevc_…; leave it out, or add such a preset.',
    ],
    [
      'an unknown preset',
      { presets: ['prores-422'] },
      /^There is no master preset "prores-422"\. .*Did you mean "prores-422-hq"\?$/,
    ],
    [
      'stills of a YUV reel',
      { presets: ['dpx-10bit'] },
      'Master "dpx-10bit" cannot hold yuv422p10le: DPX frames are RGB, and samples that are converted do not come back. Take a movie instead: ffv1 holds every sample.',
    ],
    [
      'an encoder that this ffmpeg lacks',
      { presets: review, encoder: 'h264_nonesuch' },
      new RegExp(
        `^Master "review-h264" cannot be written: ffmpeg ${ffmpeg.version.replaceAll('.', '\\.').replaceAll('+', '\\+')} lacks the encoder h264_nonesuch\\. Use an ffmpeg built with it \\(--ffmpeg\\), or leave this master out\\.$`,
      ),
    ],
    [
      'a picture that an encoder refuses',
      { presets: ['ffv1', 'dnxhr-hqx'] },
      'Master "dnxhr-hqx" holds no picture smaller than 256 × 120, and this one is 96 × 64. Take another master: ProRes and ffv1 hold pictures of any size.',
    ],
    [
      'sound that is no file',
      { sound: at('none.wav') },
      `sound "${at('none.wav')}" is not a file. Give copy, none, or a file with sound.`,
    ],
  ])('refuses %s', async (_, more, message) => {
    await expect(masterReel(request('refused', more))).rejects.toThrow(message);
    expect(existsSync(at('refused'))).toBe(false);
  });

  it('learns of an encoder that does not work from two frames', async () => {
    const odd = await preset('odd', {
      extends: 'review-h264',
      picture: { options: { 'profile:v': 'no-such-profile' } },
    });
    await expect(masterReel(request('tried', { presets: ['ffv1', odd] }))).rejects.toThrow(
      /^Nothing was written: "odd" cannot be made of this reel with this ffmpeg\. .* Leave it out, or use another ffmpeg \(--ffmpeg\)\.$/s,
    );
    expect([existsSync(at('tried')), existsSync(at('tried.work'))]).toEqual([false, false]);
  });

  it('refuses a work folder in which another run has left takes, and leaves them there', async () => {
    await mkdir(at('film.work/takes'), { recursive: true });
    const work = at('film.work');
    await expect(masterReel(request('film'))).rejects.toThrow(
      `"${work}" holds "takes", which is no work on masters and would be lost. Choose another --out than "film", or move "${work}" elsewhere.`,
    );
    expect([existsSync(at('film')), await readdir(work)]).toEqual([false, ['takes']]);
    await rename(work, at('elsewhere'));
    expect((await masterReel(request('film'))).failed).toEqual([]);
  });
});
