import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../../lavfi.ts';
import { FIRST, placeIn, writeTake } from '../../write-take.ts';

const folder = await temporaryFolder();

/** How long a movie of one stream is, seconds, as ffprobe finds it. */
async function length(path: string): Promise<number> {
  const { stdout } = await promisify(execFile)(ffmpeg.ffprobe, [
    ...['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path],
  ]);
  return Number(stdout);
}

describe('The last frame of a movie whose frames are shown for different times', () => {
  for (const [name, source, extension] of [
    ['intra.mkv', '-c:v ffv1', '.mkv'],
    ['intra.mov', '-c:v prores_ks -video_track_timescale 1000', '.mov'],
    ['plain.mp4', '-c:v libx264 -bf 0 -pix_fmt yuv420p -video_track_timescale 1000', '.mp4'],
    ['reordered.mp4', '-c:v libx264 -bf 2 -pix_fmt yuv420p -video_track_timescale 1000', '.mkv'],
  ] as const) {
    it(`of ${name} is shown for as long in ${extension}`, async () => {
      const path = join(folder, name);
      // Seven frames of 40 ms and more, the last of 500 ms.
      await make(
        `${moving('96x54', '25', 8)} -vf settb=1/1000,setpts='N*40+N*N*3' -vsync 0 -enc_time_base 1/1000 ${source} -bsf:v setts=pts=PTS:dts=DTS:duration='if(gte(PTS*TB\\,0.4)\\,0.5/TB\\,DURATION)'`,
        path,
      );
      expect(await length(path)).toBeCloseTo(0.927, 3);
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const out = join(folder, `${name}-out${extension}`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      await target.conform(
        [
          await target.copyTake({ in: 0, out: 3 }, placeIn(`${out}.work`)),
          await writeTake(reel, target, { in: 3, out: 8 }, `${out}.work`),
        ],
        FIRST,
      );
      // Matroska counts in milliseconds.
      expect(Math.abs((await length(out)) - (await length(path)))).toBeLessThan(0.0021);
    });
  }
});
