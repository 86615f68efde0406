import type { FoundShots } from '../editorial/found-shots.ts';
import type { TracksFile } from '../report/tracks-file.ts';
import { analyse } from './analysis/analyse.ts';
import { analysedTracks } from './analysis/analysed-tracks.ts';
import { openAnalysisResources } from './analysis/analysis-resources.ts';
import { explainFrame } from './analysis/explain.ts';
import { frameAsked } from './analysis/frame-range.ts';
import { foundShotsOf } from './evidence/found-shots-of.ts';
import type { FrameAddress, InspectJob } from './job.ts';
import { parseInspect } from './request/parse-request.ts';
import type { InspectRequest } from './request/request.ts';
import { type RunOptions, runOptions } from './run-options.ts';

/** The result of inspecting a reel. */
export interface Inspection {
  readonly tracksFile: TracksFile;
  /** Sentences for the person who asked. */
  readonly notes: readonly string[];
  /** The detected shots, to be written as an editor's list by `shotListText`. */
  readonly shots: FoundShots;
  /**
   * Why each network ran or was skipped in a frame, numbered as the reel is or by its timecode, as lines for people.
   *
   * @throws ReelError for a frame that the reel does not have
   */
  explain(frame: FrameAddress): readonly string[];
}

/**
 * Finds the faces of a reel; writes nothing but the cache.
 *
 * @throws UsageError for a request that means nothing; ReelError, StillError, PresetError for an input that cannot be used
 */
export function inspectReel(request: InspectRequest, options: Partial<RunOptions> = {}): Promise<Inspection> {
  return inspectJob(parseInspect(request), runOptions(options));
}

/** The same for a request that is parsed already. */
export async function inspectJob(job: InspectJob, options: RunOptions): Promise<Inspection> {
  using resources = await openAnalysisResources(job, options);
  const analysis = await analyse(job, resources, options);
  const { reel, tracked } = analysis;
  const tracksFile = analysedTracks(analysis);
  const damaged = [...reel.damaged].map(
    ([frame, reason]) =>
      `Frame ${reel.first + frame} cannot be read and would be ${reel.kind === 'folder' && !reel.files[frame] ? 'missing from a folder' : 'passed through'}: ${reason}.`,
  );
  return {
    tracksFile,
    notes: [...analysis.notes, ...damaged],
    shots: foundShotsOf(analysis),
    explain: (frame) => explainFrame(reel, analysis.preset, tracked, frameAsked(reel, frame, '--frame')),
  };
}
