import type { FrameRange } from '../../film/range.ts';
import { describeFrames, type Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import { framesFrom, isTimecode, timecodeFault } from '../../film/timecode.ts';
import type { AskedRange, FrameAddress } from '../job.ts';

/**
 * The requested frames, counted from the reel's first.
 *
 * @param asked inclusive, in the reel's own numbering or by its timecode; absent = all
 * @throws ReelError for frames outside the reel, and for a timecode that none of its frames has
 */
export function framesAsked(reel: Reel, asked: AskedRange | undefined): FrameRange {
  if (!asked) return { in: 0, out: reel.frames };
  const written = asked.first === asked.last ? `${asked.first}` : `${asked.first}-${asked.last}`;
  const name = `--range ${written}`;
  const [first, last] = [indexOf(reel, asked.first, name), indexOf(reel, asked.last, name)];
  if (isOutside(reel, first) || isOutside(reel, last)) throw outside(reel, name);
  if (last < first) {
    throw new ReelError(`${name} ends before it begins. Did you mean ${asked.last}-${asked.first}?`);
  }
  return { in: first, out: last + 1 };
}

/**
 * The requested frame, counted from the reel's first.
 *
 * @param name how errors name it
 * @throws ReelError for a frame that the reel does not have
 */
export function frameAsked(reel: Reel, asked: FrameAddress, name: string): number {
  const index = indexOf(reel, asked, `${name} ${asked}`);
  if (isOutside(reel, index)) throw outside(reel, `${name} ${asked}`);
  return index;
}

function isOutside(reel: Reel, index: number): boolean {
  return index < 0 || index >= reel.frames;
}

function outside(reel: Reel, name: string): ReelError {
  return new ReelError(`${name}: "${reel.path}" has ${describeFrames(reel)}. Ask for frames inside it.`);
}

/** Counted from the reel's first frame; of a number it may lie outside. */
function indexOf(reel: Reel, asked: FrameAddress, name: string): number {
  if (typeof asked === 'number') return asked - reel.first;
  const { timecode: start } = reel;
  if (start === undefined || !isTimecode(start)) {
    const why = start === undefined ? 'has no timecode' : `has a timecode that cannot be read, "${start}"`;
    throw new ReelError(
      `${name}: "${reel.path}" ${why}. Give frame numbers, ${reel.first} to ${reel.first + reel.frames - 1}.`,
    );
  }
  const fault = timecodeFault(asked, start, reel.rate);
  if (fault !== null) throw new ReelError(`${name}: no frame of "${reel.path}" is labelled ${asked}: ${fault}.`);
  return framesFrom(start, asked, reel.rate);
}
