import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { makeReel } from '../../samples/make-reel.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { type TracksFile, tracksFileSchema } from '../../src/report/tracks-file.ts';
import { reelmendOrThrow } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { type Entrances, entrancesOf } from './entrances.ts';

const run = promisify(execFile);

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

/** `inspect` of one clip, of the footage or by an absolute path, without kept tracks; the models' folder is `cache`'s. */
export async function lookAt(file: string, cache: string, reuse: 'on' | 'off', range?: string): Promise<Look> {
  const some = range === undefined ? [] : ['--range', range];
  const args = ['inspect', resolve(FOOTAGE, file), '--json', '--no-cache', '--quiet', '--reuse', reuse, ...some];
  const { stdout, seconds } = await reelmendOrThrow(args, cache);
  return { tracks: tracksFileSchema.parse(JSON.parse(stdout)), seconds };
}

export interface Census {
  readonly tracks: number;
  /** The largest number of faces followed in one frame. */
  readonly mostAtOnce: number;
  /** Share of the frames in which exactly `faces` are followed. */
  readonly right: number;
  /** Share of the faces in all frames that are followed; NaN where there are none. */
  readonly recall: number;
  /** Faces that are followed beyond those that are there, summed over frames. */
  readonly falseFaces: number;
}

/** How many faces a look found, against how many there are. */
export function census({ tracks, reel }: TracksFile, faces: number, frames = reel.frames): Census {
  const counts = Array.from(
    { length: frames },
    (_, frame) => tracks.filter((t) => t.in <= frame && frame < t.out).length,
  );
  const sum = (of: (count: number) => number) => counts.reduce((total, count) => total + of(count), 0);
  return {
    tracks: tracks.length,
    mostAtOnce: Math.max(0, ...counts),
    right: counts.filter((count) => count === faces).length / frames,
    recall: sum((count) => Math.min(count, faces)) / (faces * frames),
    falseFaces: sum((count) => Math.max(0, count - faces)),
  };
}

/** Pictures of ffmpeg's that move and show no face. */
const FACELESS = ['mandelbrot', 'testsrc2', 'life=ratio=0.2:mold=8', 'gradients=seed=5'] as const;
const FACELESS_FRAMES = 60;

