import { join, resolve } from 'node:path';
import { UsageError } from '../../settings/usage-error.ts';

/** Where a worker keeps copies, and where it has networks from. */
export interface FarmStorage {
  /** See `fillStore`; absent: networks are fetched as on any machine. */
  readonly store?: string;
  /** See `openHotFolder`; absent: copies are in the user's cache folder. */
  readonly hot?: { readonly folder: string; readonly bytes: number };
}

/** A byte's multiples as disks are counted by, 1024 each. */
const UNITS: Readonly<Record<string, number>> = { M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes as the command line takes them: `500M`, `200G`, `1.5T`. @throws UsageError */
export function parseSize(text: string, flag: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([MGT])(?:i?B)?$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * (UNITS[unit?.toUpperCase() ?? ''] ?? Number.NaN);
  if (bytes > 0) return Math.round(bytes);
  throw new UsageError(`${flag} "${text}" is not a size. Write it as 500M, 200G or 1.5T.`);
}

/**
 * What the environment of a slot has, so that it, its threads and all that it starts find networks, tracks and stills' features there. With
 * a store it fetches nothing from the internet. Tracks and faces that are kept have sizes of their own, beside the hot folder's.
 */
export function storageEnvironment({ store, hot }: FarmStorage): Readonly<Record<string, string>> {
  return {
    ...(store === undefined ? {} : { REELMEND_STORE: resolve(store), REELMEND_OFFLINE: '1' }),
    ...(hot === undefined
      ? {}
      : {
          REELMEND_HOT: resolve(hot.folder),
          REELMEND_HOT_BYTES: `${hot.bytes}`,
          REELMEND_CACHE: join(resolve(hot.folder), 'cache'),
        }),
  };
}
