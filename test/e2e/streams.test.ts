import { join } from 'node:path';
import { lastValueFrom, take, tap, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inspectReel } from '../../src/pipeline/inspect.ts';
import { openReel } from '../../src/pipeline/streams/open-reel.ts';
import { trackFaces } from '../../src/pipeline/streams/track-faces.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const TALKING = 12;
const EMPTY = 8;
/** How long something may take to come on a machine that is busy. */
const PATIENCE = { timeout: 60_000 };

let scratch: Scratch;
let reel: string;

beforeAll(async () => {
  scratch = await openScratch('streams');
  process.env['REELMEND_CACHE'] = scratch.cache;
  reel = join(scratch.path, 'reel');
  await makeTinyReel(reel, TALKING, EMPTY);
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('a reel as a stream', () => {
  it('gives its shots with the tracks that inspecting it finds', async () => {
    const shots = await lastValueFrom(openReel(reel).frames.pipe(trackFaces(), toArray()));
    const { tracksFile } = await inspectReel({ reel, cache: false });
    expect(shots.map(({ in: from, out }) => ({ in: from, out }))).toEqual(tracksFile.shots);
    const found = shots.flatMap(({ tracks }) => tracks);
    expect(found.map(({ id, in: from, out }) => ({ id, in: from, out }))).toEqual(
      tracksFile.tracks.map(({ id, in: from, out }) => ({ id, in: from, out })),
    );
    expect(found).toHaveLength(1);
  });

  it('can be left half way, with the tracks so far', async () => {
    const [shot, ...others] = await lastValueFrom(openReel(reel).frames.pipe(take(5), trackFaces(), toArray()));
    expect(others).toEqual([]);
    expect(shot).toMatchObject({ in: 0, out: 5, endsShot: false });
    expect(shot?.tracks.map((track) => [track.in, track.out])).toEqual([[0, 5]]);
  });

  it('shows pictures of the size that networks see, one for each frame of a range', async () => {
    const frames = await lastValueFrom(openReel(reel, { range: '1003-1005' }).frames.pipe(toArray()));
    expect(frames.map(({ frame }) => frame)).toEqual([2, 3, 4]);
    expect(frames.every(({ picture }) => picture.rgb.length === 3 * 320 * 180)).toBe(true);
  });

  it('is read on only as its frames are let go, where they are held', async () => {
    const held: Array<() => void> = [];
    const seen: number[] = [];
    const frames = openReel(reel).frames.pipe(
      tap(({ frame, hold }) => {
        seen.push(frame);
        if (frame < 5) held.push(hold());
      }),
    );
    const last = lastValueFrom(frames);
    await vi.waitFor(() => expect(seen).toEqual([0, 1, 2]), PATIENCE);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen).toEqual([0, 1, 2]);
    held.shift()?.();
    await vi.waitFor(() => expect(seen).toEqual([0, 1, 2, 3]), PATIENCE);
    while (held.length > 0) {
      held.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await last).frame).toBe(TALKING + EMPTY - 1);
  });

  it('errors in a sentence where there is no reel', async () => {
    const none = join(scratch.path, 'none');
    await expect(lastValueFrom(openReel(none).frames)).rejects.toThrow(`"${none}"`);
  });
});