/** A film of each, in the folder. */
async function facelessClips(folder: string): Promise<Clip[]> {
  const ffmpeg = await findFfmpeg();
  const clips: Clip[] = [];
  for (const source of FACELESS) {
    const file = join(folder, `${source.split('=')[0]}.mp4`);
    const size = `${source}${source.includes('=') ? ':' : '='}size=640x360:rate=24`;
    const output = ['-frames:v', String(FACELESS_FRAMES), '-pix_fmt', 'yuv420p', '-crf', '12', file];
    await run(ffmpeg.ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', size, ...output]);
    clips.push({ file, frames: FACELESS_FRAMES, faces: 0 });
  }
  return clips;
}

/** A clip looked at when needed, and by every network on every frame. */
interface Pair extends Clip {
  readonly cuts?: readonly number[];
  readonly on: Look;
  readonly off: Look;
  readonly census: Census;
  readonly entrances: Entrances;
}

/** Frames by which an entrance or an exit may be off (issue "Carry"). */
const SOON = 2;

/**
 * Faces found in real clips and the sample reel against what they show, and looking only when needed against looking at every
 * frame: entrances, exits, runs and time. `--clips` names clips by a part of their path (`--clips people,life`).
 */
export async function footageBench({ folder, frames, clips: asked = [], say }: BenchOptions): Promise<Outcome> {
  const cache = join(folder, 'cache');
  await rm(folder, { recursive: true, force: true });
  await makeCache(cache);
  const sample = join(folder, 'sample');
  const truth = await makeReel(sample);
  const clips: (Clip & { readonly cuts?: readonly number[] })[] = [
    ...(await footageClips()),
    ...(await facelessClips(folder)),
    { file: sample, frames: truth.frames, faces: 1, cuts: truth.cuts },
  ];
  const pairs: Pair[] = [];
  const isAsked = ({ file }: Clip) => asked.length === 0 || asked.some((part) => file.includes(part));
  for (const clip of clips.filter(isAsked)) {
    // The sample reel is looked at whole: its shots are what is asked about.
    const length = Math.min(clip.frames, clip.cuts ? clip.frames : (frames ?? clip.frames));
    const range = length < clip.frames ? `1-${length}` : undefined;
    const on = await lookAt(clip.file, cache, 'on', range);
    const off = await lookAt(clip.file, cache, 'off', range);
    const entrances = entrancesOf(off.tracks, on.tracks, clip.cuts);
    pairs.push({ ...clip, frames: length, on, off, census: census(on.tracks, clip.faces, length), entrances });
    say(`${clip.file}, ${length} frames: ${JSON.stringify(entrances)}`);
  }
  return {
    tables: [
      {
        title: 'Faces found, against what the clips show',
        columns: [
          'clip',
          'frames',
          'faces',
          'most at once',
          'tracks',
          'tracks a face and shot',
          'faces found, %',
          'false faces, over frames',
          'cuts, of as many',
          'frames with the right number, %',
          'second looks, % of landmark runs',
        ],
        rows: pairs.map(({ file, frames, faces, census, cuts, on }) => {
          const shots = 1 + (cuts?.length ?? 0);
          return [
            basename(file),
            frames,
            faces,
            census.mostAtOnce,
            census.tracks,
            census.tracks / (faces * shots),
            100 * census.recall,
            census.falseFaces,
            `${on.tracks.shots.length - 1} of ${shots - 1}`,
            100 * census.right,
            secondLooks(on),
          ];
        }),
      },
      {
        title: 'Looking only when needed, against every network on every frame (whole command, starts included)',
        columns: [
          'clip',
          'tracks on every frame',
          'missed',
          'entrance off, frames',
          'exit off, frames',
          'tracks across a cut',
          'detector runs, %',
          'landmark runs, %',
          'recogniser runs, %',
          'time, %',
        ],
        rows: pairs.map(({ file, entrances, on, off }) => [
          basename(file),
          entrances.tracks,
          entrances.missed,
          entrances.entrance,
          entrances.exit,
          entrances.acrossCuts,
          share(on, off, 'detector'),
          share(on, off, 'landmarker'),
          share(on, off, 'recogniser'),
          (100 * on.seconds) / off.seconds,
        ]),
      },
    ],
    facts: pairs.map(({ on, off, ...pair }) => ({ ...pair, seconds: { on: on.seconds, off: off.seconds } })),
    broken: pairs.flatMap(brokenBy),
  };
}

function brokenBy({ file, faces, census: { mostAtOnce, falseFaces }, entrances }: Pair): string[] {
  const name = basename(file);
  const broken: string[] = [];
  if (mostAtOnce !== faces) broken.push(`${name} shows ${faces} faces, ${mostAtOnce} were followed at once.`);
  if (entrances.missed > 0) broken.push(`${name}: ${entrances.missed} tracks were missed.`);
  if (entrances.acrossCuts > 0) broken.push(`${name}: ${entrances.acrossCuts} tracks go over a cut.`);
  if (falseFaces > 0) broken.push(`${name}: ${falseFaces} faces were followed that are not there.`);
  const off = Math.max(entrances.entrance, entrances.exit);
  if (off > SOON) broken.push(`${name}: an entrance or exit is ${off} frames off.`);
  return broken;
}

/** Second looks over all runs of the landmark network, per cent. */
function secondLooks({ tracks }: Look): number {
  const { mirror, ...others } = tracks.inference.landmarker;
  const runs = Object.values(others).reduce((sum, count) => sum + count, mirror);
  return runs > 0 ? (100 * mirror) / runs : Number.NaN;
}

/** Runs of a network when needed over those on every frame, per cent. */
function share(on: Look, off: Look, network: 'detector' | 'landmarker' | 'recogniser'): number {
  const runs = ({ tracks }: Look) => Object.values(tracks.inference[network]).reduce((sum, count) => sum + count, 0);
  return runs(off) > 0 ? (100 * runs(on)) / runs(off) : Number.NaN;
}
