import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { ffmpeg } from '../media/lavfi.ts';
import { reelmendOrThrow } from './command.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const RECOGNISER = 'mobilefacenet-192';

let scratch: Scratch;
let reel: string;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('opened-once');
  reel = at('reel');
  await makeTinyReel(reel, 4, 0);
  // Beside the real ffmpeg, an ffprobe that notes that it was started.
  await symlink(ffmpeg.ffmpeg, at('ffmpeg'));
  await writeFile(at('ffprobe'), `#!/bin/sh\necho "$*" >> "${at('probes')}"\nexec "${ffmpeg.ffprobe}" "$@"\n`);
  await chmod(at('ffprobe'), 0o755);
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** What a command opened: its networks by name, and the files that ffprobe was started for, in order. */
async function openedBy(args: readonly string[]) {
  for (const file of ['networks', 'probes']) await writeFile(at(file), '');
  await reelmendOrThrow([...args, '--ffmpeg', at('ffmpeg')], scratch.cache, {
    NODE_OPTIONS: `--require=${join(import.meta.dirname, 'count-networks.cjs')}`,
    COUNTED_NETWORKS: at('networks'),
  });
  const lines = async (file: string) => (await readFile(at(file), 'utf8')).split('\n').filter((line) => line !== '');
  return {
    networks: (await lines('networks')).sort(),
    probed: (await lines('probes')).map((line) => ({
      asked: /-show_streams/.test(line) ? 'streams' : 'frames',
      file: line.replace(/^.*-i file:/, ''),
    })),
  };
}

const restoring = (of: string, out: string) => ['restore', of, '--out', at(out), '--reference', PORTRAIT];

describe('what a run opens', () => {
  it('is no network where tracks and stills are kept, but the one that judges how like their person restored faces are', async () => {
    const afresh = await openedBy(restoring(reel, 'first'));
    expect(afresh.networks).toContain(RECOGNISER);
    expect(afresh.networks.length).toBeGreaterThan(2);
    expect((await openedBy(restoring(reel, 'second'))).networks).toEqual([RECOGNISER]);
    expect((await openedBy(['inspect', reel, '--find', PORTRAIT])).networks).toEqual([]);
  });

  it('is a movie and what is made of it, each asked for its streams and tags no more often than it is opened', async () => {
    const movie = at('movie.mkv');
    await reelmendOrThrow(restoring(reel, 'movie.mkv'), scratch.cache);
    const { probed } = await openedBy(restoring(movie, 'restored.mkv'));
    const streams = probed.filter(({ asked }) => asked === 'streams').map(({ file }) => file);
    // One frame, encoded and copied, shows whether untouched takes may be the movie's own packets.
    const trials = ['encoded.mkv', 'copied.mkv'].map((name) => expect.stringContaining(name));
    expect(streams).toEqual([movie, ...trials, movie, expect.stringContaining('restored.mkv')]);
  });
});
