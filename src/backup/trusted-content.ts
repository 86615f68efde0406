import type { BackupTarget } from './backup-target.ts';
import { listKnown, readManifest } from './find-backup.ts';
import type { Patience } from './while-moving.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Hashes of the content that a target gave back as it was, when a backup of the last days read all of it: that of the newest such
 * backup. A manifest is on a target only where all that it names was good there.
 *
 * @param days how long ago that backup may have begun; 0 = none is trusted
 */
export async function trustedContent(
  target: BackupTarget,
  { days, now, ...patience }: Patience & { readonly days: number; readonly now: Date },
): Promise<ReadonlySet<string>> {
  if (days === 0) return new Set();
  const { ids } = await listKnown([target], patience);
  for (const id of ids.get(target)?.toReversed() ?? []) {
    const manifest = await readManifest(target, id, patience);
    if (typeof manifest === 'string' || manifest instanceof Error) continue;
    const age = now.getTime() - Date.parse(manifest.begun);
    // A clock ran ahead: what it dated would be trusted until then.
    if (age < 0) continue;
    if (age > days * DAY) break;
    if (manifest.reread) return new Set(manifest.files.map(({ sha256 }) => sha256));
  }
  return new Set();
}
