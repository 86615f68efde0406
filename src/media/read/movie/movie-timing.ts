import { parseRational, type Rational, rational } from '../../../film/rational.ts';
import { type FileInfo, type StreamInfo, streamsOf } from '../../ffmpeg/probe-streams.ts';
import { constantRate, meanRate, nearRate } from '../frame-rate.ts';
import { fillHoles } from './fill-holes.ts';
import type { MovieTimes } from './movie-times.ts';

/** When the frames of a movie are shown, and what is wrong with them. */
export interface MovieTiming {
  readonly rate: Rational;
  /** In units of `timeBase`, rising. */
  readonly times: readonly number[];
  readonly timeBase: Rational;
  readonly damaged: ReadonlyMap<number, string>;
  readonly notes: readonly string[];
}

/** Makes out a movie's rate from its frames' times and what its header says; a file cut short is noticed. */
export function timingOf(path: string, file: FileInfo, picture: StreamInfo, found: MovieTimes): MovieTiming {
  const timeBase = parseRational(picture.time_base ?? '1/1000');
  const stated = [picture.r_frame_rate, picture.avg_frame_rate].flatMap(rateOf);
  const damaged = new Map(found.corrupt.map((frame) => [frame, 'its data is cut short or marked as corrupt']));
  const cut = cutShort(file, picture, found);
  const constant = constantRate(found.times, timeBase, stated);
  const notes = [...(cut === null ? [] : [cut]), ...placeNote(path, file, found)];
  if (found.byPlace && !constant) {
    const near = nearRate(found.times, timeBase, stated);
    if (near) return { ...near, timeBase, damaged, notes };
  }
  if (constant) return { rate: constant, times: found.times, timeBase, damaged, notes };

  const mended = cut === null ? null : stated.map((rate) => ({ rate, ...fillHoles(found.times, timeBase, rate) }));
  const whole = mended?.find((candidate) => candidate.times !== undefined);
  if (whole?.times && whole.holes) {
    for (const frame of whole.holes) damaged.set(frame, 'it is missing: the file is cut short');
    return { rate: whole.rate, times: whole.times, timeBase, damaged, notes };
  }
  return {
    rate: stated[1] ?? stated[0] ?? meanRate(found.times, timeBase),
    times: found.times,
    timeBase,
    damaged,
    notes: [...notes, 'Its frames are shown for different times; they are kept frame by frame.'],
  };
}

/** What is told of a file whose times do not tell its frames apart. */
function placeNote(path: string, file: FileInfo, { byPlace, breaks }: MovieTimes): string[] {
  if (!byPlace) return [];
  const at = breaks.slice(0, 5).map((frame) => frame + 1);
  const more = breaks.length > at.length ? ` and ${breaks.length - at.length} more` : '';
  const where = breaks.length > 0 ? `go back or leap at frame ${at.join(', ')}${more}` : 'repeat or are missing';
  const moved =
    breaks.length > 0 && streamsOf(file, 'audio').length > 0 ? ', and the sound is moved along with them' : '';
  return [
    `The file's times ${where}, as in files that were joined: its frames are counted as they are decoded, one shown after the other${moved}.`,
    ...(breaks.length > 0 ? [rewrapAdvice(path)] : []),
  ];
}

function rewrapAdvice(path: string): string {
  const options = '-map 0:V:0 -map 0:a? -c copy';
  return `Each part of it is decoded from the start of the file. A long one is quicker when it is rewrapped first, without loss: ffmpeg -fflags +genpts -i "${path}" ${options} "${path}.mkv"`;
}

function cutShort(file: FileInfo, picture: StreamInfo, { times, packets, errors }: MovieTimes): string | null {
  const claimed = Number(picture.nb_frames ?? Number.NaN);
  const sign = [...file.errors, ...errors].find((line) => /prematurely|partial file|truncat|end of file/i.test(line));
  // A header that counts one more is common: editing leaves a last frame that is decoded but not shown.
  if (!(claimed > packets + 1) && !sign) return null;
  const claim = claimed > packets ? ` of the ${claimed} that it announces` : '';
  return `The file is cut short: ${times.length} frames${claim} are there${sign ? ` (${sign})` : ''}. Only these are worked on.`;
}

function rateOf(text: string | undefined): Rational[] {
  const match = /^(\d+)\/(\d+)$/.exec(text ?? '');
  return match && Number(match[1]) > 0 && Number(match[2]) > 0 ? [rational(Number(match[1]), Number(match[2]))] : [];
}
