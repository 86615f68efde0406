import { flickerIndex } from '../metrics/flicker.ts';
import type { FaceFrame } from './face-frames.ts';

/** How a track's face flickered, before and after; null where too few frames in a row were restored to tell. */
export interface FlickerFigures {
  /** HF2-LP (`shadingFlicker`), 8-bit levels: root mean square of the frames' own. */
  readonly hf2LpBefore: number | null;
  readonly hf2LpAfter: number | null;
  readonly hf2LpRatio: number | null;
  /** Temporal flicker index (`flickerIndex`), per cent. */
  readonly tfiBefore: number | null;
  readonly tfiAfter: number | null;
  readonly tfiExcess: number | null;
}

/** @param frames in order of frames */
export function flickerFigures(frames: readonly FaceFrame[]): FlickerFigures {
  const [hf2LpBefore, hf2LpAfter] = [lowPassed(frames, 0), lowPassed(frames, 1)];
  const [tfiBefore, tfiAfter] = [indexOf(frames, 0), indexOf(frames, 1)];
  return {
    hf2LpBefore,
    hf2LpAfter,
    hf2LpRatio: hf2LpBefore && hf2LpAfter !== null ? hf2LpAfter / hf2LpBefore : null,
    tfiBefore,
    tfiAfter,
    tfiExcess: tfiBefore !== null && tfiAfter !== null ? tfiAfter - tfiBefore : null,
  };
}

function lowPassed(frames: readonly FaceFrame[], side: 0 | 1): number | null {
  const squares = frames.flatMap(({ flicker }) => (flicker ? [flicker[side] ** 2] : []));
  return squares.length > 0 ? Math.sqrt(squares.reduce((sum, v) => sum + v, 0) / squares.length) : null;
}

function indexOf(frames: readonly FaceFrame[], side: 0 | 1): number | null {
  const means = frames.map(({ luma }) => luma[side]);
  const index = flickerIndex(
    means,
    frames.map(({ frame }) => frame),
  );
  return Number.isFinite(index) ? index : null;
}
