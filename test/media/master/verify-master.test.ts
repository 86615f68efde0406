import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { probeStreams } from '../../../src/media/ffmpeg/probe-streams.ts';
import { comparePictures } from '../../../src/media/master/compare-pictures.ts';
import { encodeMasters, type MasterRun, unfinishedPath } from '../../../src/media/master/encode-masters.ts';
import type { MasterSource } from '../../../src/media/master/master.ts';
import type { MasterForm } from '../../../src/media/master/master-form.ts';
import { prepareSound } from '../../../src/media/master/master-sound.ts';
import { openMaster } from '../../../src/media/master/open-master.ts';
import { verifyMaster } from '../../../src/media/master/verify-master.ts';
import { openMovie } from '../../../src/media/read/movie/probe-movie.ts';
import { ffmpeg, make, temporaryFolder } from '../lavfi.ts';

const folder = await temporaryFolder();
const FRAMES = 8;

const LOSSY: MasterForm = {
  name: 'lossy',
  container: 'mov',
  review: false,
  picture: { codec: 'prores', profile: 'hq', samples: ['yuv422p10le'], options: {} },
  sound: 'pcm',
  floors: { psnr: 36, ssim: 0.9 },
};
const LOSSLESS: MasterForm = {
  ...LOSSY,
  name: 'lossless',
  container: 'mkv',
  picture: { codec: 'ffv1', samples: [], options: {} },
  sound: 'flac',
  floors: null,
};

const REEL = join(folder, 'reel.mkv');
beforeAll(() =>
  make(
    `-f lavfi -i testsrc2=s=96x64:r=24,noise=alls=4:allf=t -f lavfi -i sine=440:r=48000 -f lavfi -i sine=880:r=48000
     -map 0 -map 1 -map 2 -frames:v ${FRAMES} -t ${FRAMES / 24} -vf setparams=color_primaries=bt709
     -c:v ffv1 -pix_fmt yuv422p10le -color_range tv -color_primaries bt709 -c:a pcm_s16le
     -metadata:s:v:0 timecode=01:00:00:00`,
    REEL,
  ),
);

let harms = 0;

/**
 * What is wrong with a master that is harmed before it is verified.
 *
 * @param harm ffmpeg's options for a copy of it; `beside`: those of a second input of the same, whose sound is taken
 */
async function faultOf(form: MasterForm, harm: string, beside?: string): Promise<string> {
  const reel = await openMovie(REEL, { transfer: 'auto' }, ffmpeg);
  const work = join(folder, `${form.name}-${harms++}`);
  await mkdir(work, { recursive: true });
  const range = { in: 0, out: FRAMES };
  const { signal } = new AbortController();
  const own = { file: REEL, reel, range, own: true };
  const source: MasterSource = {
    ...{ reel, range, timecode: reel.timecode, reelName: undefined },
    file: await probeStreams(REEL, ffmpeg),
    sound: await prepareSound(join(work, 'sound.nut'), own, { ffmpeg, signal }),
  };
  const run: MasterRun = { ffmpeg, signal, work, onFrame: () => {}, note: () => {} };
  const look = { burnIn: [], pad: false };
  const master = await openMaster(form, look, { source, folder: work }, ffmpeg);
  const encoded = await encodeMasters([master], source, run);
  const written = unfinishedPath(master, work);
  if (harm !== '') {
    const harmed = written.replace(/\.(\w+)$/, '-harmed.$1');
    const coding = form === LOSSY ? '-c:v prores_ks -profile:v hq' : '-c:v ffv1 -level 3';
    const same = harm.startsWith('-c copy') ? '' : `${coding} -c:a copy`;
    const sound = harm.includes('-map') ? '' : '-map 0:v -map 0:a';
    const second = beside === undefined ? '' : `${beside} -i ${written}`;
    await make(`-i ${written} ${second} ${sound} ${same} ${harm} -fps_mode passthrough`, harmed);
    await rename(harmed, written);
  }
  const [nearness] = await comparePictures([master], source, encoded, run);
  return verifyMaster(master, source, nearness as NonNullable<typeof nearness>, run).then(
    () => 'none',
    (error: Error) => error.message,
  );
}

describe.each([LOSSY, LOSSLESS])('a $name master', (form) => {
  const says = (lossy: RegExp, lossless: RegExp) => (form === LOSSY ? lossy : lossless);

  it('is found right as it was written', async () => {
    expect(await faultOf(form, '')).toBe('none');
  });

  it('is refused with one frame in the place of another', async () => {
    const swapped = await faultOf(form, '-vf shuffleframes=0|2|1|3');
    expect(swapped).toMatch(
      says(/frame [2-7] is at \d\d\.\d dB PSNR of the reel, below/, /its samples are not the reel's from frame 2 on/),
    );
  });

  it('is refused with a frame too few, by the count', async () => {
    expect(await faultOf(form, `-frames:v ${FRAMES - 1}`)).toContain('8 frames were expected, it has 7');
  });

  it('is refused in another brightness, as a wrong range makes it', async () => {
    const squeezed = await faultOf(form, '-vf scale=in_range=pc:out_range=tv');
    expect(squeezed).toMatch(
      says(/frame \d is at [12]\d\.\d dB PSNR/, /its samples are not the reel's from frame 1 on/),
    );
  });

  it('is refused with a tag that the reel has otherwise', async () => {
    const tagged = '-vf setparams=color_primaries=bt2020 -color_primaries bt2020';
    expect(await faultOf(form, tagged)).toContain('primaries is bt2020 instead of bt709');
  });

  it('is refused with the timecode of another frame', async () => {
    const label = '-c copy -write_tmcd 1 -metadata:s:v:0 timecode=01:00:00:01 -map 0:v -map 0:a';
    expect(await faultOf(form, label)).toContain('the timecode is 01:00:00:01 instead of 01:00:00:00');
  });

  it('is refused with its sound a frame late', async () => {
    const late = await faultOf(form, '-c copy -map 0:v -map 1:a', `-itsoffset ${1 / 24}`);
    expect(late).toMatch(/sound stream 1 begins at 0\.04[12] s instead of 0\.000 s/);
    expect(late).not.toContain('are not the reel');
  });

  it('is refused with one sound stream in the place of the other', async () => {
    expect(await faultOf(form, '-c copy -map 0:v -map 0:a:1 -map 0:a:0')).toContain(
      "the samples of sound stream 1 are not the reel's; the samples of sound stream 2 are not the reel's",
    );
  });
});
