import { isDeepStrictEqual } from 'node:util';
import { RESTORERS } from '../../restore/restorers.ts';
import { loadPreset, type Preset } from '../../settings/preset.ts';
import { changeTexts } from '../../settings/setting-changes.ts';
import { analyse } from '../analysis/analyse.ts';
import type { AnalysisResources } from '../analysis/analysis-resources.ts';
import { pullModels } from '../analysis/pull-models.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { PreviewJob, PreviewVersion } from '../job.ts';
import { type CastTrack, castTracksToRender } from '../render/cast-track.ts';
import { paintingsOf, restorerNetworks } from '../render/choose-restorer.ts';
import type { RunOptions } from '../run-options.ts';
import { originOf, type TakeOrigin } from '../work/take-origin.ts';

/** A version of the frames, ready to be rendered. */
export interface PlannedVersion {
  readonly version: PreviewVersion;
  /** In which it differs from the others. */
  readonly name: string;
  readonly job: PreviewJob;
  readonly analysis: ReelAnalysis;
  readonly tracks: readonly CastTrack[];
  readonly origin: TakeOrigin;
}

/** The job as a version has it. */
export function jobOf(job: PreviewJob, { restorer = job.restorer, settings }: PreviewVersion): PreviewJob {
  return { ...job, restorer, settings: { ...job.settings, ...settings } };
}

/** `detail, detail.strength=0.8`. */
export function nameOf({ restorer, settings }: PreviewVersion): string {
  return [...(restorer ? [restorer] : []), ...changeTexts(settings)].join(', ');
}

/**
 * Plans a version.
 *
 * @param known an analysis of the same reel, which serves where the version differs in nothing but how faces are painted
 */
export async function planVersion(
  base: PreviewJob,
  version: PreviewVersion,
  known: ReelAnalysis,
  resources: AnalysisResources,
  run: RunOptions,
): Promise<PlannedVersion> {
  const job = jobOf(base, version);
  const preset = await loadPreset(job.preset, RESTORERS, job.settings);
  const analysis = findsAlike(preset, known.preset)
    ? { ...known, preset }
    : await analyse({ ...job, widens: true }, resources, run);
  const paintings = paintingsOf({ preset, request: job }, analysis.chosen);
  const networks = await pullModels(resources.library, restorerNetworks(RESTORERS, paintings), run);
  const tracks = await castTracksToRender(analysis, resources, job, run.signal);
  const origin = originOf(analysis, resources.ffmpeg, networks);
  return { version, name: nameOf(version), job, analysis, tracks, origin };
}

/** True where two presets find and cast the same tracks, whatever they paint them with. */
function findsAlike(a: Preset, b: Preset): boolean {
  const rooms = ['proxy', 'tracking', 'carrying', 'casting', 'smoothing', 'models'] as const;
  return rooms.every((room) => isDeepStrictEqual(a[room], b[room]));
}

/** True where two versions make the same pictures: they differ in settings that the restorer of one does not read. */
export function rendersAlike(a: PlannedVersion, b: PlannedVersion): boolean {
  const facts = ({ analysis: { tracked }, tracks }: PlannedVersion) => ({
    tracked: tracked.tracks,
    faces: tracks.map(({ id, brief: { restorer, stills, patchSize } }) => ({ id, restorer, stills, patchSize })),
  });
  return isDeepStrictEqual(facts(a), facts(b));
}
