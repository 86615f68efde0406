import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { makeFolder } from '../../disk/durable.ts';
import { lengthOf } from '../../film/range.ts';
import { formatRational, rational } from '../../film/rational.ts';
import { frameNumber } from '../../film/reel.ts';
import { reelStem } from '../../film/reel-name.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../ffmpeg/ffmpeg-error.ts';
import { describeJob, type JobInput, type JobOutput } from '../ffmpeg/job.ts';
import { pictureStreamOf } from '../ffmpeg/probe-streams.ts';
import { feedJob, startJob } from '../ffmpeg/supervisor.ts';
import { isVariableRate } from '../read/frame-rate.ts';
import { FrameShortfall } from '../read/frame-shortfall.ts';
import { SEEK_ATTEMPTS } from '../read/movie/movie-input.ts';
import { PLAIN_MATRIX } from '../read/movie/probe-movie.ts';
import { assertPictureSize } from '../read/picture-size.ts';
import { DamagedStill } from '../still/damaged-still.ts';
import { carriedSubtitles } from '../write/movie/carry-streams.ts';
import { holdsDisplayMatrix, writeDisplayMatrix } from '../write/movie/display-matrix.ts';
import { constantTimes, lastPacketDuration, secondsOf, takeTimes, timeUnit } from '../write/movie/retime.ts';
import { codecOptions, codedPicture, containerOptions } from '../write/movie/take-coding.ts';
import { labelDpxFrames } from './dpx-headers.ts';
import { listedHashes } from './frame-hashes.ts';
import { type Master, type MasterSource, masterFilters } from './master.ts';
import { extensionOf } from './master-form.ts';
import { pictureDelay, soundOptions } from './master-sound.ts';
import { directPicture, fedPicture, type PictureInput } from './picture-input.ts';

export interface MasterRun {
  readonly ffmpeg: Ffmpeg;
  readonly signal: AbortSignal;
  /** Folder of this run alone, on the disk of the masters: each is written there under its final name. */
  readonly work: string;
  /** Told of each frame that has come out of the decoder. */
  readonly onFrame: (done: number) => void;
  readonly note: (sentence: string) => void;
}

/** What the encoders were handed. */
export interface Encoded {
  /** Hash of each frame in the reel's own samples. */
  readonly hashes: readonly string[];
  /** The same pictures once more. */
  again(): PictureInput | null;
}

/** Where a master is while it is written. */
export function unfinishedPath(master: Pick<Master, 'path'>, work: string): string {
  return join(work, basename(master.path));
}

/** A folder's frames, for ffmpeg: the name of each with its number. */
export function framesPattern(folder: string, { form, coding }: Pick<Master, 'form' | 'coding'>): string {
  const literal = join(folder, reelStem(coding.reel)).replaceAll('%', '%%');
  return `${literal}.%07d${extensionOf(form)}`;
}

/**
 * Encodes masters from one decode, in one process of ffmpeg's. What it decodes itself goes straight to the encoders; where frames are
 * damaged or stills are turned, plates are decoded here and fed to it, each once.
 *
 * @throws FfmpegError where one of them cannot be encoded; none is whole then.
 */
export async function encodeMasters(
  masters: readonly Master[],
  source: MasterSource,
  run: MasterRun,
): Promise<Encoded> {
  const { reel, range } = source;
  for (const master of masters) {
    if (master.form.container === 'frames') await makeFolder(unfinishedPath(master, run.work));
  }
  const encoded = (await encodedDirectly(masters, source, run)) ?? (await encodedFed(masters, source, run));
  if (encoded.hashes.length !== lengthOf(range)) throw new FrameShortfall(reel, lengthOf(range), [], []);
  for (const master of masters) {
    const path = unfinishedPath(master, run.work);
    if (master.form.picture.codec === 'dpx') await labelDpxFrames(path, master.coding, source);
    // ffmpeg hands a matrix on even where its filters have turned the picture.
    if (reel.kind === 'movie' && reel.displayMatrix && holdsDisplayMatrix(path)) {
      const shown = master.coding.reel;
      await writeDisplayMatrix(path, (shown.kind === 'movie' ? shown.displayMatrix : undefined) ?? PLAIN_MATRIX);
    }
  }
  return encoded;
}

