import { parseRational } from '../../../film/rational.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { PACKET_HASH } from '../../ffmpeg/packet-hashes.ts';
import { type FileInfo, ffprobe, pictureStreamOf, type StreamInfo } from '../../ffmpeg/probe-streams.ts';
import { decodedTimes, type PlacedTimes } from './decoded-times.ts';

/** When the frames of a movie are shown. */
export interface MovieTimes extends PlacedTimes {
  /** Frames whose data is cut short or marked as corrupt, counted from 0. */
  readonly corrupt: readonly number[];
  /** For how many units the last frame is shown; absent where the file does not say. */
  readonly lastDuration?: number;
  /** Packets that are there, with those that an edit list hides. */
  readonly packets: number;
  /** True where every packet is a key frame. */
  readonly intra: boolean;
  /** True where packets come in the order in which they are shown, and none is hidden. */
  readonly inOrder: boolean;
  /** Frames at which the file's times go back or leap, as in files that were joined; counted from 0. */
  readonly breaks: readonly number[];
  readonly errors: readonly string[];
  /** Of each packet in the file's order, where they were asked for; see `PACKET_HASH`. */
  readonly hashes?: readonly string[];
}

/** Containers whose times ffmpeg closes up where they leap by more than so many seconds (`-dts_delta_threshold`). */
const CLOSED_UP = /^(mpegts|mpeg|ogg|nut)\b/;
const LEAP_SECONDS = 10;

interface Packet {
  readonly time: number;
  readonly decoded: number;
  readonly duration: number;
  readonly corrupt: boolean;
  readonly key: boolean;
}

/**
 * The presentation times of a movie's frames, read from its packets without decoding; packets outside an edit list do not count.
 * Where packets have no times of their own (some AVI, raw streams), or times that repeat or go back (joined transport streams and
 * VOB), all frames are decoded for them.
 */
export async function movieTimes(
  path: string,
  { file, hashes: asked }: { readonly file: FileInfo; readonly hashes?: boolean | undefined },
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<MovieTimes> {
  const entries = `packet=pts,dts,duration,flags${asked ? ',data_hash' : ''}`;
  const { stdout, errors } = await ffprobe(
    path,
    [
      ...['-select_streams', 'V:0', '-show_entries', entries, '-of', 'compact=p=0'],
      ...(asked ? ['-show_data_hash', PACKET_HASH] : []),
    ],
    ffmpeg,
    signal,
  );
  const hashes = asked ? Array.from(stdout.matchAll(/data_hash=\w+:(\w+)/g), ([, hash = '']) => hash) : undefined;
  const packets: Packet[] = [];
  let hidden = 0;
  for (const line of stdout.split('\n')) {
    const match = /^pts=(-?\d+|N\/A)\|dts=(-?\d+|N\/A)\|duration=(\d+|N\/A)\|flags=(\S+)/.exec(line);
    // `D`: decoded only because others refer to it, not shown.
    if (match?.[4]?.includes('D')) hidden += 1;
    if (!match || match[4]?.includes('D')) continue;
    const flags = match[4] as string;
    const [time, decoded, duration] = match.slice(1, 4).map(Number) as [number, number, number];
    packets.push({ time, decoded, duration, corrupt: flags.includes('C'), key: flags.includes('K') });
  }
  const breaks = breaksOf(packets, file);
  const inOrder = hidden === 0 && packets.every(({ time }, k) => k === 0 || time > (packets[k - 1] as Packet).time);
  const intra = packets.every(({ key }) => key);
  const common = { packets: packets.length + hidden, intra, inOrder, breaks, errors, ...(hashes ? { hashes } : {}) };
  const shown = [...packets].sort((a, b) => a.time - b.time);
  const timeless = packets.some(({ time }) => Number.isNaN(time));
  const twice = shown.some((packet, k) => k > 0 && packet.time === shown[k - 1]?.time);
  if (timeless || twice || breaks.length > 0)
    return {
      ...(await decodedTimes(path, { file, broken: breaks.length > 0 }, ffmpeg, signal)),
      corrupt: [],
      ...common,
    };
  return {
    times: shown.map((packet) => packet.time),
    byPlace: false,
    ...lastDurationOf(shown, file),
    corrupt: shown.flatMap((packet, frame) => (packet.corrupt ? [frame] : [])),
    ...common,
  };
}

/**
 * A packet's own duration is that to the next one in decoding order, where frames are reordered. So the end of the file counts where
 * no other stream reaches it, else the stream's own end in QuickTime, or the tag for it in Matroska, which may be left over from
 * another file and then does not lie within this one.
 */
function lastDurationOf(shown: readonly Packet[], file: FileInfo): { readonly lastDuration?: number } {
  const picture = pictureStreamOf(file);
  const last = shown.at(-1);
  const container = file.format.format_name ?? '';
  if (!last || !picture) return {};
  const timeBase = picture.time_base ?? '1/1000';
  const whole = Number(file.format.duration) + Number(file.format.start_time ?? 0);
  const alone = file.streams.every((stream) => stream === picture || endOf(stream) < whole - 0.002);
  const end = !/^(mov|matroska)\b/.test(container) ? Number.NaN : alone ? whole : endOf(picture);
  const { num, den } = parseRational(timeBase);
  const stated = [...(end <= whole + 0.002 ? [Math.round((end * den) / num) - last.time] : []), last.duration].find(
    (duration) => duration > 0,
  );
  return stated === undefined ? {} : { lastDuration: stated };
}

/** When a stream ends, seconds; NaN where the file does not say. */
function endOf({
  start_pts: start = 0,
  duration_ts: duration = Number.NaN,
  time_base: base,
  tags,
}: StreamInfo): number {
  const { num, den } = parseRational(base ?? '1/1000');
  const tag = /^(\d+):(\d+):(\d+\.\d+)$/.exec(tags?.['DURATION'] ?? '');
  if (tag) return Number(tag[1]) * 3600 + Number(tag[2]) * 60 + Number(tag[3]);
  return ((start + duration) * num) / den;
}

/** Where decoding times go back, or leap in a container whose leaps ffmpeg closes. */
function breaksOf(packets: readonly Packet[], file: FileInfo): number[] {
  const leaps = CLOSED_UP.test(file.format.format_name ?? '');
  const [num, den] = (pictureStreamOf(file)?.time_base ?? '1/1000').split('/').map(Number);
  const leap = leaps ? (LEAP_SECONDS * (den ?? 1)) / (num ?? 1) : Number.POSITIVE_INFINITY;
  const breaks: number[] = [];
  let before = Number.NaN;
  for (const [k, { decoded }] of packets.entries()) {
    if (Number.isNaN(decoded)) continue;
    if (decoded < before || decoded - before > leap) breaks.push(k);
    before = decoded;
  }
  return breaks;
}
