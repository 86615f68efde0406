import type { Report } from '../../report/report.ts';
import type { OutputPlace } from '../work/output-life.ts';

/** What lies beside a run's output, as its report lists it. */
export function besideFacts({ sides, tracks }: Pick<OutputPlace, 'sides' | 'tracks'>): NonNullable<Report['beside']> {
  return [
    ...sides.map(({ kind, folder, alpha }) => ({ kind, folder, ...(alpha ? { alpha } : {}) })),
    ...(tracks === undefined ? [] : [{ kind: 'tracks' as const, folder: tracks }]),
  ];
}
