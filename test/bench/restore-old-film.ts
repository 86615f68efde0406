import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { FOOTAGE } from '../footage.ts';
import { lookAt, restored } from './restore-run.ts';

/** What restoring a real old film did. There is no truth: a face must only not flicker more than before. */
export interface OldFilmScore {
  readonly film: string;
  readonly run: string;
  readonly frames: number;
  readonly restored: number;
  /** HF2-LP of the face, output over plate, by track; a track that was declined is absent. */
  readonly flicker: readonly number[];
  /** What the run noted, or why it refused. */
  readonly notes: readonly string[];
}

const FILMS = join(FOOTAGE, 'old-film');

/** The film's own frame, three times enlarged, is the still: nobody has another of these people. */
const STILL_FRAME = 24;

/** Restores every old film with `repair` and `detail`. Outputs and the stills are left in `folder`. */
export async function scoreOldFilms(folder: string, restorers: readonly string[]): Promise<OldFilmScore[]> {
  const scores: OldFilmScore[] = [];
  const still = join(folder, 'still.png');
  await cutStill(join(FILMS, 'within_our_gates.mp4'), still);
  for (const file of (await readdir(FILMS)).filter((name) => name.endsWith('.mp4')).sort()) {
    const film = parse(file).name;
    await lookAt(join(FILMS, file));
    for (const restorer of restorers) {
      const out = join(folder, `${film}-${restorer}.mkv`);
      const ran = await restored(join(FILMS, file), out, { restorer, flags: [] }, still);
      if (typeof ran === 'string') {
        scores.push({ film, run: restorer, frames: 0, restored: 0, flicker: [], notes: [ran] });
        continue;
      }
      const { frames, flicker, notes } = ran.report;
      scores.push({
        film,
        run: restorer,
        frames: frames.out,
        restored: frames.restored,
        flicker: Object.values(flicker).flatMap((track) => track['hf2LpRatio'] ?? []),
        notes,
      });
    }
  }
  return scores;
}

async function cutStill(film: string, path: string): Promise<void> {
  const { ffmpeg } = await findFfmpeg();
  const filter = `select='eq(n,${STILL_FRAME})',scale=3*iw:3*ih:flags=lanczos,format=rgb24`;
  await promisify(execFile)(ffmpeg, [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-i',
    film,
    '-vf',
    filter,
    '-frames:v',
    '1',
    path,
  ]);
}
