import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Landmarks } from '../../src/face/landmarks.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { readStill } from '../../src/pipeline/stills/read-still.ts';
import { footageOf } from '../e2e/decoded.ts';
import { DAMAGES } from './damage.ts';
import type { ClipPlan } from './restore-clips.ts';
import type { Viewer } from './restore-viewer.ts';

/** What a person asks of clips of their own. */
export interface OwnClips {
  /** `FILE[:IN[:FRAMES]]`, frames counted from 0. */
  readonly clips: readonly string[];
  readonly damage: keyof typeof DAMAGES;
  /** Folder of pictures of the person; absent: frames of the file itself. */
  readonly stills?: string;
  /** True: the whole picture; false: a square around the face. */
  readonly whole: boolean;
}

const FRAMES = 24;
/** Stills lie at least so many frames from the range. */
const AWAY = 30;
const STILLS = 8;
/** Frames that are looked at, for stills and for where the face goes. */
const CANDIDATES = 20;
const PLACES = 6;
/** Side of the square over the larger side of the box around the face's landmarks in all places. */
const AROUND = 1.9;

const run = promisify(execFile);

/** `FILE[:IN[:FRAMES]]` in parts. @throws where a number is none. */
export function ownClipOf(text: string): { readonly path: string; readonly in: number; readonly frames: number } {
  const [path = '', from = '0', frames = String(FRAMES), ...more] = text.split(':');
  const isCount = (number: string) => /^\d+$/.test(number);
  if (path === '' || !isCount(from) || !isCount(frames) || Number(frames) < 3 || more.length > 0) {
    throw new TypeError(`--clip "${text}": expected FILE[:IN[:FRAMES]] with whole numbers, FRAMES at least 3.`);
  }
  return { path: resolve(path), in: Number(from), frames: Number(frames) };
}

/** A clip of one's own as a plan that is never tuned on. What is looked at for that lies in `folder`. */
export async function ownClipPlan(
  text: string,
  { damage, stills, whole }: Omit<OwnClips, 'clips'>,
  folder: string,
  viewer: Viewer,
): Promise<ClipPlan> {
  const clip = ownClipOf(text);
  const { width, height } = await footageOf(clip.path);
  const length = await framesOf(clip.path);
  const out = clip.in + clip.frames;
  if (out > length) throw new TypeError(`--clip "${text}": the file has ${length} frames, and ${out} are needed.`);
  const places = spread(PLACES, clip.in, out - 1);
  const before = clip.in - AWAY;
  const after = out + AWAY;
  const all = spread(CANDIDATES, 0, length - 1).filter((frame) => frame <= before || frame >= after);
  const seen = await facesOf(clip.path, [...places, ...(stills === undefined ? all : [])], folder, viewer);
  const there = all.filter((frame) => seen.get(frame));
  if (stills === undefined && there.length === 0) {
    throw new TypeError(
      `--clip "${text}": no frame that is ${AWAY} frames away from the range shows a face. Give a folder by --stills.`,
    );
  }
  const faces = places.flatMap((frame) => seen.get(frame) ?? []);
  if (faces.length === 0) throw new TypeError(`--clip "${text}": no face was found in the range.`);
  return {
    name: parse(clip.path).name + (clip.in > 0 ? `-${clip.in}` : ''),
    use: 'report',
    seed: 17,
    damage: DAMAGES[damage],
    from: {
      footage: {
        ...clip,
        part: whole ? [0, 0, width - (width % 2), height - (height % 2)] : squareAround(faces, width, height),
        enlarged: 1,
        stills: stills ?? spread(STILLS, 0, there.length - 1).map((k) => there[k] as number),
      },
    },
  };
}

/** `count` whole numbers from `first` to `last`, evenly; fewer where there are fewer. */
function spread(count: number, first: number, last: number): number[] {
  const steps = Math.min(count - 1, last - first);
  if (steps <= 0) return [first];
  return Array.from({ length: steps + 1 }, (_, k) => Math.round(first + (k * (last - first)) / steps));
}

function squareAround(faces: readonly Landmarks[], width: number, height: number): [number, number, number, number] {
  const of = (axis: 0 | 1) => faces.flatMap((landmarks) => Array.from(landmarks.filter((_, i) => i % 3 === axis)));
  const [xs, ys] = [of(0), of(1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const side = 2 * Math.floor(Math.min(width, height, AROUND * Math.max(right - left, bottom - top)) / 2);
  const place = (middle: number, most: number) => Math.round(Math.min(most - side, Math.max(0, middle - side / 2)));
  return [place((left + right) / 2, width), place((top + bottom) / 2, height), side, side];
}

async function framesOf(path: string): Promise<number> {
  const { ffprobe } = await findFfmpeg();
  const count = ['-count_packets', '-select_streams', 'V:0', '-show_entries', 'stream=nb_read_packets'];
  const { stdout } = await run(ffprobe, ['-v', 'error', ...count, '-of', 'csv=p=0', path]);
  return Number.parseInt(stdout, 10);
}

/** The first face of each of these frames, in picture pixels; frames that show none are left out. */
async function facesOf(
  path: string,
  frames: readonly number[],
  folder: string,
  viewer: Viewer,
): Promise<Map<number, Landmarks>> {
  const { ffmpeg, passthrough } = await findFfmpeg();
  await mkdir(folder, { recursive: true });
  const wanted = [...new Set(frames)].sort((a, b) => a - b);
  const filter = `select='${wanted.map((frame) => `eq(n,${frame})`).join('+')}',format=rgb24`;
  const input = ['-v', 'error', '-nostdin', '-y', '-i', path, '-an', '-vf', filter];
  await run(ffmpeg, [...input, ...passthrough, join(folder, 'look.%04d.png')]);
  const names = (await readdir(folder)).filter((name) => name.startsWith('look.')).sort();
  const found = new Map<number, Landmarks>();
  for (const [k, name] of names.entries()) {
    const picture = await readStill(join(folder, name));
    const face = await viewer.face(picture, `Frame ${wanted[k]}`).catch(() => null);
    if (face) found.set(wanted[k] as number, face);
  }
  return found;
}
