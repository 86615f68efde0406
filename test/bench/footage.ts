import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../src/film/package-folder.ts';
import { runsOf } from '../../src/report/inference-schema.ts';
import { type TracksFile, tracksFileSchema } from '../../src/report/tracks-file.ts';
import { reelmendOrThrow } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';

/** Real clips beside the repository, with a manifest of what they show. */
export const FOOTAGE = join(packageFolder(), '..', 'shared', 'footage');

export interface Clip {
  /** Path below the footage folder. */
  readonly file: string;
  readonly frames: number;
  /** Faces in view; 0 where none can be detected. */
  readonly faces: number;
}

/** The clips of the manifest that are film; its stills are no reels. */
export async function footageClips(): Promise<Clip[]> {
  const [head, ...rows] = (await readFile(join(FOOTAGE, 'manifest.tsv'), 'utf8')).trimEnd().split('\n');
  const columns = head?.split('\t') ?? [];
  const clips = rows.map((row) => {
    const cells = row.split('\t');
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    // "1 (101-109 px)", "3 (40-58 px)", "none detectable".
    return { file: cell('file'), frames: Number(cell('frames')), faces: Number.parseInt(cell('faces'), 10) || 0 };
  });
  return clips.filter(({ frames }) => frames > 1);
}

export interface Look {
  readonly tracks: TracksFile;
  readonly seconds: number;
}

/** `inspect` of one clip, without the cache; the models' folder is `cache`'s. */
export async function lookAt(file: string, cache: string, reuse: 'on' | 'off', range?: string): Promise<Look> {
  const some = range === undefined ? [] : ['--range', range];
  const args = ['inspect', join(FOOTAGE, file), '--json', '--no-cache', '--quiet', '--reuse', reuse, ...some];
  const { stdout, seconds } = await reelmendOrThrow(args, cache);
  return { tracks: tracksFileSchema.parse(JSON.parse(stdout)), seconds };
}

export interface Census {
  readonly tracks: number;
  /** The largest number of faces followed in one frame. */
  readonly mostAtOnce: number;
  /** Share of the frames in which exactly `faces` are followed. */
  readonly right: number;
}

/** How many faces a look found, against how many there are. */
export function census({ tracks, reel }: TracksFile, faces: number, frames = reel.frames): Census {
  const counts = Array.from(
    { length: frames },
    (_, frame) => tracks.filter((t) => t.in <= frame && frame < t.out).length,
  );
  return {
    tracks: tracks.length,
    mostAtOnce: Math.max(0, ...counts),
    right: counts.filter((count) => count === faces).length / frames,
  };
}

/** Frames of the clips whose looks are timed, and how often. */
const TIMED = ['talking/weekly-address.mov', 'talking/webcam.mp4', 'people/face-demographics-walking-and-pause.gif'];
const TIMED_FRAMES = 150;
const TIMES = 2;

/** Faces found in real clips against their manifest, and what looking only when needed is worth in time. */
export async function footageBench({ folder, runs = TIMES, say }: BenchOptions): Promise<Outcome> {
  const cache = join(folder, 'cache');
  await rm(cache, { recursive: true, force: true });
  await makeCache(cache);
  const clips = await footageClips();
  const found: Array<Clip & Census & { readonly seconds: number; readonly runs: number }> = [];
  for (const clip of clips) {
    say(`looking at ${clip.file}`);
    const { tracks, seconds } = await lookAt(clip.file, cache, 'on');
    found.push({ ...clip, ...census(tracks, clip.faces), seconds, runs: runsOf(tracks.inference) });
  }

  const timed: Array<{ file: string; frames: number; on: number; off: number; runsOn: number; runsOff: number }> = [];
  for (const file of TIMED) {
    const frames = Math.min(TIMED_FRAMES, clips.find((clip) => clip.file === file)?.frames ?? 0);
    say(`timing ${file}`);
    const pairs: Array<{ on: Look; off: Look }> = [];
    for (let k = 0; k < runs; k++) {
      const on = await lookAt(file, cache, 'on', `1-${frames}`);
      pairs.push({ on, off: await lookAt(file, cache, 'off', `1-${frames}`) });
    }
    timed.push({
      file,
      frames,
      // The least is what the work takes; more is what else the machine did.
      on: Math.min(...pairs.map(({ on }) => on.seconds)),
      off: Math.min(...pairs.map(({ off }) => off.seconds)),
      runsOn: runsOf(pairs[0]?.on.tracks.inference ?? NO_RUNS),
      runsOff: runsOf(pairs[0]?.off.tracks.inference ?? NO_RUNS),
    });
  }
  return {
    tables: [
      {
        title: 'Faces found in real clips',
        columns: ['clip', 'frames', 'faces', 'most at once', 'tracks', 'frames with the right number, %'],
        rows: found.map((row) => [row.file, row.frames, row.faces, row.mostAtOnce, row.tracks, 100 * row.right]),
      },
      {
        title: 'Looking only when needed, against looking at every frame (whole command, starts included)',
        columns: ['clip', 'frames', 'time on/off', 'network runs on/off'],
        rows: timed.map((row) => [row.file, row.frames, row.on / row.off, row.runsOn / row.runsOff]),
      },
    ],
    facts: { found, timed },
    broken: found.flatMap(({ file, faces, mostAtOnce }) =>
      mostAtOnce === faces ? [] : [`${file} shows ${faces} faces, ${mostAtOnce} were followed at once.`],
    ),
  };
}

const NO_RUNS = { detector: {}, landmarker: {}, recogniser: {} } as TracksFile['inference'];
