import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { footageOf, stillNames } from './decoded.ts';
import { type FilmFormat, remake } from './formats.ts';
import { jobOf, QUIET } from './job-of.ts';
import { differingFiles, proveReel } from './proof.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

/** Of the actor of the sample reel: quicker than making its stills, and here only the samples matter. */
const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const TALKING = 3;
const EMPTY = 1;

/** States, for each format, that a reel of it is restored inside the mattes and comes back bit for bit outside them. */
export function proveFormats(formats: readonly FilmFormat[]): void {
  let scratch: Scratch;
  let scan: string;

  beforeAll(async () => {
    scratch = await openScratch('formats');
    process.env['REELMEND_CACHE'] = scratch.cache;
    scan = join(scratch.path, 'scan');
    await makeTinyReel(scan, TALKING, EMPTY);
  });
  afterAll(() => scratch[Symbol.asyncDispose]());

  it.each(formats.map((format) => [format.title, format] as const))(
    'of %s is restored inside the mattes and the same bits outside them',
    async (title, format) => {
      const place = join(scratch.path, title.replace(/\W+/g, '-'));
      const reel = await remake(scan, format, `${place}-reel`);
      expect((await footageOf(reel)).pixelFormat).toBe(format.pixelFormat);
      const out = format.kind === 'folder' ? `${place}-out` : `${place}-out.mkv`;
      const mattes = `${place}-mattes`;

      const summary = await restoreReel(jobOf(reel, out, PORTRAIT, { mattes, restorer: 'replace' }), QUIET);

      const speaking = Array.from({ length: TALKING }, (_, frame) => frame);
      expect(summary).toMatchObject({ frames: TALKING + EMPTY, restored: TALKING, isolated: 0, alreadyDone: false });
      const first = format.kind === 'folder' ? 1001 : 1;
      const proof = await proveReel(reel, out, mattes, first, format.block);
      expect(proof).toMatchObject({
        framesBefore: TALKING + EMPTY,
        framesAfter: TALKING + EMPTY,
        restored: speaking,
        differingOutside: 0,
      });
      expect(proof.leastChanged).toBeGreaterThan(0.5);
      expect((await footageOf(out)).pixelFormat).toBe(format.pixelFormat);
      if (format.kind === 'movie') return;
      const names = await stillNames(reel);
      expect(await stillNames(out)).toEqual(names);
      expect(await differingFiles(reel, out)).toEqual(names.slice(0, TALKING));
    },
  );
}