/**
 * Writes two grey frames of each, to learn before anything costs time whether its encoder takes such pictures and its container such
 * packets.
 *
 * @throws FfmpegError where one of them does not.
 */
export async function tryMasters(masters: readonly Master[], source: MasterSource, run: MasterRun): Promise<void> {
  const { reel } = source;
  const { format, width, height } = codedPicture(reel);
  for (const master of masters) {
    if (master.form.container === 'frames') await makeFolder(unfinishedPath(master, run.work));
  }
  const grey = `color=c=gray:s=${width}x${height}:r=${formatRational(reel.rate)}`;
  const input = { source: grey, options: ['-f', 'lavfi'] };
  const filters = [`format=${format.name}`, 'trim=end_frame=2'];
  const alone = {
    ...source,
    file: undefined,
    sound: undefined,
    range: { in: source.range.in, out: source.range.in + 2 },
  };
  await runEncoders(masters, alone, { input, filters, pixelFormat: format.name }, run);
}

/** Null where not every frame of the range came out of the decoder. */
async function encodedDirectly(masters: readonly Master[], source: MasterSource, run: MasterRun) {
  const { reel, range } = source;
  const stored = codedPicture(reel);
  const bytes = pictureBytes(stored.format, stored.width, stored.height);
  for (let attempt = 0; attempt < SEEK_ATTEMPTS; attempt++) {
    const picture = directPicture(source, attempt);
    if (picture === null) return null;
    const last = !picture.seeks || attempt === SEEK_ATTEMPTS - 1;
    try {
      const listed = await runEncoders(masters, source, picture, run);
      const frames = listed.map(({ time }) => picture.frameAt(time));
      for (const [k, { time }] of listed.entries()) assertPictureSize(reel, { time, frame: frames[k], bytes });
      const whole = frames.length === lengthOf(range) && frames.every((frame, k) => frame === range.in + k);
      if (whole) return { hashes: listed.map(({ hash }) => hash), again: () => directPicture(source, attempt) };
    } catch (error) {
      if (error instanceof DamagedStill) return null;
      // A seek behind the last key frame decodes nothing, which ffmpeg calls a failure.
      if (!(error instanceof FfmpegError) || error.exitCode === null || last) throw error;
    }
    if (last) return null;
  }
  return null;
}

async function encodedFed(masters: readonly Master[], source: MasterSource, run: MasterRun) {
  const listed = await runEncoders(masters, source, fedPicture(source, run), run);
  return { hashes: listed.map(({ hash }) => hash), again: () => fedPicture(source, { ...run, note: () => {} }) };
}

async function runEncoders(
  masters: readonly Master[],
  source: MasterSource,
  { input, filters, pixelFormat }: PictureInput,
  { ffmpeg, signal, work, onFrame }: MasterRun,
) {
  const { reel } = source;
  const job = startJob(
    describeJob(ffmpeg.ffmpeg, {
      name: `Encoding "${reel.path}" as ${masters.map(({ form }) => form.name).join(', ')}`,
      cwd: work,
      stdin: input.stdin !== undefined,
      inputs: [input, ...sideInputs(source)],
      outputs: [
        ...masters.map((master) => output(master, source, { ffmpeg, work, filters })),
        // Its pipe also ends ffmpeg when this process is killed.
        {
          target: 'pipe:1',
          filters: [...filters],
          options: [
            ...['-map', '0:V:0', ...ffmpeg.passthrough, '-autoscale', '0', '-c:v', 'rawvideo', '-pix_fmt', pixelFormat],
            ...['-enc_time_base', '-1', '-f', 'framehash', '-hash', 'murmur3', '-flush_packets', '1'],
          ],
        },
      ],
    }),
    signal,
  );
  const fed = input.stdin === undefined ? undefined : feedJob(job, input.stdin);
  try {
    const listed = await listedHashes(job.stdout as Readable, onFrame);
    await fed;
    await job.done;
    return listed;
  } finally {
    await job.stop();
  }
}

