// Run by supervisor.test.ts, which kills it with SIGKILL: `killed-job.ts decode|encode|copy <movie> <work folder>`.
import { pictureBytes } from '../../src/film/sample-format.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { plates } from '../../src/media/read/decode.ts';
import { openMovie } from '../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../src/media/write/movie/movie-target.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { placeIn, never as signal } from './write-take.ts';

const [what, movie, work] = process.argv.slice(2) as [string, string, string];
const ffmpeg = await findFfmpeg();
const reel = await openMovie(movie, { transfer: 'auto' }, ffmpeg);
const target = await openMovieTarget(reel, { out: `${work}/out.mkv` }, ffmpeg);
const whole = { in: 0, out: reel.frames };
const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));

if (what === 'copy') {
  process.stdout.write('busy\n');
  await target.copyTake(whole, placeIn(work));
} else {
  const writer = what === 'encode' ? await target.openTake(whole, placeIn(work)) : null;
  for await (const { plate, loan } of plates(reel, whole, { pool, ffmpeg, signal })) {
    await writer?.write(plate, null);
    if (plate.frame === 5) process.stdout.write('busy\n');
    if (plate.frame > 5) await new Promise((resolve) => setTimeout(resolve, 100));
    loan.release();
  }
}
process.stdout.write('finished\n');
