import { type AnchorPlan, anchorFrames } from '../restore/carried-anchors.ts';
import type { Refusal } from '../restore/restorer.ts';
import type { Comped, FaceToComp, FaceToLift, RenderService, TrackToRender } from '../workers/render-service.ts';
import { openRemote, type Remote } from '../workers/rpc.ts';

/** Several render workers that share the frames of a take between them. */
export interface RenderTeam extends AsyncDisposable {
  readonly size: number;
  /** Number of neighbours on each side that must be handed over before a frame can be comped. */
  begin(track: TrackToRender): Promise<number>;
  /** Hands a face over; to be called in order of frames. What goes wrong with it is told by `comp`. */
  lift(face: FaceToLift): void;
  /** Restores a face, all of whose neighbours have been handed over, into `region`. */
  comp(face: FaceToComp): Promise<Comped | Refusal>;
  picture(of: Parameters<RenderService['picture']>[0]): ReturnType<RenderService['picture']>;
}

/** More workers than this wait for the decoder. */
const MOST = 8;
/** Frames that are read further ahead where restorations are carried: an anchor is restored while those before it are comped. */
const LEAD = 4;

/** Frames on each side of a frame that a team wants to be handed over, by what its restorer asks for and whether it carries. */
export function teamWindow(window: number, carries: boolean): number {
  return carries ? window + LEAD : window;
}

/**
 * Opens a team for a machine of `cores` processors. Frames go to whoever has the least to do; anchors, of which every worker needs
 * each, are restored by one and handed to the others. A worker does what it is told in order, so that a face handed over before
 * another is comped has been lifted by then.
 */
export function openRenderTeam(cores: number): RenderTeam {
  const workers = Array.from({ length: Math.max(1, Math.min(MOST, cores)) }, () => openWorker());
  const tracks = new Map<string, TrackOnTheWay>();

  const idlest = (): TeamWorker => workers.reduce((best, worker) => (worker.open() < best.open() ? worker : best));

  /** An anchor, restored once and known to every worker. */
  const anchorOf = (track: string, frame: number): Promise<void> => {
    const { anchors } = trackOf(track);
    const known = anchors.get(frame);
    if (known) return known;
    const restoring = idlest();
    const shared = restoring.call('anchor', { track, frame }).then(async (restored) => {
      const others = workers.filter((worker) => worker !== restoring);
      await Promise.all(others.map((worker) => worker.call('adopt', { track, frame, restored })));
    });
    // Told to whoever needs it.
    shared.catch(() => {});
    anchors.set(frame, shared);
    return shared;
  };

  const trackOf = (track: string): TrackOnTheWay => {
    const known = tracks.get(track);
    if (!known) throw new Error('Unreachable: faces are handed over after "begin".');
    return known;
  };

  return {
    size: workers.length,
    async begin(track) {
      const begun = await Promise.all(workers.map((worker) => worker.call('begin', track)));
      const window = Math.max(...begun.map((answer) => answer.window));
      const plan = begun[0]?.anchors;
      // What an earlier take handed over beyond its end was never comped.
      tracks.set(track.track, { window, ...(plan ? { plan } : {}), lifts: new Map(), anchors: new Map(), comping: [] });
      return teamWindow(window, plan !== undefined);
    },
    lift(face) {
      const { window, plan, lifts } = trackOf(face.track);
      // Neighbours are comped by whoever is free; without a window nobody but the one who comps it needs a face.
      const seers = window === 0 ? [workerFor(workers, face.frame)] : workers;
      const lifted = Promise.all(seers.map((worker) => worker.call('lift', face)));
      lifted.catch(() => {});
      lifts.set(face.frame, lifted);
      if (!plan) return;
      const ready = face.frame - plan.reach;
      if (ready % plan.every === 0 && lifts.has(ready)) void anchorOf(face.track, ready);
    },
    async comp(face) {
      const { track, frame } = face;
      const { window, plan, lifts, anchors, comping } = trackOf(track);
      comping.push(frame);
      if (plan) {
        const [left, right] = anchorFrames(
          frame,
          farthest(lifts, frame, -window),
          farthest(lifts, frame, window),
          plan.every,
        );
        await Promise.all([anchorOf(track, left), anchorOf(track, right)]);
      }
      const worker = window === 0 ? workerFor(workers, frame) : idlest();
      const [comped] = await Promise.all([worker.call('comp', face), lifts.get(frame)]);
      comping.splice(comping.indexOf(frame), 1);
      // Others may still need what lies before the earliest frame that is on its way.
      const until = Math.min(frame, ...comping) - window;
      for (const kept of [lifts, anchors]) for (const at of kept.keys()) if (at < until) kept.delete(at);
      for (const other of workers) other.call('forget', { track, frame: until }).catch(() => {});
      return comped;
    },
    picture: (of) => workerFor(workers, 0).call('picture', of),
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
    },
  };
}

/** A track's faces that have been handed over and not forgotten, by frame. */
interface TrackOnTheWay {
  /** Neighbours that a frame is restored with, on each side. */
  readonly window: number;
  readonly plan?: AnchorPlan;
  readonly lifts: Map<number, Promise<unknown>>;
  readonly anchors: Map<number, Promise<void>>;
  /** Frames that are being comped. */
  readonly comping: number[];
}

/** The last frame in a row without a gap that has been handed over, at most `reach` frames after (or before, where negative) one. */
function farthest(lifts: ReadonlyMap<number, unknown>, frame: number, reach: number): number {
  const step = Math.sign(reach);
  let at = frame;
  while (at !== frame + reach && lifts.has(at + step)) at += step;
  return at;
}

/** A render worker, and the number of calls that it has not answered. */
type TeamWorker = Remote<RenderService> & { readonly open: () => number };

function openWorker(): TeamWorker {
  const worker = openRemote<RenderService>('render-worker');
  let open = 0;
  return {
    open: () => open,
    call(name, argument, move) {
      open += 1;
      return worker.call(name, argument, move).finally(() => {
        open -= 1;
      });
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}

function workerFor(workers: readonly TeamWorker[], frame: number): TeamWorker {
  const worker = workers[frame % workers.length];
  if (!worker) throw new Error('Unreachable: a team has at least one worker.');
  return worker;
}
