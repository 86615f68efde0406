import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probeStreams } from '../../../src/media/ffmpeg/probe-streams.ts';
import { comparePictures } from '../../../src/media/master/compare-pictures.ts';
import { encodeMasters, type MasterRun, unfinishedPath } from '../../../src/media/master/encode-masters.ts';
import type { MasterSource } from '../../../src/media/master/master.ts';
import type { MasterForm } from '../../../src/media/master/master-form.ts';
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
  sound: 'none',
  floors: { psnr: 36, ssim: 0.9 },
};
const LOSSLESS: MasterForm = {
  ...LOSSY,
  name: 'lossless',
  container: 'mkv',
  picture: { codec: 'ffv1', samples: [], options: {} },
  floors: null,
};

/** What is wrong with a master that is harmed, by ffmpeg's options for a copy of it, before it is verified. */
async function faultOf(form: MasterForm, harm: string): Promise<string> {
  const path = join(folder, 'reel.mkv');
  await make(
    `-f lavfi -i testsrc2=s=96x64:r=24,noise=alls=4:allf=t -frames:v ${FRAMES}
     -c:v ffv1 -pix_fmt yuv422p10le -color_range tv`,
    path,
  );
  const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
  const work = join(folder, `${form.name}-${Math.abs(harm.length)}`);
  await mkdir(work, { recursive: true });
  const range = { in: 0, out: FRAMES };
  const source: MasterSource = {
    ...{ reel, range, sound: undefined, timecode: undefined, reelName: undefined },
    file: await probeStreams(path, ffmpeg),
  };
  const { signal } = new AbortController();
  const run: MasterRun = { ffmpeg, signal, work, onFrame: () => {}, note: () => {} };
  const look = { burnIn: [], pad: false };
  const master = await openMaster(form, look, { source, folder: work }, ffmpeg);
  const encoded = await encodeMasters([master], source, run);
  const written = unfinishedPath(master, work);
  if (harm !== '') {
    const harmed = written.replace(/\.(\w+)$/, '-harmed.$1');
    const same = form === LOSSY ? '-c:v prores_ks -profile:v hq' : '-c:v ffv1 -level 3';
    await make(`-i ${written} ${harm} ${same} -fps_mode passthrough`, harmed);
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
});
