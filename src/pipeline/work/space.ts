import { freeBytes } from '../../disk/durable.ts';
import { OutputError } from '../../disk/output-error.ts';

/** Reserve over the estimate, which is rough. */
const RESERVE = 1.1;

/**
 * Checks that `estimate` bytes, and a tenth more, fit on the disk of `path`, which itself need not exist yet.
 *
 * @throws OutputError that says how much is missing.
 */
export async function assertSpace(path: string, estimate: number): Promise<void> {
  const needed = estimate * RESERVE;
  const free = await freeBytes(path);
  if (needed <= free) return;
  throw new OutputError(
    path,
    `Not enough space for "${path}": about ${formatBytes(needed)} are needed, ${formatBytes(free)} are free. Free ${formatBytes(needed - free)}, or choose an output on another disk.`,
  );
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** For people: `3 bytes`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
