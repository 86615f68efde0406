import { totalmem } from 'node:os';

/** Share of free memory that rendering plans with: ffmpeg's processes and the system need some too. */
const SHARE = 0.8;

/** How many processes of Reelmend share the machine, each of which plans with an equal part; unset where this is the only one. */
export const SHARERS = 'REELMEND_SLOTS';

/**
 * Bytes that rendering may plan with: a share of what is free, of the machine's memory or of this process's control group.
 *
 * What counts as used in a control group holds the cache of files, which makes room when somebody asks: half of its limit is
 * planned with at least.
 */
export function memoryToPlanWith(): number {
  // 0 where it is not known, and more than the machine has where there is no limit.
  const limit = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return (SHARE * Math.max(limit / 2, Math.min(limit, process.availableMemory()))) / sharers();
}

/** 1 and more. */
function sharers(): number {
  return Math.max(1, Math.floor(Number(process.env[SHARERS])) || 1);
}
