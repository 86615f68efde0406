import type { RestoreJob } from '../../src/pipeline/job.ts';
import type { RunOptions } from '../../src/pipeline/restore.ts';

/** A job as the command line makes it where nothing but reel, output and reference is given. */
export function jobOf(reel: string, out: string, stills: string, more: Partial<RestoreJob> = {}): RestoreJob {
  return {
    reel,
    out,
    references: [{ name: 'actor', paths: [stills] }],
    find: [],
    transfer: 'auto',
    allowGaps: false,
    verifyReel: false,
    preset: 'restore',
    reuse: true,
    cache: true,
    models: {},
    device: 'auto',
    keepWork: false,
    maxIsolated: 0.003,
    ...more,
  };
}

export const QUIET: RunOptions = { onProgress: () => {}, signal: new AbortController().signal };
