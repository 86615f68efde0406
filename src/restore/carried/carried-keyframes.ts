import type { Patch } from '../../compute/patch.ts';
import type { PatchWindow } from '../restorer.ts';

/** The frames around a frame that are restored anew, and the windows in which they are. */
export interface KeyframesAround {
  /** At or before the frame. */
  readonly left: PatchWindow;
  /** At or after it; the same as `left` where the frame is one itself. */
  readonly right: PatchWindow;
  /** Where the frame lies between them: 0 = at the left one, 1 = at the right one. */
  readonly share: number;
}

/** Which frames are keyframes, and what it takes to restore one. */
export interface KeyframePlan {
  /** Frames from one keyframe to the next. */
  readonly every: number;
  /** Neighbours that a keyframe is restored with, on each side. */
  readonly reach: number;
}

/** The keyframes on both sides of a frame in a run of frames `first` … `last` without a gap, both included: frame numbers. */
export function keyframeNumbers(frame: number, first: number, last: number, every: number): readonly [number, number] {
  return [Math.max(first, Math.floor(frame / every) * every), Math.min(last, Math.ceil(frame / every) * every)];
}

/**
 * Every `every`-th frame of the reel is a keyframe, and so are the first and the last frame of each run of frames without a gap; a
 * window must reach `every + reach` frames to either side, so that whoever looks at the same frame finds the same keyframes.
 */
export function keyframesAround(window: PatchWindow, { every, reach }: KeyframePlan): KeyframesAround {
  const { frame } = window.centre;
  const first = frame - window.before.length;
  const last = frame + window.after.length;
  const [left, right] = keyframeNumbers(frame, first, last, every);
  return {
    left: windowAround(window, left, reach),
    right: windowAround(window, right, reach),
    share: right > left ? (frame - left) / (right - left) : 0,
  };
}

/** The window of a frame within a wider one. */
export function windowAround(window: PatchWindow, frame: number, reach: number): PatchWindow {
  const patchAt = (at: number): Patch | undefined => {
    const offset = at - window.centre.frame;
    if (offset === 0) return window.centre;
    return offset < 0 ? window.before[-offset - 1] : window.after[offset - 1];
  };
  const centre = patchAt(frame);
  if (!centre) throw new RangeError(`The window of frame ${window.centre.frame} does not hold frame ${frame}.`);
  const side = (step: number) => {
    const patches: Patch[] = [];
    for (let k = 1; k <= reach; k++) {
      const patch = patchAt(frame + k * step);
      if (!patch) break;
      patches.push(patch);
    }
    return patches;
  };
  return { centre, before: side(-1), after: side(1) };
}
