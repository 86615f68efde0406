import { type AuditFacts, auditFacts } from '../../carry/skip/audit-facts.ts';
import type { Report } from '../../report/report.ts';
import type { TrackedReel } from './tracked-reel.ts';

/** Figures of the audit, of all tracks together and of each; null without audits. */
export function auditReport({ histories }: Pick<TrackedReel, 'histories'>): Report['audit'] {
  const all = auditFacts(histories.flatMap(({ audits }) => audits));
  if (!all) return null;
  const tracks: Record<string, AuditFacts> = {};
  for (const { id, audits } of histories) {
    const facts = auditFacts(audits);
    if (facts) tracks[id] = facts;
  }
  return { sampled: all.sampled, rmsIod: all.rms, p99Iod: all.p99, tracks };
}

/** A sentence for every track whose limits of skipping were halved. */
export function limitNotes({ histories }: Pick<TrackedReel, 'histories'>): string[] {
  return histories
    .filter(({ limitHalvings }) => limitHalvings > 0)
    .map(
      ({ id, limitHalvings }) =>
        `Track ${id}: carried landmarks were off ${limitHalvings === 1 ? 'once' : `${limitHalvings} times`}, so the limits of skipping the landmark network were divided by ${2 ** limitHalvings} from there on.`,
    );
}
