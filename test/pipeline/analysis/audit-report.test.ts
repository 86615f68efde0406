import { describe, expect, it } from 'vitest';
import { auditReport, limitNotes } from '../../../src/pipeline/analysis/audit-report.ts';

const history = (id: string, limitHalvings: number, rigid?: number) => ({
  id,
  decisions: [],
  audits: rigid === undefined ? [] : [{ frame: 3, rigid, lips: 0.01, lids: 0.005, cosine: 0.97 }],
  limitHalvings,
  motion: null,
});

describe('what the report says of carrying', () => {
  it('names every track that was carried more cautiously, how often it was off and by how much', () => {
    expect(limitNotes({ histories: [history('t1', 0), history('t2', 1), history('t3', 3)] })).toEqual([
      'Track t2: landmarks carried without a look were off once, so the landmark network was let rest 2 times more cautiously from there on.',
      'Track t3: landmarks carried without a look were off 3 times, so the landmark network was let rest 8 times more cautiously from there on.',
    ]);
  });

  it('gives the audit of all tracks and of each that was audited, per cent of the distance between the eyes', () => {
    const audit = auditReport({ histories: [history('t1', 0, 0.004), history('t2', 0), history('t3', 0, 0.03)] });
    expect(audit?.sampled).toBe(2);
    expect(Object.keys(audit?.tracks ?? {})).toEqual(['t1', 't3']);
    expect(audit?.tracks['t1']?.rigid).toBeCloseTo(0.4, 9);
    expect(auditReport({ histories: [history('t1', 0)] })).toBeNull();
  });
});
