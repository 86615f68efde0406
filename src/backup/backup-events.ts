import type { RunEvent } from '../log/run-event.ts';
import type { BackupSummary } from './back-up.ts';
import type { RestoreBackupSummary } from './restore-backup.ts';
import type { VerifySummary } from './verify-backup.ts';

/** What a log is told of a backup that has ended. */
export function backupEvents({ targets, files, bytes, copies, success, leftOut }: BackupSummary): RunEvent[] {
  return [
    ...targets.map(
      ({ target, good, why }): RunEvent =>
        good
          ? { code: 'BACKUP_COPIED', labels: { target }, counts: { files, bytes } }
          : { code: 'E_BACKUP_TARGET', labels: { target }, ...reasonOf(why) },
    ),
    ...leftOut.map(({ path, why }): RunEvent => ({ code: 'E_BACKUP_LEFT_OUT', reason: `"${path}": ${why}` })),
    {
      code: success ? 'BACKUP_DONE' : 'E_BACKUP_SHORT',
      counts: { files, bytes, copies: targets.filter(({ good }) => good).length },
      ...(success ? {} : { reason: `${copies} good copies were asked for.` }),
    },
  ];
}

/** The same for a verification. */
export function verifyEvents({ targets, files, bytes, copies, success }: VerifySummary): RunEvent[] {
  return [
    ...targets.flatMap(({ target, good, why, damaged, absent }): RunEvent[] => [
      ...(good || damaged.length + absent.length > 0
        ? []
        : [{ code: 'E_BACKUP_TARGET', labels: { target }, ...reasonOf(why) } as const]),
      ...[...damaged, ...absent].map(
        (path): RunEvent => ({ code: 'E_BACKUP_DAMAGED', labels: { target }, reason: path }),
      ),
    ]),
    {
      code: success ? 'BACKUP_VERIFIED' : 'E_BACKUP_SHORT',
      counts: { files, bytes, copies: targets.filter(({ good }) => good).length },
      ...(success ? {} : { reason: `${copies} good copies were asked for.` }),
    },
  ];
}

/** The same for what was brought back. */
export function restoredEvents({ files, bytes, lost }: RestoreBackupSummary): RunEvent[] {
  return [
    ...lost.map((path): RunEvent => ({ code: 'E_BACKUP_DAMAGED', reason: path })),
    { code: 'BACKUP_RESTORED', counts: { files, bytes } },
  ];
}

function reasonOf(why: string | undefined): Pick<RunEvent, 'reason'> {
  return why === undefined ? {} : { reason: why };
}
