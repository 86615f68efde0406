import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filter, firstValueFrom, lastValueFrom, map, take, tap, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OutputError } from '../../src/disk/output-error.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { StillError } from '../../src/film/still-error.ts';
import type { RestoreFacesRequest } from '../../src/pipeline/request/request.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { openReel, type ReelSourceRequest } from '../../src/pipeline/streams/open-reel.ts';
import { type RestoredTake, restoreFaces } from '../../src/pipeline/streams/restore-faces.ts';
import { trackFaces } from '../../src/pipeline/streams/track-faces.ts';
import { writeReel } from '../../src/pipeline/streams/write-reel.ts';
import { PresetError } from '../../src/settings/preset-error.ts';
import { UsageError } from '../../src/settings/usage-error.ts';
import { damagePacket, run, withDamagedPixels } from './damaging.ts';
import { filesOf } from './files-of.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { shortTakes } from './short-takes.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** Two takes with a face, of 5 and 4, and one without. */
const TALKING = 9;
const EMPTY = 3;
/** Frames of the reels of which one is damaged. */
const FEW = 4;

let scratch: Scratch;
let reel: string;
let preset: string;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('stream-restore');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = at('reel');
  preset = await shortTakes(scratch.path, 8);
  await makeTinyReel(reel, TALKING, EMPTY);
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** `detail` has a window and carries: its takes lean on each other's frames. */
const request = (out: string, more: Partial<RestoreFacesRequest> = {}): RestoreFacesRequest => ({
  out: at(out),
  preset,
  references: [PORTRAIT],
  restorer: 'detail',
  ...more,
});

const shotsOf = (path: string, source: ReelSourceRequest = {}) =>
  openReel(path, { preset, ...source }).frames.pipe(trackFaces({ preset }));

/** Restores the same reel both ways; gives what the stream says of it. */
async function bothWays(
  path: string,
  [whole, streamed]: readonly [string, string],
  more: Partial<RestoreFacesRequest>,
) {
  await restoreReel({ reel: path, cache: false, ...request(whole, more) });
  const stream = shotsOf(path).pipe(restoreFaces(request(streamed, more)), writeReel());
  return lastValueFrom(stream);
}

/** Threads and child processes of this process, by their kind. */
const running = () => process.getActiveResourcesInfo().filter((kind) => /Process|Worker|MessagePort/.test(kind));

