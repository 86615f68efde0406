import { extname } from 'node:path';
import { describeOrientation } from '../../../film/orientation.ts';
import { type FrameRange, lengthOf } from '../../../film/range.ts';
import { formatRational, toNumber } from '../../../film/rational.ts';
import { type MovieReel, type Reel, storedAs } from '../../../film/reel.ts';
import { advanceTimecode } from '../../../film/timecode.ts';
import type { Declaration } from '../../declaration.ts';
import { concatInput } from '../../ffmpeg/concat-input.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { describeJob, type JobInput } from '../../ffmpeg/job.ts';
import { LISTED_PACKETS, parseListedPackets } from '../../ffmpeg/packet-hashes.ts';
import { type FileInfo, probeStreams, streamsOf } from '../../ffmpeg/probe-streams.ts';
import { runJob } from '../../ffmpeg/supervisor.ts';
import { layoutFilters } from '../../read/decode.ts';
import { isVariableRate } from '../../read/frame-rate.ts';
import { writeTrouble } from '../write-trouble.ts';
import { carriedStreams } from './carry-streams.ts';
import { declaringMovie } from './declare-movie.ts';
import { holdsDisplayMatrix, writeDisplayMatrix } from './display-matrix.ts';
import { constantPacketTimes, constantTimes, lastPacketDuration, secondsOf, timeUnit } from './retime.ts';
import { codecOptions, codingFilters, colourOptions, containerOptions, type TakeCoding } from './take-coding.ts';

/** A take's file and its frames. */
export interface TakeFile extends FrameRange {
  readonly path: string;
}

/** What a join has written. */
export interface Conformed {
  readonly notes: readonly string[];
  /** As the output should be labelled; absent where the source has no timecode. */
  readonly timecode?: string;
  readonly audio: number;
  /** Hashes of the packets of the takes, in order, by `PACKET_HASH`. */
  readonly packets: readonly string[];
  /** The source's file, as it was read for the join; absent of a folder. */
  readonly source?: FileInfo;
}

/** Where a movie is joined. */
export interface JoinPlace {
  /** The file that is written. */
  readonly unfinished: string;
  /** Its final name; the extension chooses the container. */
  readonly out: string;
  /** What it declares; undefined = nothing. */
  readonly declaration?: Declaration | undefined;
}

/**
 * Joins takes into one movie, or encodes one from the reel itself: at exact times, with the source's sound, subtitles,
 * chapters, tags, timecode and display matrix. Packets are copied, unless `coding` names a codec with inter-frame coding.
 *
 * @param from Takes in order, without gaps; or the reel, all of it, where nothing of it is restored.
 */
