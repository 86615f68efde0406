import { concatMap, from, lastValueFrom, toArray } from 'rxjs';
import type { Journal } from '../../disk/journal.ts';
import { lengthOf } from '../../film/range.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { Shot, Take } from '../../film/shot.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { decodePlates } from '../../media/read/decode.ts';
import type { Target } from '../../media/write/target.ts';
import { framePool } from '../../stream/frame-pool.ts';
import { MOST_WORKERS, openRenderTeam } from '../../workers/render-team.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { RunOptions } from '../run-options.ts';
import { memoryToPlanWith } from '../work/machine-memory.ts';
import type { JournalRecord, TakeRecord } from '../work/take-record.ts';
import type { CastTrack } from './cast-track.ts';
import type { FaceObserver } from './comp-plate.ts';
import { faceBytes, workerBytes } from './face-memory.ts';
import { holdoutsAt } from './holdouts.ts';
import { planMemory } from './plan-memory.ts';
import { renderTake } from './render-take.ts';

export interface RenderPlan {
  readonly takes: readonly Take[];
  readonly tracks: readonly CastTrack[];
  readonly target: Target;
  readonly ffmpeg: Ffmpeg;
  /** Widest window of the tracks' restorers, frames. */
  readonly window: number;
  /** Processors to use. */
  readonly cores: number;
}

/** The takes as recorded, in order. */
export interface Rendered {
  readonly takes: readonly TakeRecord[];
  /** First frames of the takes that this run rendered. */
  readonly redone: ReadonlySet<number>;
  /** What a person should know of how it was done, as sentences. */
  readonly notes: readonly string[];
}

/** Renders or copies every take that the journal does not already hold whole. */
export async function renderTakes(
  plan: RenderPlan,
  { reel, range, tracked, overrides }: Pick<ReelAnalysis, 'reel' | 'range' | 'tracked' | 'overrides'>,
  journal: Journal<JournalRecord>,
  observer: FaceObserver,
  options: RunOptions,
): Promise<Rendered> {
  const kept = new Map<number, TakeRecord>();
  for (const record of journal.records) {
    if (record.type === 'take' && (await plan.target.holds(record))) kept.set(record.in, record);
  }
  const total = lengthOf(range);
  let done = [...kept.values()].reduce((sum, take) => sum + lengthOf(take), 0);
  // Of a restorer that carries: faces on which it ran, and faces that were carried.
  let looked = 0;
  let skipped = 0;
  const progress = (faces?: number) =>
    options.onProgress({
      stage: 'rendering',
      done,
      total,
      unit: 'frames',
      ...(faces === undefined ? {} : { faces }),
      ...(looked + skipped === 0 ? {} : { runs: looked, skipped }),
    });
  progress();

  const plateBytes = pictureBytes(reel.format, reel.width, reel.height);
  const memory = planMemory(
    {
      plate: plateBytes,
      faces: faceBytes(plan.tracks, reel),
      worker: workerBytes(plan.tracks, plan.window),
      window: plan.window,
    },
    Math.min(MOST_WORKERS, plan.cores),
    memoryToPlanWith(),
  );
  await using team = openRenderTeam(memory.workers);
  const pool = framePool(memory.plates, plateBytes);
  const { signal } = options;

  const render = async (take: Take): Promise<TakeRecord> => {
    const started = performance.now();
    let record: Omit<TakeRecord, 'seconds'>;
    if (take.touched) {
      const { segment, restored, faces } = await renderTake(take, {
        reel,
        shot: tracked.shots[take.shot] as Shot,
        target: plan.target,
        tracks: plan.tracks,
        holdouts: (frame) => holdoutsAt(overrides, frame, reel),
        team,
        decode: (frames) => decodePlates(reel, frames, pool, plan.ffmpeg, signal),
        signal,
        observer,
        onFace: (carried) => {
          if (carried === 1) skipped += 1;
          else if (carried !== undefined) looked += 1;
        },
        onFrame: (_, faces) => {
          done += 1;
          progress(faces);
        },
      });
      record = {
        ...segment,
        type: 'take',
        shot: take.shot,
        device: 'cpu',
        restored,
        faces: [...faces],
      };
    } else {
      const segment = await plan.target.copyTake(take, signal);
      done += lengthOf(take);
      progress();
      record = { ...segment, type: 'take', shot: take.shot, device: 'copy', restored: 0, faces: [] };
    }
    const finished = { ...record, seconds: (performance.now() - started) / 1000 };
    await journal.append(finished);
    return finished;
  };

  const missing = plan.takes.filter((take) => !kept.has(take.in));
  // One after another: a kill costs one take at most, and the team is busy with the frames of one.
  const fresh = await lastValueFrom(from(missing).pipe(concatMap(render), toArray()));
  const takes = [...kept.values(), ...fresh].sort((a, b) => a.in - b.in);
  return { takes, redone: new Set(fresh.map((take) => take.in)), notes: memory.note ? [memory.note] : [] };
}
