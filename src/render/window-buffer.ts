import { type KeyframePlan, keyframeNumbers } from '../restore/carried/carried-keyframes.ts';
import type { MaskPlan } from '../restore/masked/masked-window.ts';

/** The neighbours that the restorer of a track needs. */
export interface WindowPlan {
  /** Neighbours that a frame is restored with, on each side. */
  readonly window: number;
  /** Where restorations are carried. */
  readonly keyframes?: KeyframePlan;
  /** Where something before the face is looked for. */
  readonly masks?: MaskPlan;
}

/**
 * The faces of one track from the time they are handed over until no frame needs them: which are lifted, restored as keyframes,
 * or being comped. It only keeps account; others do the work.
 *
 * `Lifted` is what lifting a face leaves for its comp, `Memory` what its patch lies in.
 */
export interface WindowBuffer<Lifted, Memory> {
  /**
   * Takes a face that was handed over; frames come in order. `lifted` settles when its patch is known wherever it is needed. Returns
   * the keyframe for which everything was handed over by that, if there is one.
   */
  add(frame: number, lifted: Promise<Lifted>, memory?: Memory): number | null;
  /** The face of a frame, when it and its neighbours up to `reach` frames away have been lifted, those that were handed over. */
  ready(frame: number, reach?: number): Promise<Lifted>;
  /** The keyframes between which a frame is carried. Its whole window must have been handed over. */
  keyframesAround(frame: number): readonly number[];
  /** A keyframe's restoration, which `restore` begins at the first request; once closed, it rejects instead. */
  keyframe(frame: number, restore: () => Promise<void>): Promise<void>;
  /**
   * The frames whose masks settle into a frame's visibility, and the anchors between which these are carried. All of them, and their
   * windows, must have been handed over.
   */
  masksAround(frame: number): { readonly anchors: readonly number[]; readonly settling: readonly number[] };
  /** A face's mask, which `make` begins at the first request; once closed, it rejects instead. */
  mask(frame: number, make: () => Promise<void>): Promise<void>;
  /** Keeps what a frame is restored with until it is dropped. Called in order of frames, so that what is to come lies behind. */
  hold(frame: number): void;
  /** A held frame is comped: forgets what neither the others that are held nor those to come are restored with. */
  drop(frame: number): Forgotten<Memory>;
  /** Begins no more keyframes. Resolves with all that is forgotten when everything that had begun has ended. */
  close(): Promise<Forgotten<Memory>>;
}

export interface Forgotten<Memory> {
  /** Frames before it are forgotten. */
  readonly until: number;
  readonly memory: readonly Memory[];
}

interface Face<Lifted, Memory> {
  readonly lifted: Promise<Lifted>;
  readonly memory?: Memory;
  keyframe?: Promise<void>;
  mask?: Promise<void>;
}

export function windowBuffer<Lifted, Memory>(wanted: WindowPlan): WindowBuffer<Lifted, Memory> {
  const { window, keyframes: plan, masks } = wanted;
  const faces = new Map<number, Face<Lifted, Memory>>();
  const held = new Set<number>();
  let closed = false;

  const faceOf = (frame: number): Face<Lifted, Memory> => {
    const face = faces.get(frame);
    if (!face) throw new Error('Unreachable: a face is restored after it was handed over, and before it is forgotten.');
    return face;
  };
  /** The last frame in a row without a gap that was handed over, at most `window` frames away in a direction. */
  const farthest = (frame: number, step: 1 | -1): number => {
    let at = frame;
    while (at !== frame + step * window && faces.has(at + step)) at += step;
    return at;
  };
  const ready = async (frame: number, reach = window): Promise<Lifted> => {
    const { lifted } = faceOf(frame);
    await Promise.all(Array.from({ length: 2 * reach + 1 }, (_, k) => faces.get(frame - reach + k)?.lifted));
    return lifted;
  };
  const forget = (until: number): Forgotten<Memory> => {
    const gone = [...faces].filter(([frame]) => frame < until);
    for (const [frame] of gone) faces.delete(frame);
    return { until, memory: gone.flatMap(([, { memory }]) => memory ?? []) };
  };

  return {
    add(frame, lifted, memory) {
      // Told to whoever waits for it.
      lifted.catch(() => {});
      faces.set(frame, { lifted, ...(memory === undefined ? {} : { memory }) });
      if (!plan) return null;
      const due = frame - plan.reach;
      return due % plan.every === 0 && faces.has(due) ? due : null;
    },
    ready,
    keyframesAround(frame) {
      if (!plan) return [];
      return [...new Set(keyframeNumbers(frame, farthest(frame, -1), farthest(frame, 1), plan.every))];
    },
    keyframe(frame, restore) {
      const face = faceOf(frame);
      face.keyframe ??= ready(frame, plan?.reach ?? 0).then(() => {
        if (closed) throw new Error('The track ended before this keyframe was begun.');
        return restore();
      });
      // Told to whoever needs it.
      face.keyframe.catch(() => {});
      return face.keyframe;
    },
    masksAround(frame) {
      if (!masks) return { anchors: [], settling: [] };
      const [first, last] = [farthest(frame, -1), farthest(frame, 1)];
      const from = Math.max(first, frame - masks.settling);
      const to = Math.min(last, frame + masks.settling);
      const settling = Array.from({ length: to - from + 1 }, (_, k) => from + k);
      return {
        anchors: [...new Set(settling.flatMap((at) => keyframeNumbers(at, first, last, masks.every)))],
        settling,
      };
    },
    mask(frame, make) {
      const face = faceOf(frame);
      face.mask ??= Promise.resolve().then(() => {
        if (closed) throw new Error('The track ended before this mask was begun.');
        return make();
      });
      // Told to whoever needs it.
      face.mask.catch(() => {});
      return face.mask;
    },
    hold(frame) {
      held.add(frame);
    },
    drop(frame) {
      held.delete(frame);
      return forget(Math.min(frame, ...held) - window);
    },
    async close() {
      closed = true;
      await Promise.allSettled([...faces.values()].flatMap(({ lifted, keyframe, mask }) => [lifted, keyframe, mask]));
      return forget(Infinity);
    },
  };
}
