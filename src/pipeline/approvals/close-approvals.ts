import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OutputError } from '../../disk/output-error.ts';
import { publishFile } from '../../disk/publish-file.ts';
import { type ApprovalLine, closingLines, type ReadApprovals, readApprovals } from '../../provenance/approvals.ts';
import { chained } from '../../provenance/chain.ts';
import { type Decided, readDecided } from '../../provenance/decided.ts';
import type { EditLog } from '../../provenance/edit-log.ts';
import { readEditLogFile } from '../../provenance/read-edit-log.ts';
import { EDIT_LOG } from '../evidence/write-edit-log.ts';

/** In the report's folder. */
export const APPROVALS = 'approvals.jsonl';
const DECISIONS = join('review', 'decisions.jsonl');

const shotsSchema = z.looseObject({ shots: z.array(z.looseObject({ in: z.int(), out: z.int() })) });

/** What a report's folder has of approvals. */
export interface ApprovalFiles {
  /** What is bound to outputs. */
  readonly bound: ReadApprovals;
  /** A review's decisions; null where there never was a review. */
  readonly decisions: readonly Decided[] | null;
  /** What would be bound now. */
  readonly due: readonly ApprovalLine[];
  /** The file's text. */
  readonly text: string;
}

/** Reads who approved what of an output. */
export async function readApprovalFiles(report: string, log: EditLog, seal: string): Promise<ApprovalFiles> {
  const read = (name: string) => readFile(join(report, name), 'utf8').catch(() => null);
  const [text, decided, tracks] = await Promise.all([read(APPROVALS), read(DECISIONS), read('tracks.json')]);
  const bound = readApprovals(text ?? '');
  const decisions = decided === null ? null : readDecided(decided);
  const due = decisions ? closingLines(bound, decisions, { log, seal, shots: shotsIn(tracks) }) : [];
  return { bound, decisions, due, text: text ?? '' };
}

/**
 * Binds what a review has decided to the output that lies there, at the end of the chain in `approvals.jsonl`: to be called before another output
 * takes its place, and before it is signed. Nothing is done where there is no log that holds.
 *
 * @throws OutputError where the chain does not hold: nothing is added to one that was tampered with
 */
export async function closeApprovals(report: string): Promise<void> {
  const read = await readEditLogFile(join(report, EDIT_LOG)).catch(() => null);
  if (!read?.log || read.faults.length > 0) return;
  const { log, seal } = read;
  const { bound, due, text: before } = await readApprovalFiles(report, log, seal);
  if (due.length === 0) return;
  const path = join(report, APPROVALS);
  if (bound.faults.length > 0) {
    throw new OutputError(
      path,
      `"${path}" does not hold: ${bound.faults[0]} Nothing is added to it. Restore it from a copy, or move it away to begin anew.`,
    );
  }
  const { hashes } = bound;
  const end = { line: hashes.length, previous: hashes.at(-1) };
  const added = end.previous === undefined ? chained(due) : chained(due, { line: end.line, previous: end.previous });
  await publishFile(path, `${before}${added}`);
}

function shotsIn(tracks: string | null): z.infer<typeof shotsSchema>['shots'] {
  try {
    return shotsSchema.parse(JSON.parse(tracks ?? '')).shots;
  } catch {
    return [];
  }
}
