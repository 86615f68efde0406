import type { FrameRange } from '../../film/range.ts';
import { toNumber } from '../../film/rational.ts';
import type { MovieReel, Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { describeJob } from '../ffmpeg/job.ts';
import { type FileInfo, probeStreams, type StreamInfo, streamsOf } from '../ffmpeg/probe-streams.ts';
import { runJob } from '../ffmpeg/supervisor.ts';
import { holdsSound } from '../write/movie/carry-streams.ts';
import { secondsOf } from '../write/movie/retime.ts';
import { extensionOf, type MasterForm } from './master-form.ts';

/** The sound of a range, alone in a file, its times counted from where the range's sound begins. */
export interface PreparedSound {
  readonly path: string;
  readonly streams: readonly StreamInfo[];
  /** Index of each stream in the reel's file, for its tags; empty where the sound is another file's. */
  readonly origins: readonly number[];
  /** Of each stream. */
  readonly spans: readonly Span[];
  /** Hash of the samples, by a stream's number here; of those whose coding keeps them. */
  readonly samples: ReadonlyMap<number, string>;
}

/** When a stream's first packet begins, and its last one ends, seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a sound stream is written as. */
export interface SoundCoding {
  /** `copy`, or ffmpeg's encoder. */
  readonly encoder: string;
  /** Options without the stream's number, in pairs. */
  readonly options: readonly (readonly [name: string, value: string])[];
  /** ffmpeg's name of the codec that the master has. */
  readonly codec: string;
  /** True where every sample comes back as it was. */
  readonly exact: boolean;
  /** What changes, as a sentence. */
  readonly note?: string;
}

/**
 * Puts the sound of a range into a file of its own: packets as they are, in NUT, which holds every codec and exact times.
 *
 * @param file the file the sound comes from: the reel's own, or another that begins with the range
 */
export async function prepareSound(
  path: string,
  {
    file,
    reel,
    range,
    own,
  }: { readonly file: string; readonly reel: Reel; readonly range: FrameRange; readonly own: boolean },
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<PreparedSound> {
  const source = await probeStreams(file, ffmpeg, signal);
  const origins = own ? streamsOf(source, 'audio').map(({ index }) => index) : [];
  const cut = own && reel.kind === 'movie' ? soundOfRange(reel, range, source) : [];
  // A seek may land early, and NUT, which has no negative times, would put what it landed on at 0.
  const copied = ['-map', '0:a', '-c', 'copy', '-copypriorss', '0'];
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Reading the sound of "${file}"`,
    inputs: [{ source: `file:${file}`, options: cut }],
    outputs: [
      { target: `file:${path}`, options: [...copied, '-fflags', '+bitexact', '-f', 'nut', '-y'] },
      { target: 'pipe:1', options: [...copied, '-f', 'framecrc'] },
    ],
  });
  const { stdout } = await runJob(job, { signal });
  const streams = streamsOf(await probeStreams(path, ffmpeg, signal), 'audio');
  const plain = streams.flatMap(({ codec_name: codec = '' }, k) => (/^pcm_|^flac$/.test(codec) ? [k] : []));
  const samples = await sampleHashes(path, plain, { ffmpeg, signal });
  return { path, streams, origins, spans: packetSpans(stdout), samples };
}

/** Hash of the decoded samples of some of a file's sound streams, by their numbers among these. */
export async function sampleHashes(
  file: string,
  streams: readonly number[],
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<ReadonlyMap<number, string>> {
  if (streams.length === 0) return new Map();
  const options = [...streams.flatMap((k) => ['-map', `0:a:${k}`]), '-c:a', 'pcm_s32le'];
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Reading the sound of "${file}"`,
    inputs: [{ source: `file:${file}` }],
    outputs: [{ target: 'pipe:1', options: [...options, '-f', 'streamhash', '-hash', 'murmur3'] }],
  });
  const { stdout } = await runJob(job, { signal });
  const hashes = [...stdout.matchAll(/^(\d+),a,\w+=(\w+)$/gm)];
  return new Map(hashes.map(([, place, hash]) => [streams[Number(place)] as number, hash as string]));
}

/** Where the packets of each stream lie, by what the `framecrc` muxer wrote. */
export function packetSpans(text: string): Span[] {
  const bases = new Map<number, number>();
  const spans: Span[] = [];
  for (const line of text.split('\n')) {
    const unit = /^#tb (\d+): (\d+)\/(\d+)/.exec(line);
    if (unit) bases.set(Number(unit[1]), Number(unit[2]) / Number(unit[3]));
    const row = /^(\d+),\s*-?\d+,\s*(-?\d+),\s*(-?\d+),/.exec(line);
    if (!row) continue;
    const stream = Number(row[1]);
    const base = bases.get(stream) ?? 0;
    const start = Number(row[2]) * base;
    const end = start + Number(row[3]) * base;
    const known = spans[stream] ?? { start, end };
    spans[stream] = { start: Math.min(known.start, start), end: Math.max(known.end, end) };
  }
  return spans;
}

