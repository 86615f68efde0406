import type { InspectJob } from './job.ts';
import type { RunOptions } from './restore.ts';

export interface Inspection {
  readonly tracksFile: unknown;
  readonly notes: readonly string[];
}

export function inspectReel(_job: InspectJob, _options: RunOptions): Promise<Inspection> {
  throw new Error('being written');
}
