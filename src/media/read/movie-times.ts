import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { describeJob } from '../ffmpeg/job.ts';
import { ffprobe } from '../ffmpeg/probe-streams.ts';
import { runJob } from '../ffmpeg/supervisor.ts';
import { parseFrameTimes } from './frame-times.ts';

/** When the frames of a movie are shown. */
export interface MovieTimes {
  /** Rising, in units of the picture's time base. */
  readonly times: readonly number[];
  /** Frames whose data is cut short or marked as corrupt, counted from 0. */
  readonly corrupt: readonly number[];
  /** Packets that are there, with those that an edit list hides. */
  readonly packets: number;
  readonly errors: readonly string[];
}

/**
 * The presentation times of a movie's frames, read from its packets without decoding; packets outside an edit list do not count.
 * Where packets have no times of their own (some AVI, raw streams), all frames are decoded for them.
 */
export async function movieTimes(path: string, ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<MovieTimes> {
  const { stdout, errors } = await ffprobe(
    path,
    ['-select_streams', 'V:0', '-show_entries', 'packet=pts,flags', '-of', 'compact=p=0'],
    ffmpeg,
    signal,
  );
  const packets: { readonly time: number; readonly corrupt: boolean }[] = [];
  let timeless = false;
  let hidden = 0;
  for (const line of stdout.split('\n')) {
    const match = /^pts=(-?\d+|N\/A)\|flags=(\S+)/.exec(line);
    // `D`: decoded only because others refer to it, not shown.
    if (match?.[2]?.includes('D')) hidden += 1;
    if (!match || match[2]?.includes('D')) continue;
    if (match[1] === 'N/A') timeless = true;
    packets.push({ time: Number(match[1]), corrupt: match[2]?.includes('C') ?? false });
  }
  packets.sort((a, b) => a.time - b.time);
  const twice = packets.some((packet, k) => k > 0 && packet.time === packets[k - 1]?.time);
  if (timeless || twice)
    return { times: await decodedTimes(path, ffmpeg, signal), corrupt: [], packets: packets.length + hidden, errors };
  return {
    times: packets.map((packet) => packet.time),
    corrupt: packets.flatMap((packet, frame) => (packet.corrupt ? [frame] : [])),
    packets: packets.length + hidden,
    errors,
  };
}

async function decodedTimes(path: string, ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<number[]> {
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Counting the frames of "${path}"`,
    inputs: [{ source: `file:${path}`, options: ['-copyts', '-noautorotate'] }],
    outputs: [
      {
        target: 'pipe:1',
        options: [
          ...['-map', '0:V:0', '-c:v', 'rawvideo', '-enc_time_base', '-1'],
          ...ffmpeg.passthrough,
          ...['-f', 'framecrc'],
        ],
      },
    ],
  });
  const { stdout } = await runJob(job, { signal });
  return parseFrameTimes(stdout)
    .map((time) => time.ticks)
    .sort((a, b) => a - b);
}
