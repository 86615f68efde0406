import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { resolveShots } from '../../src/editorial/resolve-shots.ts';
import { ShotListError } from '../../src/editorial/shot-list-error.ts';
import { readShotList } from '../../src/editorial/shot-list-formats.ts';
import type { MovieReel, Reel } from '../../src/film/reel.ts';
import { reelOf } from '../pipeline/reel-of.ts';

/** The text of a file in `test/fixtures/editorial`. */
export function fixture(name: string): string {
  return readFileSync(join(packageFolder(), 'test', 'fixtures', 'editorial', name), 'utf8');
}

/** A movie of 2000 frames, which is on no disk. */
export function movieOf(change: Partial<MovieReel> = {}): MovieReel {
  const { width, height, rate, format, pixelFormat, colour, transfer, damaged } = reelOf();
  return {
    ...{ width, height, rate, format, pixelFormat, colour, transfer, damaged },
    kind: 'movie',
    path: '/film/reel 1.mov',
    first: 1,
    frames: 2000,
    container: 'mov',
    codec: 'prores',
    times: [],
    timeBase: { num: 1, den: 24 },
    pixelAspect: { num: 1, den: 1 },
    fields: 'progressive',
    audioStreams: 0,
    subtitleStreams: 0,
    ...change,
  };
}

/** Name, first and first following frame of each shot that a text lists, counted from 0. */
export function listed(text: string, file: string, reel: Reel): [string, number, number][] {
  return resolveShots(readShotList(text, file), reel).shots.map(({ name, in: from, out }) => [name, from, out]);
}

/** What is said of a list beside its shots. */
export function notesOf(text: string, file: string, reel: Reel): readonly string[] {
  return resolveShots(readShotList(text, file), reel).notes;
}

/** The sentence by which a list is refused. */
export function faultOf(text: string, file: string, reel: Reel): string {
  try {
    return `It was not refused: ${JSON.stringify(listed(text, file, reel))}`;
  } catch (error) {
    if (error instanceof ShotListError) return error.message;
    throw error;
  }
}
