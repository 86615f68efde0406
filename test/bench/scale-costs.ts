import { link, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeReel, sampleFileName } from '../../samples/make-reel.ts';
import { makeStills } from '../../samples/make-stills.ts';
import { trackPatchSize } from '../../src/face/patch.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { openFolder } from '../../src/media/read/folder/frame-folder.ts';
import { openFolderTarget } from '../../src/media/write/folder/folder-target.ts';
import { openMovieTarget } from '../../src/media/write/movie/movie-target.ts';
import type { Segment, Target } from '../../src/media/write/target.ts';
import { reelPrint } from '../../src/pipeline/analysis/reel-print.ts';
import { reelmend, reelmendOrThrow } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import { writeShots } from '../e2e/tiny-reel.ts';
import { endedChildren } from './processes.ts';
import { secondsOfCommand } from './timed-command.ts';

/** Of something that was run: seconds of the clock, and of the processors with all that was started for it. */
export interface Took {
  readonly clock: number;
  readonly processor: number;
}

/** Times as many tiny stills, in a second reel of them: the difference is what one more takes to open, and to cast. */
const MORE_TINY = 10;

/** Seconds a frame, but where another unit is named. */
export interface StepFigures {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Of a frame of the reel, bytes. */
  readonly dpxBytes: number;
  readonly ffv1Bytes: number;
  readonly track: Took;
  /** What a slot takes for an order of a short reel before it looks at its first frame, and before it renders one, seconds. */
  readonly begin: Took;
  /** Casting, once tracked, of small stills with one face. */
  readonly cast: Took;
  /** Rendering one face, from file to file. */
  readonly face: Took;
  /** Side of that face's patch, pixels. */
  readonly patch: number;
  /** Proving a reel of stills by its print: every file is asked for its size and time. */
  readonly print: Took;
  /** Opening what writes such stills: every file's header is read. */
  readonly open: Took;
  readonly copyDpx: Took;
  readonly copyFfv1: Took;
  /** Conforming tiny stills: what is left is names, as of any. */
  readonly joinNames: Took;
  readonly joinDpx: Took;
  readonly joinFfv1: Took;
  /** Copying the packets of a finished movie, which is what joining must do at least. */
  readonly joinPackets: Took;
}

/** Full aperture of 2K. */
const SIZE = { width: 2048, height: 1556 } as const;
/** Frames that are drawn; a longer reel shows them forwards and backwards. */
const DRAWN = 24;
/** Frames of two runs, whose difference leaves out what both need to begin. */
const RENDERED = [1, 13] as const;
const TAKE = 48;
/** Runs of what takes little time beside a process's start. */
const REPEATED = 4;
const FIRST = 1001;

/** Runs the command and its writers on a drawn reel of 2K stills with one face, `frames` long. */
export async function stepFigures(folder: string, frames: number, say: (line: string) => void): Promise<StepFigures> {
  const at = (name: string) => join(folder, name);
  await rm(folder, { recursive: true, force: true });
  await makeCache(at('cache'));
  say(`drawing ${DRAWN} frames of ${SIZE.width} × ${SIZE.height}`);
  const truth = await makeReel(at('drawn'), { ...SIZE, only: 'talking', length: DRAWN });
  const eyes = Array.from({ length: DRAWN }, (_, k) => truth.frame(k).face?.iod ?? 0);
  await makeStills(at('stills'));
  await repeat((k) => join(at('drawn'), sampleFileName(truth, k)), at('reel'), frames);
  await writeShots(at('tiny-drawn'), [['talking', DRAWN]]);
  const tiny = (k: number) => join(at('tiny-drawn'), sampleFileName(truth, k));
  await repeat(tiny, at('tiny'), frames);
  await repeat(tiny, at('tiny-long'), MORE_TINY * frames);

  const command = (name: string, more: readonly string[], reel = 'reel') =>
    timed(() => reelmendOrThrow([name, at(reel), '--device', 'cpu', ...more], at('cache')));
  const part = (count: number) => ['--range', `${FIRST}-${FIRST + count - 1}`];
  const inspect = (count: number, reel = 'reel') => command('inspect', [...part(count), '--find', at('stills')], reel);
  const quarter = Math.ceil(frames / 4);
  say('looking for faces');
  const [trackShort, trackLong] = [await inspect(quarter), await inspect(frames)];
  say('casting kept tracks');
  const casting: Took[] = [];
  for (const count of [frames, MORE_TINY * frames]) {
    await inspect(count, 'tiny-long');
    casting.push(await least(() => inspect(count, 'tiny-long')));
  }
  const [castShort, castLong] = casting as [Took, Took];
  const rendered: Took[] = [];
  for (const count of RENDERED) {
    say(`rendering ${count} frames`);
    await inspect(count);
    rendered.push(
      await command('restore', [...part(count), '--out', at(`out-${count}`), '--reference', at('stills'), '--quiet']),
    );
    await rm(at(`out-${count}`), { recursive: true });
  }
  const [few, many] = rendered as [Took, Took];
  const face = slope(few, many, RENDERED[1] - RENDERED[0]);
  say('beginning steps');
  const slot = at('slot');
  const asked = [...part(RENDERED[0]), '--out', slot, '--reference', at('stills'), '--without-queue', '--quiet'];
  await command('submit', asked);
  const step = (kind: string, of = slot) =>
    timed(() =>
      reelmend(['run-step', '--job', join(`${of}.work`, 'farm', 'order.json'), '--step', kind, '--quiet'], at('cache')),
    );
  await step('track');
  const beginTrack = await least(() => step('track'));
  await step('cast');
  const take = await step('take');
  // Slots run before there are orders: what a process needs by itself is told by one that finds none.
  const bare = await least(() => step('take', at('nowhere')));
  const begin = sum(less(beginTrack, bare), less(less(take, bare), scaled(face, RENDERED[0])));
  await rm(`${slot}.work`, { recursive: true });
  const cast = slope(castShort, castLong, (MORE_TINY - 1) * frames);
  const track = less(slope(trackShort, trackLong, frames - quarter), cast);

  say(`copying and conforming ${frames} frames`);
  const dpx = await written(at('reel'), 'dpx', folder);
  const fewNames = await written(at('tiny'), 'dpx', folder);
  const names = await written(at('tiny-long'), 'dpx', folder);
  const ffv1 = await written(at('reel'), 'ffv1', folder);
  const dpxBytes = (await stat(join(at('drawn'), sampleFileName(truth, 0)))).size;
  await rm(folder, { recursive: true, force: true });
  return {
    ...SIZE,
    frames,
    dpxBytes,
    ffv1Bytes: ffv1.bytes,
    track,
    begin,
    cast,
    face,
    patch: trackPatchSize(Math.max(...eyes)),
    print: slope(fewNames.print, names.print, (MORE_TINY - 1) * frames),
    open: slope(fewNames.open, names.open, (MORE_TINY - 1) * frames),
    copyDpx: dpx.copy,
    copyFfv1: ffv1.copy,
    joinNames: names.join,
    joinDpx: dpx.join,
    joinFfv1: ffv1.join,
    joinPackets: ffv1.packets,
  };
}

