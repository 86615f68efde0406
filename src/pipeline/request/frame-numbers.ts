import { UsageError } from '../../settings/usage-error.ts';

/**
 * Reads `1001-1100` or a single `1001`: frames in the reel's own numbering, both ends included.
 *
 * @param name how errors name the value
 * @throws UsageError
 */
export function parseFrameNumbers(text: string, name: string): { first: number; last: number } {
  const match = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(text);
  if (!match)
    throw new UsageError(`${name} "${text}" is not a range of frames. Write it as 1001-1100, both ends included.`);
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (last < first) throw new UsageError(`${name} "${text}" ends before it begins. Did you mean ${last}-${first}?`);
  return { first, last };
}