describe('a reel that is restored as a stream', () => {
  it('is what restoreReel makes of it, byte for byte, its mattes too, and leaves no work behind', async () => {
    await restoreReel({ reel, cache: false, ...request('whole', { mattes: at('whole-mattes') }) });
    const seen: string[] = [];
    const written = await lastValueFrom(
      shotsOf(reel).pipe(
        restoreFaces(request('streamed', { mattes: at('streamed-mattes') })),
        tap(({ take, segment, record }) => {
          expect(existsSync(segment.folder)).toBe(true);
          expect(existsSync(at('streamed'))).toBe(false);
          seen.push(`${take.in} to ${take.out} restored ${record.restored}`);
        }),
        writeReel(),
      ),
    );
    expect(seen).toEqual(['0 to 5 restored 5', '5 to 9 restored 4', '9 to 12 restored 0']);
    expect(written).toEqual({
      outputs: [at('streamed')],
      frames: TALKING + EMPTY,
      restored: TALKING,
      isolated: 0,
      missing: 0,
      takesRedone: 3,
      takesKept: 0,
      notes: [],
    });
    const files = await filesOf(at('whole'));
    expect(Object.keys(files)).toHaveLength(TALKING + EMPTY);
    expect(await filesOf(at('streamed'))).toEqual(files);
    expect(await filesOf(at('streamed-mattes'))).toEqual(await filesOf(at('whole-mattes')));
    expect(existsSync(at('streamed.work'))).toBe(false);
    expect(existsSync(at('streamed.report'))).toBe(false);
  });

  it('is so for a movie with a frame that comes out of the decoder with errors, which is handed through', async () => {
    const movie = at('movie.mkv');
    const frames = ['-start_number', '1001', '-i', join(reel, 'scan.%04d.dpx'), '-frames:v', String(FEW)];
    await run('ffmpeg', ['-v', 'error', ...frames, '-c:v', 'ffv1', '-level', '3', '-slicecrc', '1', '-g', '1', movie]);
    await damagePacket(movie, 2);
    const written = await bothWays(movie, ['whole.mkv', 'streamed.mkv'], { restorer: 'replace' });
    expect(written).toMatchObject({ frames: FEW, restored: FEW - 1, isolated: 1 });
    const files = await filesOf(scratch.path);
    expect(files['streamed.mkv']).toBe(files['whole.mkv']);
  });

  it('is so where the last frame cannot be decoded', async () => {
    const folder = at('png');
    await mkdir(folder);
    const numbers = ['-start_number', '1001'];
    const frames = ['-i', join(reel, 'scan.%04d.dpx'), '-frames:v', String(FEW), '-pix_fmt', 'rgb24'];
    await run('ffmpeg', ['-v', 'error', ...numbers, ...frames, ...numbers, join(folder, 'scan.%04d.png')]);
    const last = join(folder, 'scan.1004.png');
    await writeFile(last, withDamagedPixels(await readFile(last)));
    const written = await bothWays(folder, ['png-whole', 'png-streamed'], { restorer: 'replace' });
    expect(written).toMatchObject({ frames: FEW, restored: FEW - 1, isolated: 1 });
    expect(await filesOf(at('png-streamed'))).toEqual(await filesOf(at('png-whole')));
  });

  it('is as long as the frames that were let through, and hands shots through that were left out', async () => {
    const frames = openReel(reel, { preset }).frames.pipe(take(TALKING + 2));
    const written = await lastValueFrom(
      frames.pipe(
        trackFaces({ preset }),
        map((shot) => ({ ...shot, tracks: [] })),
        restoreFaces(request('copied')),
        writeReel(),
      ),
    );
    expect(written).toMatchObject({
      frames: TALKING + 2,
      restored: 0,
      notes: ['"actor" was not found in the reel: nothing was restored with those stills.'],
    });
    const source = await filesOf(reel);
    expect(await filesOf(at('copied'))).toEqual(Object.fromEntries(Object.entries(source).slice(0, TALKING + 2)));
  });
});

describe('a stream that is left half way', () => {
  it('ends its workers and decoders, has written nothing to its output, and goes on at the next take', async () => {
    const before = running();
    let amid: string[] = [];
    const onProgress = () => {
      amid = running();
    };
    const [first, ...others] = await lastValueFrom(
      shotsOf(reel).pipe(restoreFaces(request('left'), { onProgress }), take(1), toArray()),
    );
    expect(others).toEqual([]);
    expect(first?.take).toMatchObject({ in: 0, out: 5 });
    expect(amid.length).toBeGreaterThan(before.length);
    await vi.waitFor(() => expect(running()).toEqual(before), { timeout: 10_000 });
    await vi.waitFor(() => expect(existsSync(at('left.work/lock.json'))).toBe(false), { timeout: 10_000 });
    expect(existsSync(at('left'))).toBe(false);
    const kept = await readdir(at('left.work'), { recursive: true });
    expect(kept.filter((name) => name.endsWith('take.json'))).toHaveLength(1);
    expect(kept.filter((name) => name.includes('tmp'))).toEqual([]);

    const written = await lastValueFrom(shotsOf(reel).pipe(restoreFaces(request('left')), writeReel()));
    expect(written).toMatchObject({ frames: TALKING + EMPTY, takesRedone: 2, takesKept: 1 });
    expect(await filesOf(at('left'))).toEqual(await filesOf(at('whole')));
  });

  it('stops amid a take where its signal is aborted, with the reason', async () => {
    const before = running();
    const stop = new AbortController();
    const reason = new Error('That is enough.');
    const takes: RestoredTake[] = [];
    const stream = shotsOf(reel).pipe(
      restoreFaces(request('aborted', { restorer: 'replace' }), {
        signal: stop.signal,
        onProgress: ({ stage, done }) => {
          if (stage === 'rendering' && done === 7) stop.abort(reason);
        },
      }),
      tap((one) => takes.push(one)),
      writeReel(),
    );
    await expect(lastValueFrom(stream)).rejects.toBe(reason);
    expect(takes).toHaveLength(1);
    await vi.waitFor(() => expect(running()).toEqual(before), { timeout: 10_000 });
    expect(existsSync(at('aborted'))).toBe(false);
  });

  it('lets go of what tracks where nobody waits for shots any more', async () => {
    const before = running();
    await firstValueFrom(shotsOf(reel).pipe(take(1)));
    await vi.waitFor(() => expect(running()).toEqual(before), { timeout: 10_000 });
    const left = shotsOf(reel).subscribe();
    left.unsubscribe();
    await vi.waitFor(() => expect(running()).toEqual(before), { timeout: 10_000 });
  });
});