function soundOfRange(reel: MovieReel, range: FrameRange, source: FileInfo): string[] {
  if (range.in === 0 && range.out === reel.frames) return [];
  const start = (reel.times[range.in] as number) * toNumber(reel.timeBase) - Number(source.format.start_time ?? 0);
  const part = ['-ss', Math.max(0, start).toFixed(6), '-t', secondsOf(reel, range).toFixed(6)];
  return range.in === 0 ? part.slice(2) : part;
}

/** When the first picture is shown after the sound's file begins, seconds. A part of a reel begins with its picture. */
export function pictureDelay(reel: Reel, range: FrameRange, source: FileInfo | undefined): number {
  if (reel.kind === 'folder' || !source || range.in > 0 || source.format.start_time === undefined) return 0;
  return Math.max(0, (reel.times[0] as number) * toNumber(reel.timeBase) - Number(source.format.start_time));
}

const INTEGERS = /^pcm_(s|u)(8|16|24)/;

/** How a master writes a stream of sound; null where it has none. */
export function soundCoding(form: MasterForm, stream: StreamInfo): SoundCoding | null {
  const { codec_name: codec = 'unknown', channels = 2 } = stream;
  const rate = form.soundRate !== undefined && Number(stream.sample_rate) !== form.soundRate ? form.soundRate : null;
  const extension = extensionOf(form);
  const copied: SoundCoding = { encoder: 'copy', options: [], codec, exact: true };
  if (form.sound === 'none' || form.container === 'frames') return null;
  if (form.sound === 'aac') {
    if (codec === 'aac' && rate === null) return copied;
    // 320 kbit/s for two channels, as restored movies have it.
    const options = [['b', `${160 * Math.max(2, channels)}k`] as const, ...rated(rate)];
    return { encoder: 'aac', options, codec: 'aac', exact: false, note: `${codec} sound is written as AAC.` };
  }
  if (form.sound === 'flac' && INTEGERS.test(codec) && channels <= 8 && rate === null) {
    return { encoder: 'flac', options: [], codec: 'flac', exact: true };
  }
  const fits = form.container === 'mxf' ? /^pcm_s(16|24)le$/.test(codec) : holdsSound(extension, codec);
  const wanted = form.sound === 'flac' || /^pcm_/.test(codec);
  if (fits && wanted && rate === null) {
    // MXF ends with the shorter of picture and sound, so its sound is filled up, which packets cannot be.
    return form.container === 'mxf' ? { encoder: codec, options: [], codec, exact: false } : copied;
  }
  const encoder = 'pcm_s24le';
  const resampled = rate === null ? '' : ` at ${rate} Hz`;
  const note = `${codec} sound is written as ${encoder}${resampled}.`;
  return {
    encoder,
    options: rated(rate),
    codec: encoder,
    exact: INTEGERS.test(codec) && rate === null && form.container !== 'mxf',
    note,
  };
}

function rated(rate: number | null): (readonly [string, string])[] {
  return rate === null ? [] : [['ar', `${rate}`]];
}

/** Where sound that has to fill the picture's time lies in it: silence before it, sound before the picture and behind it cut off. */
interface FilledTime {
  /** See `pictureDelay`. */
  readonly delay: number;
  /** Of the picture. */
  readonly seconds: number;
}

function filled({ delay, seconds }: FilledTime): string {
  return [
    'aresample=first_pts=0',
    ...(delay > 0 ? [`atrim=start=${delay.toFixed(6)}`, 'asetpts=PTS-STARTPTS'] : []),
    `apad=whole_dur=${seconds.toFixed(6)}`,
    `atrim=end=${seconds.toFixed(6)}`,
  ].join(',');
}

/** ffmpeg's options for the sound of one output, from input 1. */
export function soundOptions(
  form: MasterForm,
  { streams, origins }: PreparedSound,
  { tags, ...time }: FilledTime & { readonly tags: number | undefined },
): string[] {
  return streams.flatMap((stream, k) => {
    const coding = soundCoding(form, stream);
    if (!coding) return [];
    const origin = origins[k];
    return [
      ...['-map', `1:a:${k}`, `-c:a:${k}`, coding.encoder],
      ...coding.options.flatMap(([name, value]) => [`-${name}:a:${k}`, value]),
      ...(form.container === 'mxf' ? [`-filter:a:${k}`, filled(time)] : []),
      ...(tags !== undefined && origin !== undefined ? [`-map_metadata:s:a:${k}`, `${tags}:s:${origin}`] : []),
    ];
  });
}
