import { parseRational } from '../../../film/rational.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { describeJob } from '../../ffmpeg/job.ts';
import { type FileInfo, pictureStreamOf, streamsOf } from '../../ffmpeg/probe-streams.ts';
import { runJob } from '../../ffmpeg/supervisor.ts';
import { parseFrameTimes } from '../frame-times.ts';

/** Times of frames, and how a frame is told from others. */
export interface PlacedTimes {
  /** Rising, in units of the picture's time base. */
  readonly times: readonly number[];
  /** True where the file's own times do not tell its frames apart: the k-th frame that is decoded has the k-th time. */
  readonly byPlace: boolean;
}

/**
 * The times of a movie's frames as its decoder gives them. Those of a `broken` file are closed up where they go back or leap, as
 * ffmpeg does when it carries the sound, which is read along for that.
 */
export async function decodedTimes(
  path: string,
  { file, broken }: { readonly file: FileInfo; readonly broken: boolean },
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<PlacedTimes> {
  const sound = broken && streamsOf(file, 'audio').length > 0;
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Counting the frames of "${path}"`,
    inputs: [{ source: `file:${path}`, options: [...(broken ? [] : ['-copyts']), '-noautorotate'] }],
    outputs: [
      {
        target: 'pipe:1',
        options: [
          ...['-map', '0:V:0', '-c:v', 'rawvideo', '-enc_time_base', '-1'],
          ...ffmpeg.passthrough,
          ...['-f', 'framecrc'],
        ],
      },
      ...(sound ? [{ target: 'pipe:1', options: ['-map', '0:a', '-c:a', 'copy', '-f', 'null'] }] : []),
    ],
  });
  const { stdout } = await runJob(job, { signal });
  const found = parseFrameTimes(stdout);
  const picture = pictureStreamOf(file);
  const timeBase = parseRational(picture?.time_base ?? '1/1000');
  const unit = found[0]?.timeBase ?? timeBase;
  const scale = (unit.num * timeBase.den) / (unit.den * timeBase.num);
  const start = broken ? (Number(file.format.start_time ?? 0) * timeBase.den) / timeBase.num : 0;
  const raw = found.map(({ ticks }) => Math.round(ticks * scale + start));
  if (!broken && raw.every((time, k) => k === 0 || time > (raw[k - 1] as number)))
    return { times: raw, byPlace: false };
  const rate = /^([1-9]\d*)\/([1-9]\d*)$/.exec(picture?.r_frame_rate ?? '');
  const step = rate ? (Number(rate[2]) * timeBase.den) / (Number(rate[1]) * timeBase.num) : 1;
  return { times: rising(raw, Math.max(1, Math.round(step))), byPlace: true };
}

/** The same times; one that is not after the one before comes a `step` after it. */
function rising(times: readonly number[], step: number): number[] {
  const risen: number[] = [];
  for (const time of times) {
    const before = risen.at(-1);
    risen.push(before !== undefined && time <= before ? before + step : time);
  }
  return risen;
}