export async function conformMovie(
  coding: TakeCoding,
  from: readonly TakeFile[] | MovieReel,
  { unfinished, out, declaration }: JoinPlace,
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<Conformed> {
  const { reel, codec } = coding;
  const takes = 'kind' in from ? [{ in: 0, out: from.frames, path: from.path }] : from;
  const range = { in: takes[0]?.in ?? 0, out: takes.at(-1)?.out ?? 0 };
  const source = reel.kind === 'movie' ? await probeStreams(reel.path, ffmpeg, signal) : undefined;
  const carried = source ? carriedStreams(source, out) : { options: [], audio: 0, notes: [] };
  const own = source && { path: reel.path, file: source };
  const declaring = declaration && (await declaringMovie(declaration, out, own, { ffmpeg, signal }));
  const offset = source && reel.kind === 'movie' ? startOffset(reel, range, source) : 0;
  const labels = labelsOf(reel, range, out);
  const list =
    'kind' in from ? null : concatInput(takes.map((take) => ({ path: take.path, seconds: secondsOf(reel, take) })));
  const variable = isVariableRate(reel);
  const within = source && reel.kind === 'movie' ? partByPlace(reel, range, source) : null;
  const shift = within === null ? offset : within.start;
  // Of packets: what is cut begins at 0.
  const begin = within === null ? offset : 0;

  const job = describeJob(ffmpeg.ffmpeg, {
    name: list ? `Joining the takes of "${out}"` : `Encoding "${out}"`,
    inputs: [
      list
        ? { ...list, options: [...(variable || within ? ['-itsoffset', `${shift}`] : []), ...list.options] }
        : { source: `file:${(takes[0] as TakeFile).path}`, options: ['-noautorotate'] },
      ...(reel.kind === 'movie' && source ? [soundInput(reel, range, source)] : []),
    ],
    outputs: [
      {
        target: `file:${unfinished}`,
        filters: [
          // Takes bring no side data of their frames along, such as captions.
          ...(list ? [] : ['sidedata=mode=delete', ...layoutFilters(reel)]),
          ...(codec.intra ? [] : finalFilters(coding, Number(shift), variable)),
        ],
        options: [
          ...['-map', '0:V:0', ...carried.options, ...(within?.cut ?? [])],
          ...(codec.intra
            ? ['-c:v', 'copy', ...colourOptions(coding.colour)]
            : [...codecOptions(coding), '-enc_time_base', formatRational(timeUnit(reel))]),
          ...(codec.intra && !variable ? ['-bsf:v', constantPacketTimes(reel, begin)] : []),
          ...(variable && reel.kind === 'movie' ? ['-bsf:v', lastPacketDuration(reel, range, begin)] : []),
          ...ffmpeg.passthrough,
          ...labels.outputOptions,
          ...(declaring?.options ?? []),
          ...['-fflags', '+bitexact', ...(source ? [] : ['-map_metadata', '-1'])],
          ...containerOptions(reel, extname(out)),
          ...(/^\.(mov|mp4)$/i.test(extname(out)) ? ['-movflags', '+faststart'] : []),
        ],
      },
      // Every packet is looked for again in the file.
      { target: 'pipe:1', options: ['-map', '0:V:0', ...LISTED_PACKETS] },
      // ffmpeg closes leaps of a source's times by the streams that it reads: as when they were counted, picture and sound.
      ...(reel.kind === 'movie' && reel.byPlace && carried.audio > 0
        ? [{ target: 'pipe:1', options: ['-map', '1:V:0', '-c:v', 'copy', '-f', 'null'] }]
        : []),
    ],
  });
  let packets: readonly string[];
  try {
    const { stdout } = await runJob(job, { signal, input: list?.list });
    packets = parseListedPackets(stdout).map(({ hash }) => hash);
    if (reel.kind === 'movie' && reel.displayMatrix && holdsDisplayMatrix(out)) {
      await writeDisplayMatrix(unfinished, reel.displayMatrix);
    }
    await declaring?.finish(unfinished);
  } catch (error) {
    throw writeTrouble(out, error);
  }
  return {
    packets,
    audio: carried.audio,
    notes: [...carried.notes, ...labels.notes, ...(declaring?.notes ?? []), ...trimNote(reel, range, carried.audio)],
    ...(labels.timecode === undefined ? {} : { timecode: labels.timecode }),
    ...(source ? { source } : {}),
  };
}

/** Where the picture begins after the start of the file, seconds: sound is placed from there. A part of a reel begins at 0. */
function startOffset(reel: MovieReel, range: FrameRange, source: FileInfo): number {
  if (range.in > 0 || source.format.start_time === undefined) return 0;
  return Math.max(0, (reel.times[0] as number) * toNumber(reel.timeBase) - Number(source.format.start_time));
}

/**
 * A part of a file whose times go back cannot be sought, so all of its sound is read: the picture is put where the part begins, and
 * picture and sound are cut there together.
 */
function partByPlace(reel: MovieReel, range: FrameRange, source: FileInfo) {
  if (!reel.byPlace || lengthOf(range) === reel.frames || streamsOf(source, 'audio').length === 0) return null;
  const start = (reel.times[range.in] as number) * toNumber(reel.timeBase) - Number(source.format.start_time ?? 0);
  // ffmpeg counts in microseconds here, and packets in their own units: the first frame must not fall before the cut.
  const cut = ['-ss', Math.max(0, start - 0.0005).toFixed(6), '-t', secondsOf(reel, range).toFixed(6)];
  return { start: start.toFixed(6), cut };
}

function soundInput(reel: MovieReel, range: FrameRange, source: FileInfo): JobInput {
  const whole = reel.byPlace || (range.in === 0 && range.out === reel.frames);
  const start = (reel.times[range.in] as number) * toNumber(reel.timeBase) - Number(source.format.start_time ?? 0);
  const part = ['-ss', Math.max(0, start).toFixed(6), '-t', secondsOf(reel, range).toFixed(6)];
  return { source: `file:${reel.path}`, options: whole ? [] : range.in === 0 ? part.slice(2) : part };
}

function trimNote(reel: Reel, range: FrameRange, audio: number): string[] {
  if (audio === 0 || lengthOf(range) === reel.frames) return [];
  return ['Only a part of the reel is written; its sound is cut at the nearest packets, without re-encoding.'];
}

/** The final encode's frames, at whole times of a constant rate. */
function finalFilters(coding: TakeCoding, offset: number, variable: boolean): string[] {
  return [...codingFilters(coding), ...(variable ? [] : constantTimes(coding.reel, offset))];
}

/** Timecode, as far as the container holds it, and what of the source's labels it does not. */
function labelsOf(reel: Reel, range: FrameRange, out: string) {
  const outputOptions: string[] = [];
  const notes: string[] = [];
  const extension = extname(out).toLowerCase();
  const timecode = reel.timecode === undefined ? null : advanceTimecode(reel.timecode, range.in, reel.rate);
  if (timecode !== null) {
    // The source's own label would stay beside the new one, as tags are carried.
    if (extension === '.mkv') outputOptions.push('-metadata:s:v:0', `timecode=${timecode}`, '-metadata:g', 'timecode=');
    else outputOptions.push('-metadata:g', 'timecode=', '-metadata:s:v:0', `timecode=${timecode}`);
  } else if (reel.timecode !== undefined) {
    notes.push(`The source's timecode "${reel.timecode}" cannot be read and is not carried.`);
  }
  if (reel.kind === 'movie' && reel.displayMatrix && !holdsDisplayMatrix(out)) {
    const { orientation } = storedAs(reel, 0);
    notes.push(
      `${extension} does not keep how the source's picture is turned for the eye (${describeOrientation(orientation)}); its frames are as stored. Name --out with .mov or .mp4 to keep it.`,
    );
  }
  return { outputOptions, notes, timecode: timecode ?? undefined };
}
