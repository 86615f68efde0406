import { agreedColour, transferOfTags } from '../../../film/colour.ts';
import {
  describeOrientation,
  type Orientation,
  orientationOfMatrix,
  uprightFormat,
  uprightSize,
} from '../../../film/orientation.ts';
import { type Rational, rational } from '../../../film/rational.ts';
import type { MovieReel } from '../../../film/reel.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { type SampleFormat, sampleFormat } from '../../../film/sample-format.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../../ffmpeg/ffmpeg-error.ts';
import { describeJob } from '../../ffmpeg/job.ts';
import {
  type FileInfo,
  pictureStreamOf,
  probeStreams,
  type StreamInfo,
  streamsOf,
} from '../../ffmpeg/probe-streams.ts';
import { plainLine } from '../../ffmpeg/stderr-log.ts';
import { runJob } from '../../ffmpeg/supervisor.ts';
import type { OpenOptions } from '../open-options.ts';
import { said, taggedColour } from '../tagged-colour.ts';
import { contentNotes, lightNotes } from './movie-notes.ts';
import { movieTimes } from './movie-times.ts';
import { timingOf } from './movie-timing.ts';
import { assertOnePicture } from './picture-changes.ts';
import { othersOf, sideDataOf } from './side-data.ts';

/** A movie's streams, tags and chapters. @throws ReelError with a sentence for the user where the file is none. */
export async function probeMovie(path: string, ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<FileInfo> {
  return probeStreams(path, ffmpeg, signal).catch((error: unknown) => {
    if (!(error instanceof FfmpegError) || error.exitCode === null) throw error;
    throw new ReelError(
      `"${path}" is not a movie that ffmpeg can read (${reasonOf(error)}). Check that the file is whole.`,
      {
        cause: error,
      },
    );
  });
}

/**
 * Opens a movie: its format, tags, and when each of its frames is shown. One frame is decoded, to see that it can be, key frames
 * where others lean on them, and all where packets do not tell their times.
 *
 * @param options.file the movie as `probeMovie` found it, where that is known
 * @param options.onPackets told the hash of each packet, in the file's order, by `PACKET_HASH`
 * @throws ReelError with a sentence for the user where the file has no picture that can be decoded.
 */
export async function openMovie(
  path: string,
  options: OpenOptions & {
    readonly file?: FileInfo;
    readonly onPackets?: (hashes: readonly string[]) => void;
  },
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<MovieReel> {
  const file = options.file ?? (await probeMovie(path, ffmpeg, signal));
  const picture = pictureStreamOf(file);
  if (!picture) {
    const sound = streamsOf(file, 'audio').length > 0 ? 'only sound' : 'no picture';
    throw new ReelError(`"${path}" has ${sound}; a movie with a picture was expected. Give another file.`);
  }
  const { width, height, pix_fmt: pixelFormat } = picture;
  const timed = { file, hashes: options.onPackets !== undefined };
  const [times] = await Promise.all([movieTimes(path, timed, ffmpeg, signal), decodeOne(path, ffmpeg, signal)]);
  options.onPackets?.(times.hashes ?? []);
  if (!width || !height || !pixelFormat || times.times.length === 0) {
    throw new ReelError(
      `"${path}": no frame of its ${picture.codec_name ?? 'unknown'} picture can be decoded. Check that the file is whole.`,
    );
  }

  const timing = timingOf(path, file, picture, times);
  const scanned = { path, times: timing.times, byPlace: times.byPlace };
  // A tape's aspect and fields may change; other codecs whose frames stand alone take too long to decode, and do not change.
  const scans = times.byPlace || !times.intra || picture.codec_name === 'dvvideo';
  const looked = scans ? await assertOnePicture(scanned, ffmpeg, signal) : { notes: [], sideData: [] };
  const { hdr10, others } = await sideDataOf(path, picture, ffmpeg, signal);
  const sideData = othersOf([...others, ...looked.sideData]);
  const timecode = timecodeOf(file);
  const format = formatOf(path, pixelFormat);
  const placed = placedBy(matrixOf(picture));
  const stored = { width, height, orientation: placed.orientation };
  const tagged = taggedColour(picture);
  const transfer = options.transfer === 'auto' ? transferOfTags(tagged) : options.transfer;
  const colour = agreedColour(tagged, transfer);
  return {
    kind: 'movie',
    path,
    ...uprightSize(format, stored),
    rate: timing.rate,
    frames: timing.times.length,
    first: 1,
    format: uprightFormat(format, stored.orientation),
    pixelFormat,
    colour,
    transfer,
    damaged: timing.damaged,
    notes: [
      ...timing.notes,
      ...looked.notes,
      ...contentNotes(file, sideData),
      ...lightNotes(tagged, { colour, transfer, ...(hdr10 ? { hdr10 } : {}) }),
      ...placed.notes,
    ],
    container: file.format.format_name ?? 'unknown',
    codec: picture.codec_name ?? 'unknown',
    ...(times.intra && times.inOrder && !times.byPlace
      ? { wholePackets: { profile: said(picture.profile) ?? '' } }
      : {}),
    times: timing.times,
    timeBase: timing.timeBase,
    ...(times.lastDuration === undefined ? {} : { lastDuration: times.lastDuration }),
    ...(times.byPlace ? { byPlace: true as const } : {}),
    ...(timecode === undefined ? {} : { timecode }),
    pixelAspect: ratioOf(picture.sample_aspect_ratio),
    fields: said(picture.field_order) ?? 'progressive',
    ...(hdr10 ? { hdr10 } : {}),
    audioStreams: streamsOf(file, 'audio').length,
    subtitleStreams: streamsOf(file, 'subtitle').length,
    ...(stored.orientation === 1 ? {} : { stored }),
    ...(placed.matrix ? { displayMatrix: placed.matrix } : {}),
  };
}

async function decodeOne(path: string, ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<void> {
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Decoding a frame of "${path}"`,
    inputs: [{ source: `file:${path}` }],
    outputs: [{ target: 'pipe:1', options: ['-map', '0:V:0', '-frames:v', '1', '-f', 'null'] }],
  });
  try {
    await runJob(job, { signal });
  } catch (error) {
    if (!(error instanceof FfmpegError) || error.exitCode === null) throw error;
    throw new ReelError(
      `"${path}": no frame of it can be decoded (${reasonOf(error)}). Check that the file is whole.`,
      {
        cause: error,
      },
    );
  }
}

function reasonOf(error: FfmpegError): string {
  return error.stderr.length > 0 ? plainLine(error.stderr.at(-1) as string) : 'it gave no reason';
}

function formatOf(path: string, pixelFormat: string): SampleFormat {
  try {
    return sampleFormat(pixelFormat);
  } catch (error) {
    if (error instanceof ReelError) throw new ReelError(`"${path}": ${error.message}`, { cause: error });
    throw error;
  }
}

function ratioOf(text: string | undefined): Rational {
  const match = /^([1-9]\d*):([1-9]\d*)$/.exec(text ?? '');
  return match ? rational(Number(match[1]), Number(match[2])) : rational(1);
}

function timecodeOf(file: FileInfo): string | undefined {
  const tags = [pictureStreamOf(file)?.tags, ...file.streams.map((stream) => stream.tags), file.format.tags];
  return tags.map((tag) => tag?.['timecode'] ?? tag?.['TIMECODE']).find((value) => value !== undefined);
}

/** One in 16.16 and in 2.30 fixed point. */
const ONE = 0x10000;
/** The display matrix that changes nothing. */
export const PLAIN_MATRIX = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000] as const;

/** The matrix by which players place the picture; of files that have an old `rotate` tag alone, that of so many degrees clockwise. */
function matrixOf({ side_data_list: sideData, tags }: StreamInfo): readonly number[] {
  const text = sideData?.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix ?? '';
  const numbers = [...text.matchAll(/^\d+:\s*(-?\d+)\s+(-?\d+)\s+(-?\d+)/gm)].flatMap((row) =>
    row.slice(1).map(Number),
  );
  if (numbers.length === 9) return numbers;
  const radians = (Number(tags?.['rotate'] ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.round(ONE * Math.cos(radians)), Math.round(ONE * Math.sin(radians))];
  return Number.isNaN(radians) ? PLAIN_MATRIX : [cos, sin, 0, -sin, cos, 0, 0, 0, 0x40000000];
}

/** What a display matrix means: `matrix` is absent where it changes nothing. */
function placedBy(matrix: readonly number[]): {
  readonly orientation: Orientation;
  readonly matrix?: readonly number[];
  readonly notes: readonly string[];
} {
  if (matrix.every((value, k) => value === PLAIN_MATRIX[k])) return { orientation: 1, notes: [] };
  const orientation = orientationOfMatrix(matrix);
  const note =
    orientation === null
      ? 'Players turn the picture by an angle that is not a multiple of 90 degrees; faces are looked for in the picture as it is stored.'
      : `Players show the picture ${describeOrientation(orientation)}; so do boxes, points and pictures of the report. The movie keeps its frames as they are stored.`;
  return { orientation: orientation ?? 1, matrix, notes: orientation === 1 ? [] : [note] };
}
