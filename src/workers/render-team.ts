import type { RgbPicture } from '../face/networks.ts';
import type { Region } from '../film/plate.ts';
import type {
  Comped,
  FaceInFrame,
  FaceRenderer,
  FaceToLift,
  PictureWish,
  SharedStill,
  TrackToRender,
} from '../render/face-rendering.ts';
import { type WindowBuffer, windowBuffer } from '../render/window-buffer.ts';
import type { Refusal } from '../restore/restorer.ts';
import { patchMemory } from './patch-memory.ts';
import { openRemote, type Remote } from './rpc.ts';

/** Several face renderers that share the frames of a take between them. */
export interface RenderTeam extends AsyncDisposable {
  /** Plates that are comped at once. */
  readonly size: number;
  /** Makes a still known to every renderer before a track that is painted from it begins; once for all tracks and takes. */
  addStill(still: SharedStill): Promise<void>;
  /** Number of neighbours on each side that must be handed over before a frame can be comped. */
  begin(track: TrackToRender): Promise<number>;
  /** Hands a face over, its region's memory with it; to be called in order of frames. What goes wrong with it is told by `comp`. */
  lift(face: FaceToLift): void;
  /** Keeps what a face is restored with until it is comped; to be called in order of frames. */
  hold(face: FaceInFrame): void;
  /** Restores a face that is held, all of whose neighbours have been handed over. Once `signal` is aborted no renderer is told to begin. */
  comp(face: FaceOfTeam, signal?: AbortSignal): Promise<Comped | Refusal>;
  /** Forgets a track, none of whose frames is being comped, when what had begun of it has ended. */
  end(track: string): Promise<void>;
  picture(of: Parameters<FaceRenderer['picture']>[0]): Promise<RgbPicture>;
}

/** A held face that is to be comped. */
export interface FaceOfTeam extends FaceInFrame {
  /** Absent: the one that was handed over is still what the plate shows. */
  readonly region?: Region;
  readonly show?: PictureWish;
}

/** More workers than this wait for the decoder. */
export const MOST_WORKERS = 8;
/** Plates that a device works on at a time: while one waits for a few figures, the others are recorded. */
export const FRAMES_IN_FLIGHT = 4;
/** Frames that are read further ahead where restorations are carried: a keyframe is restored while those before it are comped. */
const LEAD = 4;

/** Frames on each side of a frame that a team wants to be handed over, by what its restorer asks for and whether it carries. */
export function teamWindow(window: number, carries: boolean): number {
  return carries ? window + LEAD : window;
}

/** Opens a team of that many worker threads. */
export function openRenderTeam(workers: number): RenderTeam {
  return renderTeam(Array.from({ length: workers }, () => openRemote<FaceRenderer>('render-worker')));
}

/** A team of one thread that owns a device, and works on up to `inFlight` plates at a time. */
export function deviceTeam(remote: Remote<FaceRenderer>, inFlight: number): RenderTeam {
  return { ...renderTeam([remote]), size: inFlight };
}

/** A track's faces on their way, and the number of floats of one of its patches. */
interface TrackOnTheWay {
  readonly faces: WindowBuffer<Region, Float32Array>;
  readonly length: number;
  /** Whether every renderer must know every patch. */
  readonly shares: boolean;
}

/**
 * A team of renderers, each of which does what it is told in order, so that it knows a patch that it was handed before it is told to
 * comp. Frames go to whoever has the least to do; a patch is lifted, and a keyframe restored, by one, and handed to the others.
 */
