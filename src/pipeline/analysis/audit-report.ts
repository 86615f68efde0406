import { type AuditFacts, auditFacts } from '../../carry/skip/audit-facts.ts';
import type { Report } from '../../report/report.ts';
import type { TrackedReel } from './tracked-reel.ts';

/** What the shadow audit found, of all tracks together and of each; null where nothing was audited. */
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

/** A sentence for every track that was carried more cautiously than its preset says. */
export function limitNotes({ histories }: Pick<TrackedReel, 'histories'>): string[] {
  return histories
    .filter(({ limitHalvings }) => limitHalvings > 0)
    .map(
      ({ id, limitHalvings }) =>
        `Track ${id}: landmarks carried without a look were off ${limitHalvings === 1 ? 'once' : `${limitHalvings} times`}, so the landmark network was let rest ${2 ** limitHalvings} times more cautiously from there on.`,
    );
}
