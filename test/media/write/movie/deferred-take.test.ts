import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MovieReel } from '../../../../src/film/reel.ts';
import { packetHashes } from '../../../../src/media/ffmpeg/packet-hashes.ts';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { ffmpeg, framemd5, make, temporaryFolder } from '../../lavfi.ts';
import { FIRST, placeIn } from '../../write-take.ts';

const folder = await temporaryFolder();
const TAKES = [
  { in: 0, out: 7, touched: false },
  { in: 7, out: 12, touched: false },
];

async function source(name: string): Promise<MovieReel> {
  const path = join(folder, name);
  await make(
    `-f lavfi -i testsrc2=s=160x96:r=25:d=0.48 -f lavfi -i sine=d=0.48 -c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p -c:a aac -timecode 10:00:00:00 -metadata title=Reel`,
    path,
  );
  return openMovie(path, { transfer: 'auto' }, ffmpeg);
}

/** Writes a reel without a restored face; gives what lies in the takes' folder, and the packets. */
async function written(reel: MovieReel, name: string, untouched: boolean) {
  const out = join(folder, name);
  const target = await openMovieTarget(reel, { out, untouched }, ffmpeg);
  const segments = [];
  for (const take of TAKES) segments.push(await target.copyTake(take, placeIn(`${out}.work`)));
  for (const segment of segments) expect(await target.holds(segment)).toBe(true);
  const files = await readdir(`${out}.work`);
  await target.conform(segments, FIRST);
  return { out, target, files, packets: await packetHashes(out, ffmpeg) };
}

describe('An output in H.264 of which nothing is restored', () => {
  it('is encoded in one go from the reel, to the very packets that it would have by way of takes', async () => {
    const reel = await source('plain.mov');
    const [once, twice] = [await written(reel, 'once.mp4', true), await written(reel, 'twice.mp4', false)];
    expect(once.files.sort()).toEqual(['take-00000000-00000007.deferred', 'take-00000007-00000012.deferred']);
    expect(twice.files.sort()).toEqual(['take-00000000-00000007.mov', 'take-00000007-00000012.mov']);
    expect(once.packets).toEqual(twice.packets);
    expect(once.packets).toHaveLength(12);
    const [a, b] = [once, twice].map(({ out }) => openMovie(out, { transfer: 'auto' }, ffmpeg));
    expect({ ...(await a), path: '' }).toEqual({ ...(await b), path: '' });
    expect(await a).toMatchObject({ timecode: '10:00:00:00', audioStreams: 1 });
    expect(once.target.notes).toEqual(twice.target.notes);
    const [first] = TAKES;
    if (first) expect(once.target.coding(first)).not.toEqual(twice.target.coding(first));
  });

  it('is written take by take where a frame is missing that its reel has', async () => {
    const reel = await source('hole.mov');
    const step = (reel.times[1] as number) - (reel.times[0] as number);
    // The file has a frame less than its reel lists.
    const longer = { ...reel, frames: 12, times: reel.times.map((_, k) => k * step) };
    const path = join(folder, 'short.mov');
    await make(`-i ${reel.path} -map 0:v -c:v libx264 -preset ultrafast -frames:v 11`, path);
    const { out, target } = await written({ ...longer, path }, 'filled.mp4', true);
    expect(await framemd5(out, 'yuv420p')).toHaveLength(12);
    expect(target.notes.join()).toContain('Frame 12 cannot be decoded; frame 11 stands in its place.');
  });
});
