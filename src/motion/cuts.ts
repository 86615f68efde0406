import { changedShare, differenceOf, replacedShare, type Thumbnail, thumbnailOf } from './likeness.ts';
import type { Luma } from './luma.ts';

/** The decision on one frame. Each pushed frame is decided once, in order. */
export interface CutDecision {
  readonly frame: number;
  /** True where the frame is the first of a new shot; false for the first frame of all. */
  readonly cut: boolean;
}

export interface CutOptions {
  /** Least difference across a cut (0 = alike, 1 = nothing in common); within a shot of damaged film it stays below 0.05. */
  readonly content?: number;
  /** Least ratio of the difference to those around it: fast motion differs in every frame, a cut only once. */
  readonly ratio?: number;
}

/** Finds the first frames of shots as pictures come, `LAG` frames behind them. */
export interface CutDetector {
  /** Frames rise; numbers may be left out where a frame cannot be read. `luma` of any size, the same for all; 160 wide is enough. */
  push(frame: number, luma: Luma): CutDecision[];
  /** Decides the frames that still wait. */
  end(): CutDecision[];
}

/**
 * Share of the picture that a cut changes, mostly 0.8 and more. A change of less must stand out twice as much: a hand that passes
 * the lens changes 0.3 from one frame to the next, but also in the frames around.
 */
const MOST = 0.5;
/**
 * Share of such a change that must be no motion: a head that jumps before a still, plain background is found again beside where it
 * was.
 */
const REPLACED = 0.13;
const CONTENT = 0.06;
const RATIO = 3;
/**
 * A change of less than this many times `content` must stand out twice as much: quick gestures reach such a change, cuts in still
 * shots stand out enough.
 */
const CLEAR = 2.5;
/** Boundaries on either side with which a boundary is compared. */
const NEIGHBOURS = 2;
/** An interruption of fewer frames than this is a flash, a blank or a torn frame, and no shot. */
const SHORTEST_SHOT = 3;
/** Frames that must be seen after a frame before it can be decided. */
const LAG = NEIGHBOURS + SHORTEST_SHOT - 1;
/** Frames that must be seen before and behind a range for its cuts, and whether one lies at its ends, to be those of the whole reel. */
export const CUT_CONTEXT = LAG + 1;

interface Seen {
  readonly frame: number;
  readonly thumbnail: Thumbnail;
  /** From the frame before; 0 for the first. */
  readonly difference: number;
}

/**
 * An adaptive cut detector (after PySceneDetect's AdaptiveDetector), on differences that exposure, flicker, weave and pans do not
 * raise (see `differenceOf`).
 *
 * A frame begins a shot when it differs from the one before by `content` and by `ratio` times the mean of its neighbours (twice
 * that for a small or a local change), and when each of the three frames from it on differs so from each of the three before: a
 * flash, a blank or a torn frame has the same picture on both sides. A local change is no cut where all of it is motion. Of cuts
 * closer than three frames the last counts, so that a blank at a splice ends the earlier shot.
 *
 * Not found: dissolves and fades; cuts into a shot of the same framing (a jump cut) where less than `content` changes, or where a
 * head only lies elsewhere before a plain background; shots of one or two frames, at the reel's ends too. A film that slips in the
 * gate by more than a tenth of its height for good reads as a cut.
 */
export function cutDetector({ content = CONTENT, ratio = RATIO }: CutOptions = {}): CutDetector {
  /** The frames that decisions still need; `seen[next]` is decided next. */
  let seen: Seen[] = [];
  let next = 0;

  const stands = (at: number): boolean => {
    const here = seen[at];
    if (!here || at === 0 || here.difference < content) return false;
    let sum = 0;
    let count = 0;
    for (let k = at - NEIGHBOURS; k <= at + NEIGHBOURS; k++) {
      // The first frame of all has no boundary before it.
      if (k === at || k < 1 || k >= seen.length) continue;
      sum += seen[k].difference;
      count += 1;
    }
    const isLocal = changedShare(seen[at - 1].thumbnail, here.thumbnail, content) < MOST;
    const needed = isLocal || here.difference < CLEAR * content ? 2 * ratio : ratio;
    if (count > 0 && here.difference < (needed * sum) / count) return false;
    const before = seen.slice(Math.max(0, at - SHORTEST_SHOT), at);
    const after = seen.slice(at, at + SHORTEST_SHOT);
    if (before.length < SHORTEST_SHOT || after.length < SHORTEST_SHOT) return false;
    if (!before.every((a) => after.every((b) => differenceOf(a.thumbnail, b.thumbnail) >= content))) return false;
    return !isLocal || replacedShare(seen[at - 1].thumbnail, here.thumbnail, content) >= REPLACED;
  };

  const decideNext = (): CutDecision => {
    const cut = stands(next) && !stands(next + 1) && !stands(next + 2);
    const decision = { frame: seen[next].frame, cut };
    next += 1;
    const kept = SHORTEST_SHOT + NEIGHBOURS;
    if (next > kept) {
      seen = seen.slice(next - kept);
      next = kept;
    }
    return decision;
  };

  return {
    push(frame, luma) {
      const thumbnail = thumbnailOf(luma);
      const last = seen.at(-1);
      seen.push({ frame, thumbnail, difference: last ? differenceOf(last.thumbnail, thumbnail) : 0 });
      return seen.length - next > LAG ? [decideNext()] : [];
    },
    end() {
      const decisions: CutDecision[] = [];
      while (next < seen.length) decisions.push(decideNext());
      return decisions;
    },
  };
}
