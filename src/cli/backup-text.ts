import type { BackupSummary } from '../backup/back-up.ts';
import type { BackupList } from '../backup/list-backups.ts';
import type { RestoreBackupSummary } from '../backup/restore-backup.ts';
import type { VerifySummary } from '../backup/verify-backup.ts';
import { formatBytes } from '../disk/format-bytes.ts';
import { textTable } from './text-table.ts';

/** What a command has to say: its answer, and what went wrong or should be known. Lines, each ended by a line feed. */
export interface BackupText {
  readonly answer: string;
  readonly trouble: string;
}

export function backupText(summary: BackupSummary): BackupText {
  const columns = [
    { name: 'target', align: 'left' },
    { name: 'copy', align: 'left' },
    { name: 'sent', align: 'right' },
    { name: 'size', align: 'right' },
    { name: 'there already', align: 'right' },
  ] as const;
  const rows = summary.targets.map(({ target, good, sent, sentBytes, kept, trusted }) => [
    target,
    good ? 'good' : 'not good',
    String(sent),
    formatBytes(sentBytes),
    trusted > 0 ? `${kept + trusted}, ${trusted} not read again` : String(kept),
  ]);
  // Without a good copy nothing has the manifest that the line names.
  const line = summary.targets.some(({ good }) => good) ? backupLine(summary) : '';
  return {
    answer: `${textTable(columns, rows)}${line}`,
    trouble: lines([
      ...summary.notes.map((note) => `Note: ${note}`),
      ...summary.leftOut.map(({ path, why }) => `reelmend: "${path}" was not backed up: ${why}.`),
      ...troubleOf(summary),
    ]),
  };
}

export function verifiedText(summary: VerifySummary): BackupText {
  const columns = [
    { name: 'target', align: 'left' },
    { name: 'copy', align: 'left' },
    { name: 'damaged', align: 'right' },
    { name: 'absent', align: 'right' },
  ] as const;
  const rows = summary.targets.map(({ target, good, damaged, absent }) => [
    target,
    good ? 'good' : 'not good',
    String(damaged.length),
    String(absent.length),
  ]);
  return {
    answer: `${textTable(columns, rows)}${backupLine(summary)}`,
    trouble: lines(troubleOf(summary)),
  };
}

export function restoredText({ manifest, folder, files, bytes, lost, notes }: RestoreBackupSummary): BackupText {
  return {
    answer: `Restored ${count(files)} (${formatBytes(bytes)}) of ${manifest} to ${folder}\n`,
    trouble: lines([
      ...notes.map((note) => `Note: ${note}`),
      ...lost.map((path) => `reelmend: "${path}" is lost: no target that answers has it as it was.`),
    ]),
  };
}

export function listText({ backups, failed }: BackupList): BackupText {
  const columns = [
    { name: 'backup', align: 'left' },
    { name: 'files', align: 'right' },
    { name: 'size', align: 'right' },
    { name: 'below', align: 'left' },
    { name: 'on', align: 'left' },
  ] as const;
  const rows = backups.map(({ manifest, content, targets }) => [
    manifest,
    content ? String(content.files) : '–',
    content ? formatBytes(content.bytes) : '–',
    content ? content.from : 'its manifest is damaged',
    targets.join(', '),
  ]);
  return {
    answer: backups.length > 0 ? textTable(columns, rows) : 'The targets hold no backups.\n',
    trouble: lines(failed.map((why) => `reelmend: ${why}`)),
  };
}

function troubleOf({ targets, copies, success }: BackupSummary | VerifySummary): string[] {
  const reasons = targets.flatMap(({ why }) => (why === undefined ? [] : [`reelmend: ${why}`]));
  const good = targets.filter((target) => target.good).length;
  const sum = `reelmend: ${good} of ${copies} copies ${good === 1 ? 'is' : 'are'} good.`;
  return success || good >= copies ? reasons : [...reasons, sum];
}

/** `Backup  20261128T020000000Z-…: 15 files, 1.2 GiB, below /films`. */
function backupLine({ manifest, files, bytes, from }: BackupSummary | VerifySummary): string {
  return `Backup  ${manifest}: ${count(files)}, ${formatBytes(bytes)}, below ${from}\n`;
}

function count(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

function lines(sentences: readonly string[]): string {
  return sentences.map((sentence) => `${sentence}\n`).join('');
}
