import type { Patch } from '../face/patch.ts';
import type { PatchWindow } from './restorer.ts';

/** The frames around a frame that are restored anew, and the windows in which they are. */
export interface AnchorsAround {
  /** At or before the frame. */
  readonly left: PatchWindow;
  /** At or after it; the same as `left` where the frame is one itself. */
  readonly right: PatchWindow;
  /** Where the frame lies between them: 0 = at the left one, 1 = at the right one. */
  readonly share: number;
}

/**
 * Every `every`-th frame of the reel is an anchor, and so are the first and the last frame of each run of frames without a gap; a
 * window must reach `every + inner` frames to either side, so that whoever looks at the same frame finds the same anchors.
 *
 * @param inner neighbours that an anchor is restored with, on each side
 */
export function anchorsAround(window: PatchWindow, every: number, inner: number): AnchorsAround {
  const { frame } = window.centre;
  const first = frame - window.before.length;
  const last = frame + window.after.length;
  const left = Math.max(first, Math.floor(frame / every) * every);
  const right = Math.min(last, Math.ceil(frame / every) * every);
  return {
    left: windowAround(window, left, inner),
    right: windowAround(window, right, inner),
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
