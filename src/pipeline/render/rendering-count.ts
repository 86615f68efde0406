import type { RunOptions } from '../run-options.ts';

/** Counts what is rendered, and tells it as progress. */
export interface RenderingCount {
  /** So many frames more are done; `faces`: those of the last one. */
  frames(more: number, faces?: number): void;
  /** A face was restored; `carried`: see `RestorationFacts`. */
  face(carried: number | undefined): void;
}

/** @param total frames in all, of which `done` are done already */
export function renderingCount(total: number, done: number, onProgress: RunOptions['onProgress']): RenderingCount {
  let frames = done;
  // Of a restorer that carries: faces on which it ran, and faces that were carried.
  let runs = 0;
  let skipped = 0;
  const tell = (faces?: number) =>
    onProgress({
      stage: 'rendering',
      done: frames,
      total,
      unit: 'frames',
      ...(faces === undefined ? {} : { faces }),
      ...(runs + skipped === 0 ? {} : { runs, skipped }),
    });
  tell();
  return {
    frames(more, faces) {
      frames += more;
      tell(faces);
    },
    face(carried) {
      if (carried === 1) skipped += 1;
      else if (carried !== undefined) runs += 1;
    },
  };
}
