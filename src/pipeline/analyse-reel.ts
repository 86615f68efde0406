import { analyse } from './analysis/analyse.ts';
import { openAnalysisResources } from './analysis/analysis-resources.ts';
import type { ReelAnalysis } from './analysis/reel-analysis.ts';
import { parseInspect } from './request/parse-request.ts';
import type { InspectRequest } from './request/request.ts';
import { type RunOptions, runOptions } from './run-options.ts';

/**
 * Tracks and casts the faces of a reel. The result is data with every landmark of every frame; `writeAnalysis` keeps it. Writes
 * nothing but the cache.
 *
 * @throws UsageError for a request that means nothing; ReelError, StillError, PresetError for an input that cannot be used
 */
export async function analyseReel(request: InspectRequest, options: Partial<RunOptions> = {}): Promise<ReelAnalysis> {
  const job = parseInspect(request);
  const run = runOptions(options);
  using resources = await openAnalysisResources(job, run);
  return analyse(job, resources, run);
}