/** Makes a reel of frames that swing through drawn ones, in names alone. */
async function repeat(drawn: (k: number) => string, folder: string, frames: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const turn = 2 * (DRAWN - 1);
  for (let k = 0; k < frames; k++) {
    const place = k % turn;
    await link(drawn(Math.min(place, turn - place)), join(folder, `scan.${FIRST + k}.dpx`));
  }
}

/** Copies all takes of a reel as untouched ones and conforms them, a frame; the reel is opened first. */
async function written(reel: string, kind: 'dpx' | 'ffv1', folder: string) {
  const ffmpeg = await findFfmpeg();
  const work = join(folder, 'work');
  const out = join(folder, kind === 'dpx' ? 'joined' : 'joined.mkv');
  await mkdir(work);
  const film = await openFolder(reel, { transfer: 'auto' }, ffmpeg);
  const { frames } = film;
  const print = await timed(() => reelPrint(film, { verify: false }));
  const opened: Target[] = [];
  const open = await timed(async () => {
    opened.push(
      kind === 'dpx'
        ? await openFolderTarget(film, { out, work, range: { in: 0, out: frames } })
        : await openMovieTarget(film, { out }, ffmpeg),
    );
  });
  const [target] = opened as [Target];
  const { signal } = new AbortController();
  const segments: Segment[] = [];
  const copy = await timed(async () => {
    for (let k = 0; k * TAKE < frames; k++) {
      const take = { in: k * TAKE, out: Math.min(frames, (k + 1) * TAKE) };
      segments.push(await target.copyTake(take, { folder: join(work, `take-${k}`), signal, note: () => {} }));
    }
  });
  const joined = await timed(async () => {
    for (const segment of segments)
      if (!(await target.stands(segment))) throw new Error(`${out}: a take is not whole.`);
    const [output] = await target.conform(segments, { signal, replace: false, keep: false });
    if (output?.frames !== frames) throw new Error(`${out}: ${output?.frames} frames of ${frames}.`);
  });
  const bytes = kind === 'ffv1' ? (await stat(out)).size / frames : 0;
  const packets = await timed(async () => {
    const copied = join(folder, 'copied.mkv');
    if (kind === 'ffv1') await secondsOfCommand(['ffmpeg', '-v', 'error', '-i', out, '-c', 'copy', copied], folder);
    await rm(copied, { force: true });
  });
  await Promise.all([work, out].map((path) => rm(path, { recursive: true, force: true })));
  const [copyOne, joinOne, packetsOne] = [copy, joined, packets].map((took) => scaled(took, 1 / frames)) as [
    Took,
    Took,
    Took,
  ];
  return { print, open, copy: copyOne, join: joinOne, packets: packetsOne, bytes };
}

async function timed(work: () => Promise<unknown>): Promise<Took> {
  const before = { clock: performance.now(), own: process.cpuUsage(), children: await endedChildren() };
  await work();
  const { user, system } = process.cpuUsage(before.own);
  const clock = (performance.now() - before.clock) / 1000;
  return { clock, processor: (user + system) / 1e6 + (await endedChildren()) - before.children };
}

/** The least of a few runs: what else loads the machine only adds. */
async function least(run: () => Promise<Took>): Promise<Took> {
  const runs: Took[] = [];
  for (let k = 0; k < REPEATED; k++) runs.push(await run());
  return {
    clock: Math.min(...runs.map(({ clock }) => clock)),
    processor: Math.min(...runs.map(({ processor }) => processor)),
  };
}

function scaled({ clock, processor }: Took, by: number): Took {
  return { clock: clock * by, processor: processor * by };
}

function sum(a: Took, b: Took): Took {
  return { clock: a.clock + b.clock, processor: a.processor + b.processor };
}

function less(a: Took, b: Took): Took {
  return { clock: a.clock - b.clock, processor: a.processor - b.processor };
}

function slope(short: Took, long: Took, frames: number): Took {
  return scaled(less(long, short), 1 / frames);
}
