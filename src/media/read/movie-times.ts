import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { type FileInfo, ffprobe, pictureStreamOf } from '../ffmpeg/probe-streams.ts';
import { decodedTimes, type PlacedTimes } from './decoded-times.ts';

/** When the frames of a movie are shown. */
export interface MovieTimes extends PlacedTimes {
  /** Frames whose data is cut short or marked as corrupt, counted from 0. */
  readonly corrupt: readonly number[];
  /** Packets that are there, with those that an edit list hides. */
  readonly packets: number;
  /** True where every packet is a key frame. */
  readonly intra: boolean;
  /** Frames at which the file's times go back or leap, as in files that were joined; counted from 0. */
  readonly breaks: readonly number[];
  readonly errors: readonly string[];
}

/** Containers whose times ffmpeg closes up where they leap by more than so many seconds (`-dts_delta_threshold`). */
const CLOSED_UP = /^(mpegts|mpeg|ogg|nut)\b/;
const LEAP_SECONDS = 10;

interface Packet {
  readonly time: number;
  readonly decoded: number;
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
  file: FileInfo,
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<MovieTimes> {
  const { stdout, errors } = await ffprobe(
    path,
    ['-select_streams', 'V:0', '-show_entries', 'packet=pts,dts,flags', '-of', 'compact=p=0'],
    ffmpeg,
    signal,
  );
  const packets: Packet[] = [];
  let hidden = 0;
  for (const line of stdout.split('\n')) {
    const match = /^pts=(-?\d+|N\/A)\|dts=(-?\d+|N\/A)\|flags=(\S+)/.exec(line);
    // `D`: decoded only because others refer to it, not shown.
    if (match?.[3]?.includes('D')) hidden += 1;
    if (!match || match[3]?.includes('D')) continue;
    const flags = match[3] as string;
    const [time, decoded] = [Number(match[1]), Number(match[2])];
    packets.push({ time, decoded, corrupt: flags.includes('C'), key: flags.includes('K') });
  }
  const breaks = breaksOf(packets, file);
  const common = { packets: packets.length + hidden, intra: packets.every(({ key }) => key), breaks, errors };
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
    corrupt: shown.flatMap((packet, frame) => (packet.corrupt ? [frame] : [])),
    ...common,
  };
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
