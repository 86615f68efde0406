import type { FrameRange } from '../../film/range.ts';
import { toNumber } from '../../film/rational.ts';
import type { FolderReel, MovieReel, Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../ffmpeg/ffmpeg-error.ts';
import { describeJob } from '../ffmpeg/job.ts';
import { ffprobe } from '../ffmpeg/probe-streams.ts';
import { plainLine } from '../ffmpeg/stderr-log.ts';
import { runJob } from '../ffmpeg/supervisor.ts';
import { DamagedStill } from '../still/damaged-still.ts';
import type { FrameInput } from './frame-input.ts';
import { parseFrameTimes } from './frame-times.ts';
import { reelInput } from './reel-input.ts';

/**
 * Which frames of a range cannot be decoded, or only with errors, and why: to be asked when a decode came short. Frames that
 * `reel.damaged` names already are not checked again.
 *
 * In a folder every suspicious file is decoded by itself. In a movie a frame that does not come is damaged; one that comes with
 * an error in the decoder's log is, too, but where frames lean on each other the log may name a neighbour in decoding order.
 */
export async function findDamage(
  reel: Reel,
  range: FrameRange,
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<Map<number, string>> {
  return reel.kind === 'folder'
    ? damagedFiles(reel, range, ffmpeg, signal)
    : damagedMovieFrames(reel, range, ffmpeg, signal);
}

async function damagedFiles(
  reel: FolderReel,
  range: FrameRange,
  ffmpeg: Ffmpeg,
  signal: AbortSignal | undefined,
): Promise<Map<number, string>> {
  const { frames, errors } = await decodedFrames(reel, range, ffmpeg, signal);
  const damage = new Map<number, string>();
  if (frames.size === reelInput(reel, range).frames.length && errors.length === 0) return damage;
  for (const frame of reelInput(reel, range).frames) {
    // A log does not name the file that it is about, so with errors all of them are suspicious.
    if (errors.length === 0 && frames.has(frame)) continue;
    const alone = await decodedFrames(reel, { in: frame, out: frame + 1 }, ffmpeg, signal);
    if (!alone.frames.has(frame)) damage.set(frame, `it cannot be decoded${because(alone.errors)}`);
    else if (alone.errors.length > 0) damage.set(frame, `it is decoded with errors${because(alone.errors)}`);
  }
  return damage;
}

async function damagedMovieFrames(
  reel: MovieReel,
  range: FrameRange,
  ffmpeg: Ffmpeg,
  signal: AbortSignal | undefined,
): Promise<Map<number, string>> {
  const { frames, errors, expected } = await decodedFrames(reel, range, ffmpeg, signal);
  const damage = new Map<number, string>();
  for (const frame of expected) {
    if (!frames.has(frame)) damage.set(frame, `it cannot be decoded${because(errors)}`);
  }
  if (errors.length > 0) {
    for (const [frame, reason] of await loggedFrames(reel, range, ffmpeg, signal)) {
      if (!damage.has(frame)) damage.set(frame, `it is decoded with errors: ${reason}`);
    }
  }
  return new Map([...damage].sort(([a], [b]) => a - b));
}

interface Decoded {
  readonly expected: readonly number[];
  readonly frames: ReadonlySet<number>;
  readonly errors: readonly string[];
}

/** Which frames come out of the decoder, without their samples. A seek well before the range is not to blame for a missing one. */
async function decodedFrames(
  reel: Reel,
  range: FrameRange,
  ffmpeg: Ffmpeg,
  signal: AbortSignal | undefined,
): Promise<Decoded> {
  const input: FrameInput = reelInput(reel, range, 1);
  if (input.frames.length === 0) return { expected: [], frames: new Set(), errors: [] };
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Looking for damage in "${reel.path}"`,
    inputs: [{ ...input, options: [...strictness(reel), ...input.options] }],
    outputs: [
      {
        target: 'pipe:1',
        filters: [...input.filters],
        options: [
          ...['-map', '0:V:0', '-c:v', 'rawvideo', '-enc_time_base', '-1'],
          ...[...ffmpeg.passthrough, '-frames:v', `${input.limit}`, '-f', 'framecrc'],
        ],
      },
    ],
  });
  try {
    const ran = await runJob(job, { signal, input: input.stdin });
    const frames = parseFrameTimes(ran.stdout).flatMap((time) => input.frameAt(time) ?? []);
    return { expected: input.frames, frames: new Set(frames), errors: ran.errors };
  } catch (error) {
    const errors =
      error instanceof DamagedStill
        ? [error.message]
        : error instanceof FfmpegError && error.exitCode !== null
          ? error.stderr.map(plainLine)
          : null;
    if (errors === null) throw error;
    return { expected: input.frames, frames: new Set(), errors };
  }
}

/** Strict JPEG decoding refuses cut files that otherwise pass as good; strict TIFF decoding refuses good files. */
function strictness(reel: Reel): string[] {
  return reel.kind === 'folder' && reel.still === 'jpeg' ? ['-err_detect', 'explode'] : [];
}

/** Frames of a movie at which the decoder logged an error, with its first words. */
async function loggedFrames(
  reel: MovieReel,
  range: FrameRange,
  ffmpeg: Ffmpeg,
  signal: AbortSignal | undefined,
): Promise<Map<number, string>> {
  const unit = toNumber(reel.timeBase);
  const start = (reel.times[range.in] as number) * unit;
  const end = (reel.times[range.out] ?? (reel.times[range.out - 1] as number) + 1) * unit;
  const { stdout } = await ffprobe(
    reel.path,
    [
      // With one thread a message belongs to the frame that is being decoded.
      ...['-threads', '1', '-select_streams', 'V:0', '-show_frames', '-show_log', '16'],
      ...(reel.byPlace ? [] : ['-read_intervals', `${Math.max(0, start - 5).toFixed(3)}%${(end + 1).toFixed(3)}`]),
      ...['-show_entries', 'frame=best_effort_timestamp:log=message', '-of', 'json'],
    ],
    ffmpeg,
    signal,
  );
  const at = new Map(reel.times.map((time, frame) => [time, frame]));
  const found = new Map<number, string>();
  for (const [place, { best_effort_timestamp: time, logs }] of framesOf(stdout).entries()) {
    const frame = reel.byPlace ? place : time === undefined ? undefined : at.get(time);
    const message = logs?.map((log) => log.message?.trim()).find((text) => text);
    if (frame !== undefined && message && frame >= range.in && frame < range.out) found.set(frame, plainLine(message));
  }
  return found;
}

function framesOf(json: string) {
  const parsed = JSON.parse(json) as {
    readonly frames?: readonly {
      readonly best_effort_timestamp?: number;
      readonly logs?: readonly { readonly message?: string }[];
    }[];
  };
  return parsed.frames ?? [];
}

function because(errors: readonly string[]): string {
  return errors.length > 0 ? `: ${errors[0]}` : '';
}
