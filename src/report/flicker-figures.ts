import type { FaceFrame } from './face-frames.ts';

/** How a track's face flickered, before and after; null where too few frames in a row were restored to tell. */
export interface FlickerFigures {
  /** HF2-LP, 8-bit levels: root mean square of the frames' own. */
  readonly hf2LpBefore: number | null;
  readonly hf2LpAfter: number | null;
  readonly hf2LpRatio: number | null;
  /** Temporal flicker index, per cent: deviation of the frame-to-frame change of the face's mean luma over that mean. */
  readonly tfiBefore: number | null;
  readonly tfiAfter: number | null;
  readonly tfiExcess: number | null;
}

/** @param frames in order of frames */
export function flickerFigures(frames: readonly FaceFrame[]): FlickerFigures {
  const [hf2LpBefore, hf2LpAfter] = [lowPassed(frames, 0), lowPassed(frames, 1)];
  const [tfiBefore, tfiAfter] = [flickerIndex(frames, 0), flickerIndex(frames, 1)];
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

function flickerIndex(frames: readonly FaceFrame[], side: 0 | 1): number | null {
  const changes = frames.slice(1).flatMap((face, k) => {
    const before = frames[k];
    return before && face.frame - before.frame === 1 ? [face.luma[side] - before.luma[side]] : [];
  });
  if (changes.length < 2) return null;
  const mean = frames.reduce((sum, { luma }) => sum + luma[side], 0) / frames.length;
  const drift = changes.reduce((sum, v) => sum + v, 0) / changes.length;
  const variance = changes.reduce((sum, v) => sum + (v - drift) ** 2, 0) / changes.length;
  return mean > 0 ? (100 * Math.sqrt(variance)) / mean : null;
}
