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

/**
 * Opens a team for a machine of `cores` processors. Frames go to the workers in turn. A worker does what it is told in order, so
 * that a face handed over before another is comped has been lifted by then; nobody waits for anybody else.
 */
export function openRenderTeam(cores: number): RenderTeam {
  const workers = Array.from({ length: Math.max(1, Math.min(MOST, cores)) }, () =>
    openRemote<RenderService>('render-worker'),
  );
  const windows = new Map<string, number>();
  /** Faces on their way, by track and frame. */
  const lifts = new Map<string, Promise<unknown>>();

  const workerOf = (frame: number): Remote<RenderService> => {
    const worker = workers[frame % workers.length];
    if (!worker) throw new Error('Unreachable: a team has at least one worker.');
    return worker;
  };

  return {
    size: workers.length,
    async begin(track) {
      // What an earlier take handed over beyond its end was never comped.
      lifts.clear();
      const begun = await Promise.all(workers.map((worker) => worker.call('begin', track)));
      const window = Math.max(...begun.map((answer) => answer.window));
      windows.set(track.track, window);
      return window;
    },
    lift(face) {
      // Neighbours are comped by other workers; without a window each worker sees its own frames alone.
      const seers = windows.get(face.track) === 0 ? [workerOf(face.frame)] : workers;
      const lifted = Promise.all(seers.map((worker) => worker.call('lift', face)));
      lifted.catch(() => {});
      lifts.set(keyOf(face), lifted);
    },
    async comp(face) {
      const { track, frame } = face;
      const comping = workerOf(frame).call('comp', face);
      const [comped] = await Promise.all([comping, lifts.get(keyOf(face))]);
      lifts.delete(keyOf(face));
      // The others may be as many frames behind as there are workers.
      const until = frame - (windows.get(track) ?? 0) - workers.length;
      await Promise.all(workers.map((worker) => worker.call('forget', { track, frame: until })));
      return comped;
    },
    picture: (of) => workerOf(0).call('picture', of),
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
    },
  };
}

function keyOf({ track, frame }: { readonly track: string; readonly frame: number }): string {
  return `${track} ${frame}`;
}
