import { quantileOf } from '../../motion/quantile.ts';
import type { Audit } from '../track/frame-decision.ts';

/** Error of skipping the landmark network, per cent of the distance between the eyes. */
export interface AuditFacts {
  /** Skipped runs that were made all the same. */
  readonly sampled: number;
  /** Root mean square error of carried landmarks: all regions together, and its 99th percentile over the audits. */
  readonly rms: number;
  readonly p99: number;
  /** Mean error by region. */
  readonly rigid: number;
  readonly lips: number;
  readonly lids: number;
  /** Least cosine between an audited embedding and the track's last one. */
  readonly leastCosine: number;
}

/** Figures of all audits together; null where there are none. */
export function auditFacts(audits: readonly Audit[]): AuditFacts | null {
  if (audits.length === 0) return null;
  const squares = audits.map(({ rigid, lips, lids }) => (rigid * rigid + lips * lips + lids * lids) / 3);
  const mean = (of: (audit: Audit) => number) =>
    (100 * audits.reduce((sum, audit) => sum + of(audit), 0)) / audits.length;
  return {
    sampled: audits.length,
    rms: 100 * Math.sqrt(squares.reduce((sum, v) => sum + v, 0) / squares.length),
    p99: 100 * quantileOf(squares.map(Math.sqrt), 0.99),
    rigid: mean(({ rigid }) => rigid),
    lips: mean(({ lips }) => lips),
    lids: mean(({ lids }) => lids),
    leastCosine: Math.min(...audits.map(({ cosine }) => cosine)),
  };
}
