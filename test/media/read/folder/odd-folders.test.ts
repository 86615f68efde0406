import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FolderReel } from '../../../../src/film/reel.ts';
import { ReelError } from '../../../../src/film/reel-error.ts';
import { openFolder } from '../../../../src/media/read/folder/frame-folder.ts';
import { least, most } from '../../../../src/media/read/folder/frame-pattern.ts';
import { stillKindOf } from '../../../../src/media/read/folder/frame-sequence.ts';
import { checkGaps, listSequence } from '../../../../src/media/read/folder/list-sequence.ts';
import { readStills } from '../../../../src/media/read/folder/read-stills.ts';
import { openFolderTarget } from '../../../../src/media/write/folder/folder-target.ts';
import { ffmpeg, temporaryFolder } from '../../lavfi.ts';
import { drawStill } from '../../still/footage.ts';
import { FIRST, placeIn } from '../../write-take.ts';

const root = await temporaryFolder();

/** Folders of one run; each is another seed. */
const FOLDERS = 500;
/** Every so many of them is opened with ffmpeg too, which takes longer than all else. */
const OPENED = 25;
/** Milliseconds in which a folder of a few tiny files is answered on a machine that does much else. */
const SLOW = 5000;

const GOOD: Readonly<Record<string, Buffer>> = {
  dpx: drawStill('dpx', 'gbrp10be', '16x16'),
  tif: drawStill('tiff', 'rgb24', '16x16'),
  png: drawStill('png', 'rgb24', '16x16'),
  exr: drawStill('exr', 'gbrpf32le', '16x16', ['-format', 'half']),
};

type Random = (below: number) => number;

function randomOf(seed: number): Random {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Bytes as they come off a bad disk. */
function spoiled(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  switch (random(5)) {
    case 0:
      return copy.subarray(0, random(copy.length));
    case 1:
      return Buffer.alloc(0);
    case 2:
      return copy.fill(random(256), random(64), Math.min(copy.length, 64 + random(2000)));
    case 3:
      for (let k = 0; k < 20; k++) copy[random(Math.min(2048, copy.length))] = random(256);
      return copy;
    default:
      return Buffer.from('\0not a picture'.repeat(random(40)));
  }
}

const NAMES: readonly ((number: number, extension: string) => string)[] = [
  (n, e) => `scan.${String(n).padStart(4, '0')}.${e}`,
  (n, e) => `scan.${n}.${e}`,
  (n, e) => `${n}.${e}`,
  (n, e) => `100%d #${n} [1-3].${e}`,
  (n, e) => `été ${n}_v2.${e.toUpperCase()}`,
  (n, e) => `r.-${String(n).padStart(3, '0')}.${e}`,
  (n, e) => `a${n}b${n * 41}.${e}`,
];

/** Fills a folder with a reel and what goes wrong with reels. */
function fill(folder: string, random: Random): void {
  const extension = Object.keys(GOOD)[random(4)] as string;
  const good = GOOD[extension] as Buffer;
  const nameOf = NAMES[random(3) === 0 ? random(NAMES.length) : random(3)] as (typeof NAMES)[number];
  const first = [0, 1, 8, 98, 1001, 9997][random(6)] as number;
  const count = 1 + random(6);
  const put = (name: string, bytes: Buffer | string) => {
    const path = join(folder, name);
    rmSync(path, { recursive: true, force: true });
    writeFileSync(path, bytes);
  };
  for (let k = 0; k < count; k++) put(nameOf(first + k, extension), good);
  for (let odd = random(4); odd > 0; odd--) {
    const number = first + random(count + 1);
    const name = nameOf(number, extension);
    const path = join(folder, name);
    switch (random(14)) {
      case 0:
        rmSync(path, { recursive: true, force: true });
        break;
      case 1:
        rmSync(path, { recursive: true, force: true });
        symlinkSync(random(2) === 0 ? '/nowhere/frame' : basename(path), path);
        break;
      case 2:
        rmSync(path, { recursive: true, force: true });
        mkdirSync(path);
        break;
      case 3:
        put(nameOf(first + 5_000_000 * random(3) + 700, extension), good);
        break;
      case 4:
        put(name, GOOD[Object.keys(GOOD)[random(4)] as string] as Buffer);
        break;
      case 5:
        put(nameOf(number, Object.keys(GOOD)[random(4)] as string), good);
        break;
      case 6:
        put(`poster.${extension}`, good);
        break;
      case 7:
        put(['.DS_Store', `._${name}`, 'Thumbs.db', 'notes.txt', 'film.mov'][random(5)] as string, 'x');
        break;
      case 8:
        put(name.replace(/(\d+)(?=\D*$)/, '0$1'), good);
        break;
      case 9:
        put(
          name.replace(/\.(\w+)$/, (end) => (end === end.toLowerCase() ? end.toUpperCase() : end.toLowerCase())),
          good,
        );
        break;
      case 10:
        writeFileSync(
          Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from(`1.${extension}`)]),
          good,
        );
        break;
      default:
        put(name, spoiled(good, random));
    }
  }
}

