import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../src/media/read/probe-reel.ts';
import { footageOf, stillNames } from './decoded.ts';
import { type FilmFormat, remake } from './formats.ts';
import { jobOf } from './job-of.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { differingFiles, proveReel } from './proof.ts';
import { rebuiltReel } from './rebuilt-reel.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';
import { type TrackedScan, trackScan } from './tracked-scan.ts';

/** Of the actor of the sample reel: quicker than making its stills, and here only the samples matter. */
const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const TALKING = 3;
const EMPTY = 1;

/** States, for each format, that a reel of it is restored inside the mattes and comes back bit for bit outside them. */
export function proveFormats(formats: readonly FilmFormat[]): void {
  let scratch: Scratch;
  let scan: string;
  let tracked: TrackedScan;

  beforeAll(async () => {
    scratch = await openScratch('formats');
    process.env['REELMEND_CACHE'] = scratch.cache;
    scan = join(scratch.path, 'scan');
    await makeTinyReel(scan, TALKING, EMPTY);
    tracked = await trackScan(scan, PORTRAIT);
  });
  afterAll(async () => {
    await tracked[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
  });

  const frames = TALKING + EMPTY;
  const speaking = Array.from({ length: TALKING }, (_, frame) => frame);
  const placeOf = ({ title }: FilmFormat) => join(scratch.path, title.replace(/\W+/g, '-'));

  /** The reel in a format, and what is asked of its restoration. */
  const remade = async (format: FilmFormat) => {
    const place = placeOf(format);
    const reel = await remake(scan, format, `${place}-reel`);
    expect((await footageOf(reel)).pixelFormat).toBe(format.pixelFormat);
    const out = format.kind === 'folder' ? `${place}-out` : `${place}-out.mkv`;
    return jobOf(reel, out, PORTRAIT, { mattes: `${place}-mattes`, patches: `${place}-patches`, restorer: 'replace' });
  };

  const proveRestored = async (format: FilmFormat, reel: string, out: string) => {
    const first = format.kind === 'folder' ? 1001 : 1;
    const proof = await proveReel(reel, out, `${placeOf(format)}-mattes`, first, format.block);
    const whole = { framesBefore: frames, framesAfter: frames };
    expect(proof).toMatchObject({ ...whole, restored: speaking, differingOutside: 0 });
    expect(proof.leastChanged).toBeGreaterThan(0.5);
    expect((await footageOf(out)).pixelFormat).toBe(format.pixelFormat);
    // JPEG writes whole blocks, so that the file is not quite the frame that was restored.
    if (format.block === undefined) {
      const patched = await rebuiltReel(reel, out, `${placeOf(format)}-patches`);
      expect(patched.numbers).toEqual(speaking.map((frame) => first + frame));
      expect(patched.greatestError).toBeLessThan(1 / 1023);
    }
    if (format.kind === 'movie') return;
    const names = await stillNames(reel);
    expect(await stillNames(out)).toEqual(names);
    expect(await differingFiles(reel, out)).toEqual(names.slice(0, TALKING));
  };

  const wholeRun = formats.filter(({ wholeRun }) => wholeRun);
  it.each(wholeRun.map((format) => [format.title, format] as const))(
    'of %s is restored by a whole run inside the mattes, the same bits outside them, and what its patches make of it',
    async (_, format) => {
      const job = await remade(format);
      const summary = await restoreOnThisThread(job);
      expect(summary).toMatchObject({ frames, restored: TALKING, isolated: 0, alreadyDone: false });
      await proveRestored(format, job.reel, job.out);
    },
  );

  // Tracking does not know of formats but by the pictures that it is shown: these are tracked once, in the scan.
  const others = formats.filter((format) => !wholeRun.includes(format));
  it.each(others.map((format) => [format.title, format] as const))(
    'of %s shows the face to networks, is restored inside the mattes, is the same bits outside them, and what its patches make of it',
    async (_, format) => {
      const { reel, ...request } = await remade(format);
      const opened = await probeReel(reel, { transfer: 'auto' }, await findFfmpeg());
      expect(await tracked.facesIn(opened)).toEqual(speaking);
      expect(await tracked.restore(opened, request)).toBe(TALKING);
      await proveRestored(format, reel, request.out);
    },
  );
}
