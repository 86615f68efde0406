import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Transfer } from '../../../../src/film/colour.ts';
import { probeReel } from '../../../../src/media/read/probe-reel.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { ffmpeg, make, temporaryFolder } from '../../lavfi.ts';
import { FIRST, placeIn, writeTake } from '../../write-take.ts';

const folder = await temporaryFolder();
const PICTURE = '-f lavfi -i testsrc2=s=64x48:r=24 -frames:v 2 -pix_fmt';

/** Two frames whose code values are tagged so; ffmpeg tags every DPX linear. */
async function reelTagged(tag: string, kind: 'movie' | 'folder'): Promise<string> {
  const path = join(folder, `${kind}-${tag}`);
  if (kind === 'movie') {
    await make(`${PICTURE} gbrp10le -c:v ffv1 ${tag === 'none' ? '' : `-color_trc ${tag}`}`, `${path}.mkv`);
    return `${path}.mkv`;
  }
  await mkdir(path, { recursive: true });
  await make(`${PICTURE} gbrp10be`, join(path, 'scan.%04d.dpx'));
  return path;
}

/** As ffprobe finds it, `unknown` where there is none. */
async function transferTagOf(path: string): Promise<string> {
  const asked = ['-v', 'error', '-show_entries', 'stream=color_transfer', '-of', 'csv=p=0', path];
  return (await promisify(execFile)(ffmpeg.ffprobe, asked)).stdout.trim();
}

const CASES: readonly (readonly [kind: 'movie' | 'folder', tag: string, asked: 'auto' | Transfer, written: string])[] =
  [
    ['movie', 'bt709', 'auto', 'bt709'],
    ['movie', 'bt709', 'log', 'unknown'],
    ['movie', 'log100', 'log', 'log100'],
    ['movie', 'bt709', 'linear', 'linear'],
    ['movie', 'none', 'pq', 'smpte2084'],
    ['movie', 'linear', 'auto', 'unknown'],
    ['folder', 'linear', 'auto', 'unknown'],
    ['folder', 'linear', 'linear', 'linear'],
  ];

describe('A written movie is tagged as its code values are taken', () => {
  it.each(CASES)('of a %s tagged %s, with --transfer %s: %s', async (kind, tag, asked, written) => {
    const reel = await probeReel(await reelTagged(tag, kind), { transfer: asked }, ffmpeg);
    const out = join(folder, `${kind}-${tag}-${asked}.mkv`);
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    const segments = [
      await target.copyTake({ in: 0, out: 1 }, placeIn(`${out}.work`)),
      await writeTake(reel, target, { in: 1, out: 2 }, `${out}.work`),
    ];
    await target.conform(segments, FIRST);
    expect(await transferTagOf(out)).toBe(written);
    expect(target.notes.join(' ')).not.toMatch(/colour tag transfer/);
    const told = kind === 'movie' && tag !== 'none' && tag !== written;
    const output = written === 'unknown' ? 'is not tagged' : `is tagged ${written}`;
    const notes = (reel.notes ?? []).filter((note) => note.startsWith('Its transfer is tagged'));
    const sentence = `Its transfer is tagged ${tag} and taken for ${reel.transfer}; that of the output ${output}.`;
    expect(notes).toEqual(told ? [expect.stringContaining(sentence)] : []);
  });
});