/** A sentence for people: what it is about, and how to go on. */
function expectSentence(error: unknown): asserts error is ReelError {
  if (!(error instanceof ReelError)) throw error;
  expect(error.message).toMatch(/^\S.{20,}[^.]\.$/s);
  expect(error.message).not.toMatch(/\.\.|undefined|null|NaN|\[object|ENO|EIS/);
}

/** The pattern that a sentence advises. */
function patternIn({ message }: Error, folder: string): string | undefined {
  return new RegExp(`pattern,?(?: such as)? "(${folder}/.+?\\.\\w+)"`, 'i').exec(message)?.[1];
}

/** The reel as the headers alone tell it. */
async function read(path: string) {
  const listing = await listSequence(path);
  const { sequence, folder, expected } = listing;
  const numbers = [...sequence.files.keys()];
  const [first, last] = expected ?? [least(numbers), most(numbers)];
  checkGaps(path, listing, { first, last }, false);
  const names = numbers.sort((a, b) => a - b).map((number) => sequence.files.get(number) as string);
  const files = names.map((name) => join(folder, name));
  return { names, stills: await readStills(files, sequence.kind, {}, undefined) };
}

describe(`${FOLDERS} folders in which anything goes wrong`, () => {
  const seeds = Array.from({ length: FOLDERS }, (_, k) => k + 1);
  const folderOf = (seed: number) => {
    const folder = join(root, `odd ${seed}`);
    mkdirSync(folder);
    fill(folder, randomOf(seed));
    return folder;
  };

  test('are read, or refused in a sentence whose pattern reads them, and never late', async () => {
    let opened = 0;
    let advised = 0;
    for (const seed of seeds) {
      const folder = folderOf(seed);
      const began = performance.now();
      const answer = await read(folder).catch((error: unknown) => error as Error);
      expect(performance.now() - began, `seed ${seed}`).toBeLessThan(SLOW);
      if (!(answer instanceof Error)) {
        opened += 1;
        expect(answer.stills).not.toContain(null);
        for (const name of answer.names) expect(stillKindOf(name), `seed ${seed}`).toBeDefined();
        continue;
      }
      expectSentence(answer);
      let said: Error = answer;
      for (let pattern = patternIn(said, folder); pattern !== undefined; pattern = patternIn(said, folder)) {
        advised += 1;
        const again = await read(pattern).catch((error: unknown) => error as Error);
        if (!(again instanceof Error)) {
          expect(again.names.length, `seed ${seed}`).toBeGreaterThan(0);
          break;
        }
        // The one that was chosen may lack frames, which is told then, and leads on.
        expectSentence(again);
        expect(again.message, `seed ${seed}`).toMatch(/missing|stray/);
        expect(again.message).not.toBe(said.message);
        said = again;
      }
    }
    // What goes wrong is of all kinds, or the test would tell nothing.
    expect(opened).toBeGreaterThan(FOLDERS / 5);
    expect(advised).toBeGreaterThan(FOLDERS / 10);
  });

  test('open with ffmpeg as their headers say, and are passed through byte for byte', async () => {
    for (const seed of seeds.filter((k) => k % (FOLDERS / OPENED) === 0)) {
      const folder = join(root, `opened ${seed}`);
      mkdirSync(folder);
      fill(folder, randomOf(seed));
      const reel = await openFolder(folder, { transfer: 'auto' }, ffmpeg).catch((error: unknown) => error as Error);
      if (reel instanceof Error) expectSentence(reel);
      else {
        expectWhole(reel);
        await expectPassedThrough(reel, `${folder} out`);
      }
    }
  });
});

function expectWhole({ files, frames, damaged, still, width, height }: FolderReel): void {
  expect(files).toHaveLength(frames);
  expect([width, height]).toEqual([16, 16]);
  const good = GOOD[still === 'tiff' ? 'tif' : still] as Buffer;
  files.forEach((file, frame) => {
    if (file === null) expect(damaged.has(frame)).toBe(true);
    else if (!damaged.has(frame)) expect(readFileSync(file).subarray(0, 4)).toEqual(good.subarray(0, 4));
  });
}

/** States that the frames of a reel come out as the bytes that went in, those without a file not at all. */
async function expectPassedThrough(reel: FolderReel, out: string): Promise<void> {
  const range = { in: 0, out: reel.frames };
  const target = await openFolderTarget(reel, { out, work: `${out}.work`, range });
  await target.conform([await target.copyTake(range, placeIn(`${out}.work`))], FIRST);
  const files = reel.files.filter((file) => file !== null);
  expect(readdirSync(out).toSorted()).toEqual(files.map((file) => basename(file)).toSorted());
  for (const file of files) expect(readFileSync(join(out, basename(file))).equals(readFileSync(file)), file).toBe(true);
}
