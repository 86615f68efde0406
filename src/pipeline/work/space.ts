import { freeBytes } from '../../disk/durable.ts';
import { formatBytes } from '../../disk/format-bytes.ts';
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
