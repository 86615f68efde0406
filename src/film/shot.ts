import type { FrameRange } from './range.ts';

/** The frames between two cuts: the unit of tracking, casting and review. */
export interface Shot extends FrameRange {
  /** Position among the reel's shots, from 0. */
  readonly index: number;
  /** True where nobody looked at its frames, since they are passed through: it may be several shots. */
  readonly passed?: true;
}

/** At most a preset's number of frames of one shot: the unit of rendering and of resuming. */
export interface Take extends FrameRange {
  readonly shot: number;
  /** True where a cast face appears in it; other takes are copied. */
  readonly touched: boolean;
}

/** Cuts shots into takes of at most `length` frames, of nearly equal length within a shot. */
export function takesOf(shots: readonly Shot[], length: number, isTouched: (range: FrameRange) => boolean): Take[] {
  return shots.flatMap((shot) => {
    const count = Math.max(1, Math.ceil((shot.out - shot.in) / length));
    const at = (k: number) => shot.in + Math.round(((shot.out - shot.in) * k) / count);
    return Array.from({ length: count }, (_, k) => {
      const range = { in: at(k), out: at(k + 1) };
      return { ...range, shot: shot.index, touched: isTouched(range) };
    });
  });
}
