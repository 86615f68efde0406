import { availableParallelism } from 'node:os';
import { lengthOf } from '../film/range.ts';
import type { Reel } from '../film/reel.ts';
import type { Ffmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { openFolderTarget } from '../media/write/folder-target.ts';
import { openMovieTarget } from '../media/write/movie-target.ts';
import type { Target } from '../media/write/target.ts';
import { RENDER_VERSION } from '../restore/render-version.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { PresetError } from '../settings/preset-error.ts';
import { analyse } from './analysis/analyse.ts';
import { openAnalysisResources } from './analysis/analysis-resources.ts';
import { pullModels } from './analysis/pull-models.ts';
import type { ReelAnalysis } from './analysis/reel-analysis.ts';
import { faceSampler } from './evidence/face-sampler.ts';
import { deliverMattes } from './evidence/matte-files.ts';
import { reportRun } from './evidence/report-run.ts';
import type { RestoreJob, RestoreSummary } from './job.ts';
import { castTracksToRender, plateColourOf } from './render/cast-track.ts';
import { restorerNetworks, restorerOfRun } from './render/choose-restorer.ts';
import { finishedTakes, renderTakes } from './render/render.ts';
import { parseRestore } from './request/parse-request.ts';
import type { RestoreRequest } from './request/request.ts';
import { type RunOptions, runOptions } from './run-options.ts';
import { summaryOf } from './work/finished-run.ts';
import { assertApart, outputKind } from './work/output-kind.ts';
import { finishedOutput, type OutputPlace, openOutput } from './work/output-life.ts';
import { planTakes, runKey } from './work/plan-takes.ts';
import { stageClock } from './work/stage-clock.ts';
import { mattesIn } from './work/take-folders.ts';

/**
 * Restores a reel: tracks and casts its faces, renders the takes in which a cast face appears, copies the others, and publishes
 * the output with a report.
 *
 * Finished takes stay: after a crash or an interruption the same job goes on at the first missing take, and another job takes over
 * those that it would render the same.
 *
 * @throws UsageError for a request that means nothing; ReelError, StillError, PresetError for an input that cannot be used;
 * OutputError for trouble with the target; FfmpegError, ModelError, ContractError, DeviceError for what they name. Aborting
 * rejects with the signal's reason.
 */
export async function restoreReel(request: RestoreRequest, options: Partial<RunOptions> = {}): Promise<RestoreSummary> {
  return restoreJob(parseRestore(request), runOptions(options));
}

/**
 * The same for a request that is parsed already.
 *
 * @param renderVersion which pixels the program makes: takes are known by it
 */
export async function restoreJob(
  job: RestoreJob,
  options: RunOptions,
  renderVersion = RENDER_VERSION,
): Promise<RestoreSummary> {
  const clock = stageClock(options.onProgress);
  const run = { signal: options.signal, onProgress: clock.onProgress };
  const place = placeOf(job);

  using resources = await openAnalysisResources(job);
  const { ffmpeg, library } = resources;
  const analysis = await analyse(job, resources, run, (reel) => assertTargetFits(job, reel, place.out));
  const { reel, print, range, overrides, preset } = analysis;
  const restorer = restorerOfRun(RESTORERS, preset, job, hasStills(analysis)).name;
  const networks = await pullModels(library, restorerNetworks(RESTORERS, preset, job), run);
  const tracks = await castTracksToRender(analysis, resources, job, run.signal);
  const target = await openTarget(job, analysis, ffmpeg, place);

  const origin = { print, reel, overrides, renderVersion, ffmpeg: ffmpeg.version, networks };
  const takes = planTakes(analysis, tracks, target, origin);
  const wantsMattes = job.mattes !== undefined;
  const key = runKey(takes, target, wantsMattes);
  const finished = await finishedOutput(place, key);
  if (finished) return summaryOf(finished, place.report, job.maxIsolated, true);

  await using output = await openOutput(place, key, target);
  const known = await finishedTakes(takes, output.takes, wantsMattes);
  const missing = takes.filter((take) => !known.has(take.key));
  await output.assertSpace(target.estimatedBytes(missing.reduce((sum, take) => sum + lengthOf(take), 0)), takes);

  const colour = plateColourOf(reel);
  const recogniser = job.models.recogniser ?? preset.models.recogniser;
  await using sampler = faceSampler({ recogniser, device: analysis.device }, colour, tracks);
  const evidence = { colour, sampler, mattes: wantsMattes };
  const seen = { recogniser: analysis.models[recogniser] ?? '' };
  const plan = { takes, tracks, target, ffmpeg, cores: availableParallelism(), evidence, ...seen };
  const { takes: rendered, notes: renderNotes } = await renderTakes(plan, analysis, output.takes, known, run);

  run.onProgress({ stage: 'conforming', done: 0, total: 0, unit: 'frames' });
  if (job.mattes !== undefined) {
    const folders = rendered.map(({ segment }) => mattesIn(segment.folder));
    await deliverMattes(folders, job.mattes, reel, output.replaces ? range : null);
  }
  const outputs = await output.publish(rendered, run.signal);
  run.onProgress({ stage: 'report', done: 0, total: 0, unit: 'frames' });
  const notes = [...analysis.notes, ...target.notes, ...castNotes(analysis), ...renderNotes];
  const facts = { key, restorer, analysis, tracks, rendered, recogniser: seen.recogniser, outputs, notes };
  const report = await reportRun(place.report, { ...facts, seconds: clock.seconds() }, ffmpeg, run.signal);
  await output.finish(takes);
  return summaryOf(report, place.report, job.maxIsolated, false);
}

function placeOf({ out, report, mattes, keepWork, redo }: RestoreJob): OutputPlace {
  return { out, work: `${out}.work`, report: report ?? `${out}.report`, mattes, keepWork, redo };
}

async function openTarget(
  job: RestoreJob,
  { reel, range }: ReelAnalysis,
  ffmpeg: Ffmpeg,
  { out, work }: OutputPlace,
): Promise<Target> {
  if (outputKind(out) === 'movie') {
    return openMovieTarget(reel, { out, range, ...(job.codec ? { codec: job.codec } : {}) }, ffmpeg);
  }
  if (reel.kind === 'movie') throw new Error('Unreachable: a movie is not restored to a folder.');
  return openFolderTarget(reel, { out, work, range });
}

/** Refuses outputs that cannot be written, before anything costs time. */
async function assertTargetFits(job: RestoreJob, reel: Reel, out: string): Promise<void> {
  await assertApart(reel, out);
  if (outputKind(out) === 'movie') return;
  if (reel.kind === 'movie') {
    throw new PresetError(
      `--out "${job.out}" is a folder, but "${reel.path}" is a movie: its ${reel.format.name} samples cannot be held by stills without loss. Give a .mkv for a lossless output, or .mov or .mp4.`,
      { file: '--out', expected: 'a .mkv, .mov or .mp4 file', got: job.out },
    );
  }
  if (job.codec) {
    throw new PresetError(
      `--codec ${job.codec}: "${job.out}" is a folder of frames, which keeps the source's own kind. Leave --codec out, or give a movie as --out.`,
      { file: '--codec', expected: 'a movie as --out', got: job.out },
    );
  }
}

/** True where anybody's face may be restored from stills. */
function hasStills({ references, reelStills }: Pick<ReelAnalysis, 'references' | 'reelStills'>): boolean {
  return references.length > 0 || reelStills.size > 0;
}

function castNotes({ castings, people }: Pick<ReelAnalysis, 'castings' | 'people'>): string[] {
  return people
    .filter(({ name }) => !castings.some((casting) => casting.person === name))
    .map(({ name }) => `"${name}" was not found in the reel: nothing was restored with those stills.`);
}