export function renderTeam(remotes: readonly Remote<FaceRenderer>[]): RenderTeam {
  const workers = remotes.map(counted);
  const tracks = new Map<string, TrackOnTheWay>();
  const memory = patchMemory();
  const stills = new Map<string, Promise<unknown>>();

  const all = (tell: (worker: TeamWorker) => PromiseLike<unknown>) => Promise.all(workers.map(tell));
  const idlest = () => workers.reduce((best, worker) => (worker.open() < best.open() ? worker : best));
  /** Without a window, only the renderer that comps a face needs it. */
  const ownerOf = (frame: number) => workers[frame % workers.length] as TeamWorker;
  const trackOf = (track: string): TrackOnTheWay => {
    const begun = tracks.get(track);
    if (!begun) throw new Error('Unreachable: faces are handed over after "begin".');
    return begun;
  };

  const liftForAll = async ({ region, ...placed }: FaceToLift, into: Float32Array): Promise<Region> => {
    const lifting = idlest();
    const lifted = await lifting.call('lift', { ...placed, region, into }, [region.bytes.buffer]);
    const face = { ...placed, scratches: lifted.scratches, rgb: into };
    // They need not have taken it: what they are told next comes behind.
    for (const other of workers) if (other !== lifting) other.call('share', face).catch(() => {});
    return lifted.region;
  };

  /** The one worker that comps a face lifts it. */
  const liftForOne = async (face: FaceToLift): Promise<Region> =>
    (await ownerOf(face.frame).call('lift', face, [face.region.bytes.buffer])).region;

  /** A face's mask, made once and known to every worker. */
  const maskOf = (track: string, frame: number): Promise<void> =>
    trackOf(track).faces.mask(frame, async () => {
      const making = idlest();
      const mask = await making.call('mask', { track, frame });
      await all(async (worker) => worker === making || worker.call('adoptMask', { track, frame, mask }));
    });

  /** The masks that a frame's visibility comes from; one worker alone makes them when it needs them. */
  const masksFor = async (track: string, frame: number): Promise<void> => {
    const { faces, shares } = trackOf(track);
    if (!shares) return;
    const { anchors, settling } = faces.masksAround(frame);
    await Promise.all(anchors.map((at) => maskOf(track, at)));
    await Promise.all(settling.map((at) => maskOf(track, at)));
  };

  /** A keyframe, restored once and known to every worker. */
  const keyframeOf = (track: string, frame: number): Promise<void> =>
    trackOf(track).faces.keyframe(frame, async () => {
      await masksFor(track, frame);
      const restoring = idlest();
      const restored = await restoring.call('keyframe', { track, frame });
      await all(async (worker) => worker === restoring || worker.call('adopt', { track, frame, restored }));
    });

  return {
    size: workers.length,
    async addStill(still) {
      const added = stills.get(still.id) ?? all((worker) => worker.call('addStill', still));
      stills.set(still.id, added);
      await added;
    },
    async begin(track) {
      const [plan] = await Promise.all(workers.map((worker) => worker.call('begin', track)));
      if (!plan) throw new Error('Unreachable: a team has at least one worker.');
      tracks.set(track.track, {
        faces: windowBuffer(plan),
        length: 3 * track.patchSize ** 2,
        shares: plan.window > 0 && workers.length > 1,
      });
      return teamWindow(plan.window, plan.keyframes !== undefined);
    },
    lift(face) {
      const { track, frame } = face;
      const { faces, length, shares } = trackOf(track);
      const into = shares ? memory.lend(length) : undefined;
      const lifted = into ? liftForAll(face, into) : liftForOne(face);
      const keyframe = faces.add(frame, lifted, into);
      if (keyframe !== null) void keyframeOf(track, keyframe);
    },
    hold: ({ track, frame }) => trackOf(track).faces.hold(frame),
    async comp({ track, frame, region: given, show }, signal) {
      const { faces, shares } = trackOf(track);
      const lifted = await faces.ready(frame);
      signal?.throwIfAborted();
      await masksFor(track, frame);
      await Promise.all(faces.keyframesAround(frame).map((at) => keyframeOf(track, at)));
      signal?.throwIfAborted();
      const region = given ?? lifted;
      const face = { track, frame, region, ...(show ? { show } : {}) };
      const comped = await (shares ? idlest() : ownerOf(frame)).call('comp', face, [region.bytes.buffer]);
      const { until, memory: freed } = faces.drop(frame);
      // Their memory is free when every worker has dropped them.
      all((worker) => worker.call('forget', { track, frame: until }))
        .then(() => freed.forEach(memory.giveBack))
        .catch(() => {});
      return comped;
    },
    async end(track) {
      // What comes behind the take's last frame was handed over in vain, and must not reach a worker after the next take has begun.
      const { memory: freed } = await trackOf(track).faces.close();
      tracks.delete(track);
      await all((worker) => worker.call('end', { track }));
      freed.forEach(memory.giveBack);
    },
    picture: (of) => ownerOf(0).call('picture', of),
    async [Symbol.asyncDispose]() {
      await all((worker) => worker[Symbol.asyncDispose]());
    },
  };
}

/** A renderer, and the number of calls that it has not answered. */
type TeamWorker = Remote<FaceRenderer> & { readonly open: () => number };

function counted(remote: Remote<FaceRenderer>): TeamWorker {
  let open = 0;
  return {
    open: () => open,
    call(name, argument, move) {
      open += 1;
      return remote.call(name, argument, move).finally(() => {
        open -= 1;
      });
    },
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}
