import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder, sweepStale } from '../disk/durable.ts';
import { type Journal, openJournal } from '../disk/journal.ts';
import { LOCK_NAME, lockFolder } from '../disk/lock.ts';
import { OutputError } from '../disk/output-error.ts';
import { contains, overlap } from '../film/range.ts';
import type { Reel } from '../film/reel.ts';
import { type Take, takesOf } from '../film/shot.ts';
import type { Ffmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { assertTargetFree, openFolderTarget } from '../media/write/folder-target.ts';
import { openMovieTarget } from '../media/write/movie-target.ts';
import type { Target } from '../media/write/target.ts';
import { RESTORERS } from '../restore/restorers.ts';
import { PresetError } from '../settings/preset-error.ts';
import { analyse } from './analysis/analyse.ts';
import { openAnalysisResources } from './analysis/analysis-resources.ts';
import { pullModels } from './analysis/pull-models.ts';
import type { ReelAnalysis } from './analysis/reel-analysis.ts';
import { openFaceSheets } from './evidence/face-sheets.ts';
import { likenessJudge } from './evidence/likeness-judge.ts';
import { writeMatte } from './evidence/matte-files.ts';
import { framesToPicture, keepPictures } from './evidence/pictures.ts';
import { reportRun } from './evidence/report-run.ts';
import type { RestoreJob, RestoreSummary } from './job.ts';
import { type CastTrack, castTracksToRender, plateColourOf, widestWindow } from './render/cast-track.ts';
import { restorerNetworks, restorerOfRun } from './render/choose-restorer.ts';
import { renderTakes } from './render/render.ts';
import { parseRestore } from './request/parse-request.ts';
import type { RestoreRequest } from './request/request.ts';
import { type RunOptions, runOptions } from './run-options.ts';
import { finishedRun, summaryOf } from './work/finished-run.ts';
import { jobKey } from './work/job-key.ts';
import { assertApart, outputKind } from './work/output-kind.ts';
import { assertSpace } from './work/space.ts';
import { stageClock } from './work/stage-clock.ts';
import { type JournalRecord, takeRecordSchema } from './work/take-record.ts';

/**
 * Restores a reel: tracks and casts its faces, renders the takes in which a cast face appears, copies the others, and publishes
 * the output with a report.
 *
 * Finished takes stay: after a crash or an interruption the same job goes on at the first missing take.
 *
 * @throws UsageError for a request that means nothing; ReelError, StillError, PresetError for an input that cannot be used;
 * OutputError for trouble with the target; FfmpegError, ModelError, ContractError, DeviceError for what they name. Aborting
 * rejects with the signal's reason.
 */
export async function restoreReel(request: RestoreRequest, options: Partial<RunOptions> = {}): Promise<RestoreSummary> {
  return restoreJob(parseRestore(request), runOptions(options));
}

/** The same for a request that is parsed already. */
export async function restoreJob(job: RestoreJob, options: RunOptions): Promise<RestoreSummary> {
  const clock = stageClock(options.onProgress);
  const run = { signal: options.signal, onProgress: clock.onProgress };
  const out = resolve(job.out);
  const work = `${out}.work`;
  const reportFolder = resolve(job.report ?? `${out}.report`);

  using resources = await openAnalysisResources(job);
  const { ffmpeg, library } = resources;
  const analysis = await analyse(job, resources, run, (reel) => assertTargetFits(job, reel, out));
  const restoring = restorerNetworks(RESTORERS, analysis.preset, job);
  const key = jobKey(job, analysis, await pullModels(library, restoring, run));
  const finished = await finishedRun(reportFolder, key, job.maxIsolated);
  if (finished) {
    // A run that was killed at its very end has left it.
    if (!job.keepWork) await rm(work, { recursive: true, force: true });
    return finished;
  }

  await makeFolder(work);
  await using _lock = await lockFolder(work);
  await sweepStale(dirname(out), basename(out));
  for (const folder of [reportFolder, ...(job.mattes ? [resolve(job.mattes)] : [])]) await sweepStale(folder);
  await using journal = await openWork(work, key);
  await assertFree(out, work, journal);
  const target = await openTarget(job, analysis, ffmpeg, out, work);
  const tracks = await castTracksToRender(analysis, resources, job, run.signal);
  const takes = planTakes(analysis, tracks);
  if (!journal.records.some((record) => record.type === 'take')) await assertSpace(out, target.estimatedBytes);

  const pictures = join(work, 'pictures');
  const chosen = framesToPicture(takes, tracks);
  const sheets = await openFaceSheets(join(work, 'sheets'), tracks);
  const colour = plateColourOf(analysis.reel);
  const recogniser = job.models.recogniser ?? analysis.preset.models.recogniser;
  await using likeness = likenessJudge(analysis.people, recogniser, colour, tracks);
  const rendered = await renderTakes(
    {
      takes,
      tracks,
      target,
      ffmpeg,
      window: widestWindow(tracks),
      cores: availableParallelism(),
    },
    analysis,
    journal,
    {
      wish: sheets.wish,
      judge: likeness.judge,
      compares: (track, frame) => (chosen.get(track)?.includes(frame) ?? false) || likeness.samples(track, frame),
      async comped(plate, faces, team) {
        await keepPictures(pictures, chosen, team, colour, plate, faces);
        for (const { track, comped } of faces) await sheets.keep(track, plate.frame, comped);
        if (job.mattes) await writeMatte(resolve(job.mattes), analysis.reel, plate, faces);
      },
    },
    run,
  );

  run.onProgress({ stage: 'conforming', done: 0, total: 0, unit: 'frames' });
  const outputs = await target.conform(rendered.takes, run.signal);
  run.onProgress({ stage: 'report', done: 0, total: 0, unit: 'frames' });
  const report = await reportRun(
    reportFolder,
    {
      key,
      restorer: restorerOfRun(RESTORERS, analysis.preset, job, hasStills(analysis)).name,
      analysis,
      tracks,
      rendered,
      outputs,
      notes: [...analysis.notes, ...target.notes, ...castNotes(analysis), ...rendered.notes],
      seconds: clock.seconds(),
      pictures,
      sheets: join(work, 'sheets'),
    },
    ffmpeg,
    run.signal,
  );
  if (!job.keepWork) await rm(work, { recursive: true, force: true });
  return summaryOf(report, reportFolder, job.maxIsolated, false);
}

/** The takes of the reel: touched where a cast track appears in a frame that nobody forbade. */
function planTakes(
  { preset, tracked, overrides }: Pick<ReelAnalysis, 'preset' | 'tracked' | 'overrides'>,
  tracks: readonly CastTrack[],
): Take[] {
  const isForbidden = (frame: number) =>
    overrides.holdouts.some((holdout) => holdout.box === undefined && contains(holdout, frame));
  return takesOf(tracked.shots, preset.takes.frames, (range) =>
    tracks.some((track) => {
      const { in: from, out } = overlap(track, range);
      for (let frame = from; frame < out; frame++) if (!isForbidden(frame)) return true;
      return false;
    }),
  );
}

async function openTarget(
  job: RestoreJob,
  { reel, range }: Pick<ReelAnalysis, 'reel' | 'range'>,
  ffmpeg: Ffmpeg,
  out: string,
  work: string,
): Promise<Target> {
  if (outputKind(out) === 'movie') {
    return openMovieTarget(reel, { out, work, range, ...(job.codec ? { codec: job.codec } : {}) }, ffmpeg);
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

/** Refuses to write over anything that is not this job's own. Then no work folder stays behind. */
async function assertFree(out: string, work: string, journal: Journal<JournalRecord>): Promise<void> {
  const isResumed = journal.records.length > 1;
  try {
    if (outputKind(out) === 'folder') await assertTargetFree(out, work);
    else if (!isResumed && existsSync(out)) {
      throw new OutputError(
        out,
        `--out "${out}" exists already, and no unfinished run of this job is known. Remove it, or choose another --out.`,
      );
    }
  } catch (error) {
    if (!isResumed) await rm(work, { recursive: true, force: true });
    throw error;
  }
}

/** The journal of this job in its work folder; what another job left there is cleared first. */
async function openWork(work: string, key: string): Promise<Journal<JournalRecord>> {
  await sweepStale(work);
  const path = join(work, 'journal.jsonl');
  const journal = await openJournal(path, takeRecordSchema);
  const started = journal.records.find((record) => record.type === 'job');
  if (started?.key === key) return journal;
  if (!started) {
    await journal.append({ type: 'job', key });
    return journal;
  }
  await journal[Symbol.asyncDispose]();
  // The takes of another job are of no use to this one, and would only take its space.
  for (const name of await readdir(work)) {
    if (name !== LOCK_NAME) await rm(join(work, name), { recursive: true, force: true });
  }
  return openWork(work, key);
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