describe('a stream that cannot be restored', () => {
  /** What is refused is refused before the first take. */
  const FIRST_FRAMES = { range: '1001-1002' };
  /** How a stream errors, and that it wrote nothing. */
  const errorOf = async (more: Partial<RestoreFacesRequest>) => {
    const stream = shotsOf(reel, FIRST_FRAMES).pipe(restoreFaces(request('refused', more)), writeReel());
    const error: unknown = await lastValueFrom(stream).catch((reason: unknown) => reason);
    expect((await readdir(scratch.path)).filter((name) => name.startsWith('refused'))).toEqual([]);
    return error;
  };

  it('is refused at once where the request means nothing', () => {
    expect(() => restoreFaces({ out: 'x', restorer: 'detail' })).toThrow(UsageError);
    expect(() => restoreFaces({ out: 'x', reel: 'y' } as RestoreFacesRequest)).toThrow(
      new UsageError(
        '"reel" is not a field of a request. Known are: verifyReel, ffmpeg, preset, settings, find, reuse, device, models, acceptLicence, overrides, out, references, restorer, authorisation, model, enhancer, masker, faces, except, grain, codec, as, startNumber, declare, mattes, patches, patchAlpha, tracks, keepWork, redo.',
      ),
    );
    expect(() => trackFaces({ device: 'tpu' as 'cpu' })).toThrow(UsageError);
  });

  it('errors with the class that names the trouble', async () => {
    const noFace = join(reel, `scan.${1001 + TALKING}.dpx`);
    expect(await errorOf({ references: [noFace] })).toBeInstanceOf(StillError);
    expect(await errorOf({ codec: 'ffv1' })).toBeInstanceOf(PresetError);
    expect(await errorOf({ out: join(reel, 'within') })).toBeInstanceOf(PresetError);
  });

  it('errors with OutputError where its output exists, which stays as it is', async () => {
    await mkdir(at('taken'));
    await writeFile(at('taken/notes.txt'), 'mine');
    const stream = shotsOf(reel, FIRST_FRAMES).pipe(restoreFaces(request('taken')), writeReel());
    await expect(lastValueFrom(stream)).rejects.toThrow(OutputError);
    expect(await readdir(at('taken'))).toEqual(['notes.txt']);
    expect(existsSync(at('taken.work'))).toBe(false);
  });

  it('is never joined of a part of its takes', async () => {
    const stream = shotsOf(reel).pipe(
      restoreFaces(request('part', { restorer: 'replace' })),
      filter((one) => one.record.restored > 0),
      writeReel(),
    );
    await expect(lastValueFrom(stream)).rejects.toThrow(
      new OutputError(
        at('part'),
        `"${at('part')}" is joined of 3 takes, each once, but 2 came. Let all of them through to writeReel; to restore fewer frames, ask openReel for a range.`,
      ),
    );
    expect(existsSync(at('part'))).toBe(false);
  });
});
