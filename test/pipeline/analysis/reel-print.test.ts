import { mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rational } from '../../../src/film/rational.ts';
import type { FolderReel, MovieReel } from '../../../src/film/reel.ts';
import { reelPrint } from '../../../src/pipeline/analysis/reel-print.ts';
import { reelOf } from '../reel-of.ts';

let folder: string;
let reel: FolderReel;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-print-'));
  const files = Array.from({ length: 40 }, (_, k) => join(folder, `scan.${1001 + k}.dpx`));
  for (const [k, file] of files.entries()) await writeFile(file, Buffer.alloc(300_000, k));
  reel = reelOf({ path: folder, files, frames: 40 });
});
afterEach(() => rm(folder, { recursive: true }));

const quick = (of = reel) => reelPrint(of, { verify: false });
const full = (of = reel) => reelPrint(of, { verify: true });

/** Changes one byte and puts the time of the last change back, as a failing disk would. */
async function change(file: string, at: number): Promise<void> {
  const { atime, mtime } = await stat(file);
  const bytes = Buffer.alloc(300_000, 7);
  bytes[at] = 255;
  await writeFile(file, bytes);
  await utimes(file, atime, mtime);
}

describe('the print of a reel', () => {
  it('is the same twice, and says how it was taken', async () => {
    expect(await quick()).toBe(await quick());
    expect(await quick()).toMatch(/^quick:[0-9a-f]{64}$/);
    expect(await full()).toMatch(/^full:[0-9a-f]{64}$/);
  });

  it('changes with a name, a size, a time, and the content that is sampled', async () => {
    const prints = [await quick()];
    const [first = '', second = ''] = reel.files.map(String);
    await utimes(second, 1, 1);
    prints.push(await quick());
    await writeFile(second, 'shorter');
    prints.push(await quick());
    await change(first, 299_999);
    prints.push(await quick());
    await rename(first, `${first}x`);
    prints.push(await quick({ ...reel, files: [`${first}x`, ...reel.files.slice(1)] }));
    prints.push(await quick({ ...reel, files: [null, ...reel.files.slice(1)] }));
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('verified sees any changed byte, and no changed time', async () => {
    const before = await full();
    const file = String(reel.files[1]);
    await utimes(file, 1, 1);
    expect(await full()).toBe(before);
    await change(file, 150_000);
    expect(await full()).not.toBe(before);
  });

  it('of a movie samples it from beginning to end', async () => {
    const path = join(folder, 'film.mkv');
    const { stored: _, ...picture } = reelOf({ path });
    const movie: MovieReel = {
      ...picture,
      kind: 'movie',
      container: 'matroska',
      codec: 'ffv1',
      times: [],
      timeBase: rational(1, 1000),
      pixelAspect: rational(1),
      fields: 'progressive',
      audioStreams: 0,
      subtitleStreams: 0,
    };
    await writeFile(path, Buffer.alloc(300_000, 1));
    const before = await reelPrint(movie, { verify: false });
    await change(path, 299_999);
    expect(await reelPrint(movie, { verify: false })).not.toBe(before);
    await writeFile(path, '');
    expect(await reelPrint(movie, { verify: false })).toMatch(/^quick:/);
  });

  it('says which file has gone', async () => {
    const gone = String(reel.files[39]);
    await rm(gone);
    await expect(quick()).rejects.toThrow(`"${gone}" cannot be read: ENOENT`);
  });
});
