import { type Rational, toNumber } from './rational.ts';

/** Frames that a drop-frame count skips each minute but every tenth: 2 at 29.97, 4 at 59.94 (SMPTE ST 12-1 §5.2.2). */
function droppedFrames(label: string, fps: number): number {
  return /[;.]\d+$/.test(label) && fps % 30 === 0 ? (fps / 30) * 2 : 0;
}

/**
 * The timecode label `frames` frames after `label`, counted by the rule of the label: `HH:MM:SS:FF`, or `HH:MM:SS;FF` with
 * dropped frame numbers. Labels wrap around at 24 hours. A label that cannot be read comes back as null.
 */
export function advanceTimecode(label: string, frames: number, rate: Rational): string | null {
  const match = /^(\d{1,2}):(\d\d):(\d\d)([:;.])(\d{1,3})$/.exec(label.trim());
  // Timecode counts whole frames: 24 of them make its second at 23.976 as well.
  const fps = Math.round(toNumber(rate));
  if (!match || fps <= 0) return null;
  const [hours, minutes, seconds, , frame] = match.slice(1).map(Number) as [number, number, number, number, number];
  const drop = droppedFrames(label.trim(), fps);

  const minute = hours * 60 + minutes;
  const count = (minute * 60 + seconds) * fps + frame - drop * (minute - Math.floor(minute / 10));
  const day = 144 * framesInTenMinutes(fps, drop);
  return format((((count + frames) % day) + day) % day, { fps, drop, separator: match[4] as string });
}

function framesInTenMinutes(fps: number, drop: number): number {
  return 600 * fps - 9 * drop;
}

interface TimecodeForm {
  readonly fps: number;
  /** Numbers that are skipped each minute but every tenth. */
  readonly drop: number;
  /** Between seconds and frames. */
  readonly separator: string;
}

function format(count: number, { fps, drop, separator }: TimecodeForm): string {
  const perTenMinutes = framesInTenMinutes(fps, drop);
  const tens = Math.floor(count / perTenMinutes);
  const rest = count % perTenMinutes;
  // The first minute of ten is whole, the other nine lack their dropped numbers.
  const skipped = rest < 60 * fps ? 0 : 1 + Math.floor((rest - 60 * fps) / (60 * fps - drop));
  const number = tens * 600 * fps + rest + skipped * drop;
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(number / fps);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${separator}${two(number % fps)}`;
}
