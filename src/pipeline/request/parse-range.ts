import { isTimecode } from '../../film/timecode.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { AskedRange, FrameAddress } from '../job.ts';

const WRITE = 'Write it as 1001-1100 or 01:00:10:00-01:00:14:12, both ends included.';

/**
 * Reads `1001-1100` or a single `1001`, frames in the reel's own numbering, or `01:00:10:00-01:00:14:12` by timecode; both ends
 * included. Whether the reel has them is told when it is open.
 *
 * @param name how errors name the value
 * @throws UsageError
 */
export function parseRange(text: string, name: string): AskedRange {
  const [from = '', to = from, ...more] = text.split('-').map((part) => part.trim());
  const [first, last] = [addressOf(from), addressOf(to)];
  if (first === null || last === null || more.length > 0) {
    throw new UsageError(`${name} "${text}" is not a range of frames. ${WRITE}`);
  }
  return checkedRange({ first, last }, name);
}

/** A range as a program gave it. @throws UsageError */
export function checkedRange({ first, last }: AskedRange, name: string): AskedRange {
  for (const end of [first, last]) {
    if (typeof end === 'string' && !isTimecode(end)) {
      throw new UsageError(`${name} "${end}" is not a timecode. Write it as 01:00:10:00.`);
    }
  }
  if (typeof first !== typeof last) {
    throw new UsageError(
      `${name} "${first}-${last}" mixes a frame number and a timecode. Give both ends as numbers, or both as timecodes.`,
    );
  }
  if (typeof first === 'number' && typeof last === 'number' && last < first) {
    throw new UsageError(`${name} "${first}-${last}" ends before it begins. Did you mean ${last}-${first}?`);
  }
  return { first, last };
}

/** Reads one frame, `1001` or `01:00:10:00`. @throws UsageError */
export function parseFrame(text: string, name: string): FrameAddress {
  const address = addressOf(text.trim());
  if (address !== null) return address;
  throw new UsageError(
    `${name} "${text}" is not a frame. Write its number, such as 1001, or its timecode, such as 01:00:10:00.`,
  );
}

function addressOf(text: string): FrameAddress | null {
  if (/^\d+$/.test(text)) return Number(text);
  return isTimecode(text) ? text : null;
}
