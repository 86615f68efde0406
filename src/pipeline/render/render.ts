import { concatMap, from, lastValueFrom, type Observable, tap } from 'rxjs';
import { lengthOf } from '../../film/range.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { Shot } from '../../film/shot.ts';
import { decodePlates } from '../../media/read/decode.ts';
import { type FramePool, framePool } from '../../stream/frame-pool.ts';
import { streamOf } from '../../stream/stream-of.ts';
import { openRenderTeam, type RenderTeam } from '../../workers/render-team.ts';
import { faceSampler } from '../evidence/face-sampler.ts';
import { type EvidenceOptions, takeEvidence } from '../evidence/take-evidence.ts';
import type { RunOptions } from '../run-options.ts';
import type { OutputInWork } from '../work/output-life.ts';
import type { RunPlan } from '../work/plan-run.ts';
import type { FinishedTake, KeyedTake, TakeFolders } from '../work/take-folders.ts';
import { takeRecord } from '../work/take-record.ts';
import { type CastTrack, plateColourOf, tracksIn } from './cast-track.ts';
import { networksOf } from './choose-restorer.ts';
import { holdoutsAt } from './holdouts.ts';
import type { MemoryPlan } from './plan-memory.ts';
import { renderTake } from './render-take.ts';
import { renderersFor } from './renderers-for.ts';
import { type RenderingCount, renderingCount } from './rendering-count.ts';

/** A take of a run that lies whole in its folder. */
export interface RenderedTake extends FinishedTake {
  readonly take: KeyedTake;
  /** True where this run rendered it, false where an earlier one had. */
  readonly redone: boolean;
}

/**
 * The takes of a run, one after another as they are finished: those that an earlier run has finished as this one would as they are,
 * the others rendered, or copied where nothing in them is restored. A kill costs one take at most, and the team is busy with the
 * frames of one.
 *
 * Unsubscribing, and aborting the signal, stops the take that is being rendered and removes what was not finished of it.
 */
export function renderTakes(
  plan: RunPlan,
  memory: MemoryPlan,
  output: Pick<OutputInWork, 'takes' | 'assertSpace'>,
  options: RunOptions,
): Observable<RenderedTake> {
  return streamOf(async (emit, signal) => {
    const { analysis, tracks, target, takes, place, recogniser } = plan;
    const { reel } = analysis;
    const mattes = place.mattes !== undefined;
    const finished = await finishedTakes(takes, output.takes, mattes);
    const missing = takes.filter(({ key }) => !finished.has(key));
    await output.assertSpace(target.estimatedBytes(framesIn(missing)), takes);

    const colour = plateColourOf(reel);
    const network = { recogniser: recogniser.id, device: analysis.device };
    await using sampler = faceSampler(network, colour, tracks);
    await using team = openRenderTeam(renderersFor(missing, tracks, memory.workers));
    const render = takeRenderer(plan, {
      team,
      pool: framePool(memory.plates, pictureBytes(reel.format, reel.width, reel.height)),
      folders: output.takes,
      evidence: { reel, colour, sampler, mattes },
      count: renderingCount(framesIn(takes), framesIn(takes) - framesIn(missing), options.onProgress),
      signal,
    });
    const ready = async (take: KeyedTake): Promise<RenderedTake> => {
      signal.throwIfAborted();
      const known = finished.get(take.key);
      return { take, redone: known === undefined, ...(known ?? (await render(take))) };
    };
    await lastValueFrom(from(takes).pipe(concatMap(ready), tap(emit)), { defaultValue: undefined });
  }, options.signal);
}

function framesIn(takes: readonly KeyedTake[]): number {
  return takes.reduce((sum, take) => sum + lengthOf(take), 0);
}

/** The takes that earlier runs have finished as this one would, by their keys. */
async function finishedTakes(
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

/** What is open while takes are rendered. */
interface Rendering {
  readonly team: RenderTeam;
  readonly pool: FramePool;
  readonly folders: TakeFolders;
  readonly evidence: EvidenceOptions;
  readonly count: RenderingCount;
  readonly signal: AbortSignal;
}

/** Renders or copies a take into its folder. */
function takeRenderer(
  { analysis: { reel, tracked, overrides }, tracks, target, ffmpeg, recogniser }: RunPlan,
  { team, pool, folders, evidence, count, signal }: Rendering,
): (take: KeyedTake) => Promise<FinishedTake> {
  return async (take) => {
    const started = performance.now();
    const folder = await folders.begin(take);
    const notes = new Set<string>();
    const place = { folder, signal, note: (sentence: string) => void notes.add(sentence) };
    const facts = { key: take.key, shot: take.shot, in: take.in, out: take.out };
    const end = () => ({ seconds: (performance.now() - started) / 1000, notes: [...notes] });
    if (!take.touched) {
      const segment = await target.copyTake(take, place);
      count.frames(lengthOf(take));
      const { sha256 } = segment;
      const record = takeRecord({ ...facts, sha256, device: 'copy', restored: 0, mattes: true, ...end() });
      return folders.finish(folder, segment, record, { recogniser: null, faces: [] });
    }
    const own = tracksIn(tracks, take);
    const observer = takeEvidence(folder, take, own, evidence);
    const { segment, restored, faces } = await renderTake(take, {
      reel,
      shot: tracked.shots[take.shot] as Shot,
      target,
      tracks,
      holdouts: (frame) => holdoutsAt(overrides, frame, reel),
      team,
      decode: (frames) => decodePlates(reel, frames, { pool, ffmpeg, signal }),
      place,
      observer,
      onFace: count.face,
      onFrame: (_, faces) => count.frames(1, faces),
    });
    const kept = await observer.finish();
    const { sha256 } = segment;
    const { mattes } = evidence;
    const record = takeRecord({ ...facts, sha256, device: deviceOf(own), restored, mattes, ...end() });
    return folders.finish(folder, segment, record, {
      recogniser: recogniser.hash,
      faces: faces.map((face, k) => ({ ...face, pair: null, sheets: [], ...kept[k] })),
    });
  };
}

/** What a take is rendered on: that of its restorers' networks, where they have any. */
function deviceOf(tracks: readonly CastTrack[]): string {
  return tracks.find(({ brief }) => networksOf(brief.restorer).length > 0)?.brief.device ?? 'cpu';
}
