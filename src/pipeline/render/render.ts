import { concatMap, from, lastValueFrom, toArray } from 'rxjs';
import { lengthOf } from '../../film/range.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { Shot } from '../../film/shot.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { decodePlates } from '../../media/read/decode.ts';
import type { Target } from '../../media/write/target.ts';
import { framePool } from '../../stream/frame-pool.ts';
import { MOST_WORKERS, openRenderTeam } from '../../workers/render-team.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import { type EvidenceOptions, takeEvidence } from '../evidence/take-evidence.ts';
import type { RunOptions } from '../run-options.ts';
import { memoryToPlanWith } from '../work/machine-memory.ts';
import type { FinishedTake, KeyedTake, TakeFolders } from '../work/take-folders.ts';
import { takeRecord } from '../work/take-record.ts';
import { type CastTrack, tracksIn, widestWindow } from './cast-track.ts';
import { networksOf } from './choose-restorer.ts';
import { faceBytes, workerBytes } from './face-memory.ts';
import { holdoutsAt } from './holdouts.ts';
import { planMemory } from './plan-memory.ts';
import { renderTake } from './render-take.ts';

export interface RenderPlan {
  /** In order. */
  readonly takes: readonly KeyedTake[];
  readonly tracks: readonly CastTrack[];
  readonly target: Target;
  readonly ffmpeg: Ffmpeg;
  /** Processors to use. */
  readonly cores: number;
  /** Hash of the recogniser's network for the report. */
  readonly recogniser: string;
  readonly evidence: Omit<EvidenceOptions, 'reel'>;
}

/** A take of the run that lies whole in its folder. */
export interface RenderedTake extends FinishedTake {
  readonly take: KeyedTake;
  /** True where this run rendered it, false where an earlier one had. */
  readonly redone: boolean;
}

export interface RenderedTakes {
  /** All of the run, in order. */
  readonly takes: readonly RenderedTake[];
  /** What a person should know of how it was done, as sentences. */
  readonly notes: readonly string[];
}

/** The takes that earlier runs have finished as this one would, by their keys. */
export async function finishedTakes(
  takes: readonly KeyedTake[],
  folders: TakeFolders,
  mattes: boolean,
): Promise<ReadonlyMap<string, FinishedTake>> {
  const finished = new Map<string, FinishedTake>();
  for (const take of takes) {
    const found = await folders.find(take, mattes);
    if (found) finished.set(take.key, found);
  }
  return finished;
}

/** Renders or copies every take that is not finished. */
export async function renderTakes(
  plan: RenderPlan,
  { reel, range, tracked, overrides }: Pick<ReelAnalysis, 'reel' | 'range' | 'tracked' | 'overrides'>,
  folders: TakeFolders,
  finished: ReadonlyMap<string, FinishedTake>,
  options: RunOptions,
): Promise<RenderedTakes> {
  const { target, tracks, ffmpeg } = plan;
  const { signal } = options;
  const total = lengthOf(range);
  let done = plan.takes.reduce((sum, take) => sum + (finished.has(take.key) ? lengthOf(take) : 0), 0);
  // Of a restorer that carries: faces on which it ran, and faces that were carried.
  let ran = 0;
  let skipped = 0;
  const progress = (faces?: number) =>
    options.onProgress({
      stage: 'rendering',
      done,
      total,
      unit: 'frames',
      ...(faces === undefined ? {} : { faces }),
      ...(ran + skipped === 0 ? {} : { runs: ran, skipped }),
    });
  progress();

  const plateBytes = pictureBytes(reel.format, reel.width, reel.height);
  const window = widestWindow(tracks);
  const memory = planMemory(
    { plate: plateBytes, faces: faceBytes(tracks, reel), worker: workerBytes(tracks, window), window },
    Math.min(MOST_WORKERS, plan.cores),
    memoryToPlanWith(),
  );
  await using team = openRenderTeam(memory.workers);
  const pool = framePool(memory.plates, plateBytes);

  const render = async (take: KeyedTake): Promise<FinishedTake> => {
    const started = performance.now();
    const folder = await folders.begin(take);
    const notes = new Set<string>();
    const place = { folder, signal, note: (sentence: string) => void notes.add(sentence) };
    const facts = { key: take.key, shot: take.shot, in: take.in, out: take.out };
    const end = () => ({ seconds: (performance.now() - started) / 1000, notes: [...notes] });
    if (!take.touched) {
      const segment = await target.copyTake(take, place);
      done += lengthOf(take);
      progress();
      const { sha256 } = segment;
      const record = takeRecord({ ...facts, sha256, device: 'copy', restored: 0, mattes: true, ...end() });
      return folders.finish(folder, segment, record, { recogniser: null, faces: [] });
    }
    const own = tracksIn(tracks, take);
    const evidence = takeEvidence(folder, take, own, { reel, ...plan.evidence });
    const { segment, restored, faces } = await renderTake(take, {
      reel,
      shot: tracked.shots[take.shot] as Shot,
      target,
      tracks,
      holdouts: (frame) => holdoutsAt(overrides, frame, reel),
      team,
      decode: (frames) => decodePlates(reel, frames, { pool, ffmpeg, signal }),
      place,
      observer: evidence,
      onFace: (carried) => {
        if (carried === 1) skipped += 1;
        else if (carried !== undefined) ran += 1;
      },
      onFrame: (_, faces) => {
        done += 1;
        progress(faces);
      },
    });
    const kept = await evidence.finish();
    const { sha256 } = segment;
    const { mattes } = plan.evidence;
    const record = takeRecord({ ...facts, sha256, device: deviceOf(own), restored, mattes, ...end() });
    return folders.finish(folder, segment, record, {
      recogniser: plan.recogniser,
      faces: faces.map((face, k) => ({ ...face, pair: null, sheets: [], ...kept[k] })),
    });
  };

  const ready = async (take: KeyedTake): Promise<RenderedTake> => {
    const known = finished.get(take.key);
    return { take, redone: known === undefined, ...(known ?? (await render(take))) };
  };
  // One after another: a kill costs one take at most, and the team is busy with the frames of one.
  const takes = await lastValueFrom(from(plan.takes).pipe(concatMap(ready), toArray()));
  return { takes, notes: memory.note ? [memory.note] : [] };
}

/** What a take is rendered on: that of its restorers' networks, where they have any. */
function deviceOf(tracks: readonly CastTrack[]): string {
  return tracks.find(({ brief }) => networksOf(brief.restorer).length > 0)?.brief.device ?? 'cpu';
}