/** The sound's file, and the reel's own, for its tags and chapters. */
function sideInputs({ reel, range, file, sound }: MasterSource): JobInput[] {
  const tags = reel.kind === 'movie' && file;
  const start = tags ? Number(file.format.start_time ?? 0) : 0;
  const first = tags ? (reel.times[range.in] as number) * (reel.timeBase.num / reel.timeBase.den) : 0;
  // Where the range's sound begins, as the file counts; with its own times kept, chapters follow them.
  const origin = range.in === 0 ? start : first;
  return [
    ...(sound ? [{ source: `file:${sound.path}`, options: ['-f', 'nut'] }] : []),
    ...(tags ? [{ source: `file:${reel.path}`, options: ['-itsoffset', `${reel.byPlace ? 0 : -origin}`] }] : []),
  ];
}

/** The number of the input that has the reel's tags. */
function tagsInput({ file, sound }: MasterSource): number | undefined {
  return file ? (sound ? 2 : 1) : undefined;
}

function output(
  master: Master,
  source: MasterSource,
  { ffmpeg, work, filters }: { readonly ffmpeg: Ffmpeg; readonly work: string; readonly filters: readonly string[] },
): JobOutput {
  const { form, coding } = master;
  const { reel, range, sound, file } = source;
  const path = unfinishedPath(master, work);
  const tags = tagsInput(source);
  const delay = sound && form.container !== 'frames' ? pictureDelay(reel, range, file) : 0;
  // MXF counts in frames, whose rate its muxer takes from the time base.
  const unit = form.container === 'mxf' ? rational(reel.rate.den, reel.rate.num) : timeUnit(reel);
  const times =
    form.container === 'mxf'
      ? [`settb=${formatRational(unit)}`, 'setpts=N']
      : isVariableRate(reel) || delay === 0
        ? takeTimes(reel, range)
        : constantTimes(reel, delay);
  const isFrames = form.container === 'frames';
  return {
    target: `file:${isFrames ? framesPattern(path, master) : path}`,
    filters: [...filters, ...masterFilters(master), ...times],
    options: [
      ...['-y', '-map', '0:V:0'],
      ...(sound ? soundOptions(form, sound, { delay, seconds: secondsOf(reel, range), tags }) : []),
      ...(file && tags !== undefined ? tagOptions(master, source, { file, tags }) : ['-map_metadata', '-1']),
      ...(isFrames ? [] : labelOptions(form.container, source)),
      ...ffmpeg.passthrough,
      ...codecOptions(coding),
      // Of the picture alone: sound would be put to the nearest frame.
      ...['-enc_time_base:v', formatRational(unit)],
      ...(isVariableRate(reel) && reel.kind === 'movie' ? ['-bsf:v', lastPacketDuration(reel, range, 0)] : []),
      ...(isFrames
        ? ['-f', 'image2', '-start_number', `${frameNumber(reel, range.in)}`]
        : containerOptions(reel, extensionOf(form))),
      ...(form.container === 'mp4' ? ['-movflags', '+faststart'] : []),
    ],
  };
}

function tagOptions(
  { form }: Master,
  { reel, range }: MasterSource,
  { file, tags }: { readonly file: NonNullable<MasterSource['file']>; readonly tags: number },
): string[] {
  if (form.container === 'frames') return ['-map_metadata', '-1'];
  const picture = pictureStreamOf(file);
  const whole = range.in === 0 && range.out === reel.frames;
  return [
    ...(whole ? carriedSubtitles(file, extensionOf(form), tags).options : []),
    ...['-map_metadata', `${tags}`],
    ...(picture ? ['-map_metadata:s:v:0', `${tags}:s:${picture.index}`] : []),
    // Alpha that is stored beside the picture is not carried, so the tag would promise what is not there.
    ...['-metadata:s:v:0', 'alpha_mode=', '-map_chapters', `${tags}`],
  ];
}

/** The timecode, in place of any of the source's, and the reel's name beside it. */
function labelOptions(container: string, { timecode, reelName }: MasterSource): string[] {
  return [
    ...(timecode === undefined ? [] : ['-metadata:g', 'timecode=', '-metadata:s:v:0', `timecode=${timecode}`]),
    ...(reelName === undefined
      ? []
      : [container === 'mxf' ? '-metadata:g' : '-metadata:s:v:0', `reel_name=${reelName}`]),
  ];
}
