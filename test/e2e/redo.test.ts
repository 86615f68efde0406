import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { tracksFileSchema } from '../../src/report/tracks-file.ts';
import { filesOf } from './files-of.ts';
import { jobOf } from './job-of.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { differingFiles } from './proof.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { shortTakes } from './short-takes.ts';
import { writeShots } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const TALKING = 4;
const EMPTY = 3;

let scratch: Scratch;
let reel: string;
let preset: string;
/** Nobody is restored in the second shot that shows the actor. */
let decided: string;
const at = (name: string) => join(scratch.path, name);

/** Three takes, of a shot each: the actor, nobody, the actor again. */
beforeAll(async () => {
  scratch = await openScratch('redo');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = at('reel');
  preset = await shortTakes(scratch.path, 8);
  await writeShots(reel, [
    ['talking', TALKING],
    ['empty', EMPTY],
    ['talking', TALKING],
  ]);
  await restoreOnThisThread(job('folder', { keepWork: true }));
  const { tracks } = tracksFileSchema.parse(JSON.parse(await readFile(at('folder.report/tracks.json'), 'utf8')));
  expect(tracks).toHaveLength(2);
  const cast = [{ track: tracks[1]?.id, as: null }];
  decided = at('decided.json');
  await writeFile(decided, JSON.stringify({ format: 'reelmend-overrides/1', cast }));
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** `replace` needs no neighbours, and is quick. */
function job(out: string, more: Partial<RestoreRequest> = {}): RestoreRequest {
  return jobOf(reel, at(out), PORTRAIT, { preset, restorer: 'replace', ...more });
}

/** The same folder by a Reelmend that makes other pixels. */
const ofAnotherVersion = (more: Partial<RestoreRequest>) =>
  restoreOnThisThread(job('folder', more), { renderVersion: 1e6 });

const contentOf = (out: string) => filesOf(at(out));

describe('an output whose work was kept', () => {
  let first: Record<string, string>;
  beforeAll(async () => {
    first = await contentOf('folder');
  });

  it('has the record, the figures and the pictures of each take in a folder of its own, without a path in them', async () => {
    const folders = await readdir(at('folder.work/takes'));
    expect(folders).toHaveLength(3);
    for (const [k, name] of folders.sort().entries()) {
      const folder = at(`folder.work/takes/${name}`);
      const evidence = k === 1 ? [] : ['evidence'];
      const segment = (await readdir(folder)).filter((name) => name.startsWith('frames-'));
      expect(segment).toHaveLength(1);
      expect((await readdir(folder)).sort()).toEqual([...evidence, ...segment, 'faces.json', 'take.json'].sort());
      for (const file of ['take.json', 'faces.json']) {
        expect(await readFile(join(folder, file), 'utf8')).not.toContain(scratch.path);
      }
    }
  });

  it('is refused with other decisions, and the sentence names the way', async () => {
    await expect(restoreOnThisThread(job('folder', { keepWork: true, overrides: decided }))).rejects.toThrow(
      `--out "${at('folder')}" exists already: an earlier run made it, on another device, or with other frames, settings, mattes or patches. Add --redo to render the takes that change and replace it, or choose another --out.`,
    );
    expect(await contentOf('folder')).toEqual(first);
  });

  it('is not replaced where something lies in it that would be lost', async () => {
    await writeFile(at('folder/notes.txt'), 'mine');
    await expect(restoreOnThisThread(job('folder', { redo: true, overrides: decided }))).rejects.toThrow(
      `--redo: "${at('folder')}" holds "notes.txt", which Reelmend did not write, and which would be lost. Move it elsewhere.`,
    );
    await rm(at('folder/notes.txt'));
    expect(await contentOf('folder')).toEqual(first);
  });

  it('is replaced by the result of a whole run, with one take rendered: that of the face that is no longer cast', async () => {
    const summary = await restoreOnThisThread(job('folder', { redo: true, overrides: decided }));
    expect(summary).toMatchObject({ restored: TALKING, takesRedone: 1, takesKept: 2, alreadyDone: false });
    const changed = await differingFiles(reel, at('folder'));
    expect(changed).toEqual((await readdir(reel)).sort().slice(0, TALKING));

    await restoreOnThisThread(job('anew', { overrides: decided }));
    expect(await contentOf('folder')).toEqual(await contentOf('anew'));
    expect(existsSync(at('anew.work'))).toBe(false);
    const takes = async (out: string) =>
      JSON.parse(await readFile(at(`${out}.report/report.json`), 'utf8')).takes.map(
        ({ redone: _, ...take }: { redone: boolean }) => take,
      );
    expect(await takes('folder')).toEqual(await takes('anew'));
  });

  it('shows the faces of takes that were kept in its report', async () => {
    const pictures = async (out: string) =>
      (await readFile(at(`${out}.report/index.html`), 'utf8')).match(/data:image\/jpeg;base64,[^"]+/g)?.sort();
    expect(await pictures('folder')).toEqual(await pictures('anew'));
  });

  it('is done when the same is asked for again, and its work stays', async () => {
    const before = await stat(at('folder'));
    expect(await restoreOnThisThread(job('folder', { redo: true, overrides: decided }))).toMatchObject({
      alreadyDone: true,
    });
    expect((await stat(at('folder'))).ino).toBe(before.ino);
    expect(existsSync(at('folder.work/takes'))).toBe(true);
  });

  it('goes back to what it was, and renders the take that had gone', async () => {
    const summary = await restoreOnThisThread(job('folder', { redo: true }));
    expect(summary).toMatchObject({ restored: 2 * TALKING, takesRedone: 1, takesKept: 2 });
    expect(await contentOf('folder')).toEqual(first);
  });

  it('is rendered anew where a face is by another version of Reelmend, and only there', async () => {
    await expect(ofAnotherVersion({ keepWork: true })).rejects.toThrow('Add --redo');
    const redone = await ofAnotherVersion({ redo: true });
    expect(redone).toMatchObject({ takesRedone: 2, takesKept: 1, alreadyDone: false });
  });

  it('gets mattes and patches by rendering anew the takes that were rendered without', async () => {
    const sides = { redo: true, mattes: at('mattes'), patches: at('patches') };
    const namesIn = async (...folders: string[]) =>
      Promise.all(folders.map(async (folder) => (await readdir(at(folder))).sort()));
    const numbers = [1001, 1002, 1003, 1004, 1008, 1009, 1010, 1011];
    const mattes = numbers.map((number) => `matte.${number}.png`);
    const patches = numbers.map((number) => `scan.${number}.exr`);

    const summary = await ofAnotherVersion(sides);
    expect(summary).toMatchObject({ takesRedone: 2, takesKept: 1 });
    expect(await namesIn('mattes', 'patches')).toEqual([mattes, patches]);
    const report = JSON.parse(await readFile(at('folder.report/report.json'), 'utf8'));
    expect(report.beside).toEqual([
      { kind: 'mattes', folder: at('mattes') },
      { kind: 'patches', folder: at('patches'), alpha: 'premultiplied' },
    ]);
    // They are there, and what no take depends on is written all the same.
    expect(await ofAnotherVersion({ ...sides, tracks: at('tracks') })).toMatchObject({ alreadyDone: true });
    expect((await readdir(at('tracks'))).sort()).toEqual(
      ['f1001', 'f1008'].flatMap((id) => ['corner-pin.txt', 'nk', 'points.txt'].map((end) => `scan.${id}.${end}`)),
    );
    // Of fewer nothing is rendered.
    expect(await ofAnotherVersion({ ...sides, mattes: undefined })).toMatchObject({ takesRedone: 0, takesKept: 3 });

    const premultiplied = await readFile(at('patches/scan.1001.exr'));
    const straight = await ofAnotherVersion({ ...sides, patchAlpha: 'straight' });
    expect(straight).toMatchObject({ takesRedone: 2, takesKept: 1 });
    expect((await readFile(at('patches/scan.1001.exr'))).equals(premultiplied)).toBe(false);

    const all = { ...sides, patchAlpha: 'straight', tracks: at('tracks') } as const;
    const fewer = await ofAnotherVersion({ ...all, overrides: decided });
    expect(fewer).toMatchObject({ takesRedone: 1, takesKept: 2 });
    expect(await namesIn('mattes', 'patches')).toEqual([mattes.slice(0, TALKING), patches.slice(0, TALKING)]);
    expect(await namesIn('tracks')).toEqual([['scan.f1001.corner-pin.txt', 'scan.f1001.nk', 'scan.f1001.points.txt']]);
  });

  it('is refused where patches would go among the frames of the reel, or into the output', async () => {
    const refused = (patches: string) =>
      ofAnotherVersion({ redo: true, patches }).catch((error: Error) => error.message);
    expect(await refused(reel)).toBe(
      `--patches "${reel}" is the folder of the reel, whose frames are never written to. Choose another folder.`,
    );
    for (const place of [at('folder'), at('folder/patches'), at('folder.work/patches')]) {
      expect(await refused(place)).toBe(
        `--patches "${place}" lies where the restored reel goes ("${at('folder')}"). Choose another folder.`,
      );
    }
  });
});

describe('a movie whose work was kept', () => {
  it('is replaced by what a whole run would make', async () => {
    await restoreOnThisThread(job('film.mkv', { keepWork: true }));
    const summary = await restoreOnThisThread(job('film.mkv', { redo: true, overrides: decided }));
    expect(summary).toMatchObject({ restored: TALKING, takesRedone: 1, takesKept: 2 });
    await restoreOnThisThread(job('other.mkv', { overrides: decided }));
    const files = await filesOf(scratch.path);
    expect(files['film.mkv']).toBe(files['other.mkv']);
  });
});

describe('an output that is in the way', () => {
  it('is not replaced in part where its takes were not kept', async () => {
    const before = await contentOf('anew');
    await expect(restoreOnThisThread(job('anew', { redo: true }))).rejects.toThrow(
      `--redo: the takes of "${at('anew')}" were not kept, so all of them would have to be rendered. If that is what you want, remove "${at('anew')}" or choose another --out, and add --keep-work so that the next change costs only the takes that it changes.`,
    );
    expect(await contentOf('anew')).toEqual(before);
    expect(existsSync(at('anew.work'))).toBe(false);
  });

  it('is never replaced where Reelmend did not make it', async () => {
    await writeFile(at('mine.mkv'), 'a film of mine');
    await expect(restoreOnThisThread(job('mine.mkv', { redo: true }))).rejects.toThrow(
      `--out "${at('mine.mkv')}" exists already, and neither a report nor kept work says that Reelmend made it: --redo replaces nothing else. Remove it, or choose another --out.`,
    );
    expect(await readFile(at('mine.mkv'), 'utf8')).toBe('a film of mine');
  });

  it('is known to be done wherever the reel lies now', async () => {
    const elsewhere = at('elsewhere');
    await rename(reel, elsewhere);
    try {
      const again = { ...job('anew', { overrides: decided }), reel: elsewhere };
      expect(await restoreOnThisThread(again)).toMatchObject({ alreadyDone: true });
    } finally {
      await rename(elsewhere, reel);
    }
  });
});

describe('the takes of a run that was stopped', () => {
  /** One run is stopped amid its last take; each test goes on with a copy of what that left. */
  beforeAll(async () => {
    const stop = new AbortController();
    const onProgress = ({ stage, done }: { stage: string; done: number }) => {
      if (stage === 'rendering' && done > TALKING + EMPTY) stop.abort();
    };
    await expect(restoreReel(job('stopped'), { onProgress, signal: stop.signal })).rejects.toThrow();
    expect(existsSync(at('stopped'))).toBe(false);
    for (const name of ['mixed', 'upgraded', 'damaged']) {
      await cp(at('stopped.work'), at(`${name}.work`), { recursive: true });
    }
  });

  it('serve another job where it would render the same', async () => {
    const summary = await restoreOnThisThread(job('mixed', { overrides: decided }));
    expect(summary).toMatchObject({ restored: TALKING, takesKept: 2, takesRedone: 1 });
    expect(await contentOf('mixed')).toEqual(await contentOf('anew'));
  });

  it('are never joined with those of another version', async () => {
    const summary = await restoreOnThisThread(job('upgraded'), { renderVersion: 1e6 });
    // The one that is kept shows nobody: it was copied.
    expect(summary).toMatchObject({ takesKept: 1, takesRedone: 2 });
  });

  it('are rendered again where a byte of them has changed', async () => {
    const [folder] = await readdir(at('damaged.work/takes'));
    const takes = at(`damaged.work/takes/${folder}`);
    const frames = (await readdir(takes)).find((name) => name.startsWith('frames-')) ?? '';
    const still = join(takes, frames, 'scan.1003.dpx');
    const bytes = await readFile(still);
    await writeFile(still, bytes.with(bytes.length - 100, (bytes.at(-100) ?? 0) ^ 1));
    expect(await restoreOnThisThread(job('damaged'))).toMatchObject({ takesKept: 1, takesRedone: 2 });
  });
});
