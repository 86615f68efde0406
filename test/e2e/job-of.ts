import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { type RunOptions, runOptions } from '../../src/pipeline/run-options.ts';

/** A job as the command line makes it where nothing but reel, output and reference is given. */
export function jobOf(reel: string, out: string, stills: string, more: Partial<RestoreRequest> = {}): RestoreRequest {
  return { reel, out, references: [stills], ...more };
}

export const QUIET: RunOptions = runOptions({});
