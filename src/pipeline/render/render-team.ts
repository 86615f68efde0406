import { type KeyframePlan, keyframeNumbers } from '../../restore/carried-keyframes.ts';
import type { Refusal } from '../../restore/restorer.ts';
import type {
  Comped,
  FaceToComp,
  FaceToLift,
  RenderService,
  SharedStill,
  TrackToRender,
} from '../../workers/render-service.ts';
import { openRemote, type Remote } from '../../workers/rpc.ts';
import { patchMemory } from './patch-memory.ts';

/** Several render workers that share the frames of a take between them. */
export interface RenderTeam extends AsyncDisposable {
  readonly size: number;
  /** Makes a still known to every worker before a track that is painted from it begins; once for all tracks and takes. */
  addStill(still: SharedStill): Promise<void>;
  /** Number of neighbours on each side that must be handed over before a frame can be comped. */
  begin(track: TrackToRender): Promise<number>;
  /** Hands a face over; to be called in order of frames. What goes wrong with it is told by `comp`. */
  lift(face: FaceToLift): void;
  /** Restores a face, all of whose neighbours have been handed over, into `region`. */
  comp(face: FaceToComp): Promise<Comped | Refusal>;
  /** Forgets a track, all of whose frames have been comped. */
  end(track: string): Promise<void>;
  picture(of: Parameters<RenderService['picture']>[0]): ReturnType<RenderService['picture']>;
}

/** More workers than this wait for the decoder. */
const MOST = 8;
/** Frames that are read further ahead where restorations are carried: a keyframe is restored while those before it are comped. */
const LEAD = 4;

/** Frames on each side of a frame that a team wants to be handed over, by what its restorer asks for and whether it carries. */
export function teamWindow(window: number, carries: boolean): number {
  return carries ? window + LEAD : window;
}

/**
 * Opens a team for a machine of `cores` processors. Frames go to whoever has the least to do; a patch is lifted, and a keyframe
 * restored, by one worker, and handed to the others. A worker does what it is told in order, so that it knows a patch that it was
 * handed before it is told to comp.
 */
export function openRenderTeam(cores: number): RenderTeam {
  const workers = Array.from({ length: Math.max(1, Math.min(MOST, cores)) }, () => openWorker());
  const tracks = new Map<string, TrackOnTheWay>();
  const memory = patchMemory();
  const stills = new Map<string, Promise<unknown>>();

  const idlest = (): TeamWorker => workers.reduce((best, worker) => (worker.open() < best.open() ? worker : best));

  /** A keyframe, restored once and known to every worker. */
  const keyframeOf = (track: string, frame: number): Promise<void> => {
    const { keyframes, plan, lifts } = trackOf(track);
    const begun = keyframes.get(frame);
    if (begun) return begun;
    const shared = known(lifts, frame, plan?.reach ?? 0).then(async () => {
      const restoring = idlest();
      const restored = await restoring.call('keyframe', { track, frame });
      const others = workers.filter((worker) => worker !== restoring);
      await Promise.all(others.map((worker) => worker.call('adopt', { track, frame, restored })));
    });
    // Told to whoever needs it.
    shared.catch(() => {});
    keyframes.set(frame, shared);
    return shared;
  };

  const trackOf = (track: string): TrackOnTheWay => {
    const begun = tracks.get(track);
    if (!begun) throw new Error('Unreachable: faces are handed over after "begin".');
    return begun;
  };

  /** Without a window nobody but the one who comps it needs a face. */
  const liftAlone = async (face: FaceToLift): Promise<void> => {
    await workerFor(workers, face.frame).call('lift', face);
  };

  const liftForAll = async (face: FaceToLift, rgb: Float32Array): Promise<void> => {
    const { region: _, ...placed } = face;
    trackOf(face.track).shared.set(face.frame, rgb);
    const lifting = idlest();
    await lifting.call('lift', { ...face, into: rgb });
    // They need not have taken it: what they are told next comes behind.
    for (const other of workers) if (other !== lifting) other.call('share', { ...placed, rgb }).catch(() => {});
  };

  /** Drops a track's frames before `until`; their memory is free when every worker has dropped them. */
  const forget = async (track: string, until: number): Promise<void> => {
    const { lifts, keyframes, shared } = trackOf(track);
    for (const kept of [lifts, keyframes]) for (const at of kept.keys()) if (at < until) kept.delete(at);
    const dropped = [...shared].filter(([at]) => at < until);
    for (const [at] of dropped) shared.delete(at);
    await Promise.all(workers.map((worker) => worker.call('forget', { track, frame: until })));
    for (const [, rgb] of dropped) memory.giveBack(rgb);
  };

  return {
    size: workers.length,
    async addStill(still) {
      const added = stills.get(still.id) ?? Promise.all(workers.map((worker) => worker.call('addStill', still)));
      stills.set(still.id, added);
      await added;
    },
    async begin(track) {
      const begun = await Promise.all(workers.map((worker) => worker.call('begin', track)));
      const window = Math.max(...begun.map((answer) => answer.window));
      const plan = begun[0]?.keyframes;
      tracks.set(track.track, {
        window,
        length: 3 * track.patchSize ** 2,
        ...(plan ? { plan } : {}),
        lifts: new Map(),
        shared: new Map(),
        keyframes: new Map(),
        comping: [],
      });
      return teamWindow(window, plan !== undefined);
    },
    lift(face) {
      const { track, frame } = face;
      const { window, length, plan, lifts } = trackOf(track);
      const lifted = window === 0 || workers.length === 1 ? liftAlone(face) : liftForAll(face, memory.lend(length));
      lifted.catch(() => {});
      lifts.set(frame, lifted);
      if (!plan) return;
      const ready = frame - plan.reach;
      if (ready % plan.every === 0 && lifts.has(ready)) void keyframeOf(track, ready);
    },
    async comp(face) {
      const { track, frame } = face;
      const { window, plan, lifts, comping } = trackOf(track);
      comping.push(frame);
      await known(lifts, frame, window);
      if (plan) {
        const [left, right] = keyframeNumbers(
          frame,
          farthest(lifts, frame, -window),
          farthest(lifts, frame, window),
          plan.every,
        );
        await Promise.all([keyframeOf(track, left), keyframeOf(track, right)]);
      }
      const worker = window === 0 ? workerFor(workers, frame) : idlest();
      const comped = await worker.call('comp', face);
      comping.splice(comping.indexOf(frame), 1);
      // Others may still need what lies before the earliest frame that is on its way.
      void forget(track, Math.min(frame, ...comping) - window).catch(() => {});
      return comped;
    },
    async end(track) {
      const { lifts, keyframes } = trackOf(track);
      // What comes behind the take's last frame was handed over in vain, and must not reach a worker after the next take has begun.
      await Promise.allSettled([...lifts.values(), ...keyframes.values()]);
      await forget(track, Infinity);
      await Promise.all(workers.map((worker) => worker.call('end', { track })));
      tracks.delete(track);
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
  /** Of a patch's pixels. */
  readonly length: number;
  readonly plan?: KeyframePlan;
  readonly lifts: Map<number, Promise<void>>;
  /** The patches that all workers see. */
  readonly shared: Map<number, Float32Array>;
  readonly keyframes: Map<number, Promise<void>>;
  /** Frames that are being comped. */
  readonly comping: number[];
}

/** Waits until the patches of a frame and its neighbours have been lifted, and handed to every worker. */
async function known(lifts: ReadonlyMap<number, Promise<void>>, frame: number, window: number): Promise<void> {
  await Promise.all(Array.from({ length: 2 * window + 1 }, (_, k) => lifts.get(frame - window + k)));
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
