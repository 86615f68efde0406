import { analyse } from './analysis/analyse.ts';
import { openAnalysisResources } from './analysis/analysis-resources.ts';
import type { ReelAnalysis } from './analysis/reel-analysis.ts';
import { parseInspect } from './request/parse-request.ts';
import type { InspectRequest } from './request/request.ts';
import { type RunOptions, runOptions } from './run-options.ts';

/**
 * Finds the faces of a reel and who plays whom, as data: every landmark of every frame, to be kept with `writeAnalysis` or worked on.
 * Writes nothing but the cache.
 *
 * @throws UsageError for a request that means nothing; ReelError, StillError, PresetError for an input that cannot be used
 */
export async function analyseReel(request: InspectRequest, options: Partial<RunOptions> = {}): Promise<ReelAnalysis> {
  const job = parseInspect(request);
  using resources = await openAnalysisResources(job);
  return analyse(job, resources, runOptions(options));
}
