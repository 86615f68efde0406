import { type Rational, toNumber } from './rational.ts';

/** A timecode label in its parts: `HH:MM:SS:FF`, or `HH:MM:SS;FF` with dropped frame numbers (SMPTE ST 12-1). */
interface Label {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly frames: number;
  /** Between seconds and frames: `;` and `.` stand in labels of a drop-frame count. */
  readonly separator: string;
}

function parseLabel(text: string): Label | null {
  const match = /^(\d{1,2}):(\d\d):(\d\d)([:;.])(\d{1,3})$/.exec(text.trim());
  if (!match) return null;
  const [hours, minutes, seconds, , frames] = match.slice(1).map(Number) as [number, number, number, number, number];
  return { hours, minutes, seconds, frames, separator: match[4] as string };
}

/** True for what is written as a timecode label, whether or not a frame has it. */
export function isTimecode(text: string): boolean {
  return parseLabel(text) !== null;
}

/** True for a label that is counted with dropped frame numbers. */
export function isDropFrame(label: string): boolean {
  return /[;.]\d+$/.test(label.trim());
}

/** Frames that timecode counts in a second: 24 of them make its second at 23.976 as well. */
export function nominalRate(rate: Rational): number {
  return Math.round(toNumber(rate));
}

/** How many frames a second has, and how many numbers each minute but every tenth skips. */
interface Counting {
  readonly fps: number;
  /** 2 at 29.97, 4 at 59.94 (SMPTE ST 12-1 §5.2.2); 0 where nothing is dropped. */
  readonly drop: number;
}

function countingOf({ separator }: Pick<Label, 'separator'>, rate: Rational): Counting {
  const fps = nominalRate(rate);
  return { fps, drop: separator !== ':' && fps % 30 === 0 ? (fps / 30) * 2 : 0 };
}

function countOf({ hours, minutes, seconds, frames }: Label, { fps, drop }: Counting): number {
  const minute = hours * 60 + minutes;
  return (minute * 60 + seconds) * fps + frames - drop * (minute - Math.floor(minute / 10));
}

/** Frames from 00:00:00:00 to a label, by the rule of the label; null for a label that cannot be read. */
export function timecodeCount(label: string, rate: Rational): number | null {
  const parts = parseLabel(label);
  const fps = nominalRate(rate);
  return parts && fps > 0 ? countOf(parts, countingOf(parts, rate)) : null;
}

/**
 * Why no frame has the label, as the end of a sentence; null where one may.
 *
 * @param start a label of the same film, by the rule of which frames are counted
 */
export function timecodeFault(label: string, start: string, rate: Rational): string | null {
  const parts = parseLabel(label);
  const rule = parseLabel(start);
  if (!parts || !rule) return 'it is not a timecode; write it as 01:00:10:00';
  const { fps, drop } = countingOf(rule, rate);
  const { hours, minutes, seconds, frames, separator } = parts;
  const isDrop = separator !== ':';
  if (isDrop && drop === 0) {
    return `it is a drop-frame label, and the reel counts without dropped numbers; write it as ${label.replace(/[;.](\d+)\s*$/, ':$1')}`;
  }
  if (!isDrop && drop > 0) {
    return `the reel counts with dropped numbers (drop-frame); write it as ${label.replace(/:(\d+)\s*$/, ';$1')}`;
  }
  if (hours > 23 || minutes > 59 || seconds > 59) {
    return 'there are 24 hours, 60 minutes and 60 seconds, numbered from 0';
  }
  if (frames >= fps) return `a second has ${fps} frames, numbered 0 to ${fps - 1}`;
  if (drop > 0 && seconds === 0 && frames < drop && minutes % 10 !== 0) {
    return `drop-frame counting skips that number; the minute begins with ${two(hours)}:${two(minutes)}:00${separator}${two(drop)}`;
  }
  return null;
}

/**
 * Frames from `start` forward to `label`, from 0; labels wrap around at 24 hours. Both are counted by the rule of `start`.
 *
 * @param label one in which `timecodeFault` finds nothing
 */
export function framesFrom(start: string, label: string, rate: Rational): number {
  const [from, to] = [parseLabel(start), parseLabel(label)];
  if (!from || !to) throw new RangeError(`Timecodes were expected, got "${start}" and "${label}".`);
  const counting = countingOf(from, rate);
  return wrapped(countOf(to, counting) - countOf(from, counting), counting);
}

/**
 * The timecode label `frames` frames after `label`, counted by the rule of the label. Labels wrap around at 24 hours. A label that
 * cannot be read comes back as null.
 */
export function advanceTimecode(label: string, frames: number, rate: Rational): string | null {
  const parts = parseLabel(label);
  if (!parts || nominalRate(rate) <= 0) return null;
  const counting = countingOf(parts, rate);
  return format(wrapped(countOf(parts, counting) + frames, counting), counting, parts.separator);
}

function wrapped(count: number, counting: Counting): number {
  const day = 144 * framesInTenMinutes(counting);
  return ((count % day) + day) % day;
}

function framesInTenMinutes({ fps, drop }: Counting): number {
  return 600 * fps - 9 * drop;
}

function format(count: number, counting: Counting, separator: string): string {
  const { fps, drop } = counting;
  const perTenMinutes = framesInTenMinutes(counting);
  const tens = Math.floor(count / perTenMinutes);
  const rest = count % perTenMinutes;
  // The first minute of ten is whole, the other nine lack their dropped numbers.
  const skipped = rest < 60 * fps ? 0 : 1 + Math.floor((rest - 60 * fps) / (60 * fps - drop));
  const number = tens * 600 * fps + rest + skipped * drop;
  const seconds = Math.floor(number / fps);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${separator}${two(number % fps)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
