import { shadingFlicker } from '../../metrics/shading.ts';
import type { Comped, FaceMeasure } from '../../render/face-rendering.ts';
import type { FaceFrame, FaceFrames } from '../../report/face-frames.ts';
import type { Refusal } from '../../restore/restorer.ts';

/** Cosine of a face to its person's stills, in the plate and in the output. */
export interface Likeness {
  readonly before: number;
  readonly after: number;
}

/** Gathers what becomes of the faces of one take, in whatever order its frames are finished. */
export interface TakeFaces {
  restored(track: string, frame: number, comped: Comped, likeness: Likeness | null): void;
  refused(track: string, frame: number, refusal: Refusal): void;
  /** What the journal keeps. */
  records(): FaceFrames[];
}

interface Gathered {
  readonly restored: { readonly frame: number; readonly comped: Pick<Comped, 'face' | 'facts'> }[];
  readonly refused: FaceFrames['refused'];
  readonly likeness: FaceFrames['likeness'];
}

export function takeFaces(): TakeFaces {
  const byTrack = new Map<string, Gathered>();
  const gathered = (track: string): Gathered => {
    const known = byTrack.get(track) ?? { restored: [], refused: [], likeness: [] };
    byTrack.set(track, known);
    return known;
  };
  return {
    restored(track, frame, { face, facts }, likeness) {
      const { restored, likeness: samples } = gathered(track);
      restored.push({ frame, comped: { face, ...(facts ? { facts } : {}) } });
      if (likeness) samples.push({ frame, before: rounded(likeness.before), after: rounded(likeness.after) });
    },
    refused(track, frame, { refused: reason }) {
      gathered(track).refused.push({ frame, reason });
    },
    records: () => [...byTrack].map(([track, of]) => recordOf(track, of)),
  };
}

function recordOf(track: string, { restored, refused, likeness }: Gathered): FaceFrames {
  const byFrame = (a: { readonly frame: number }, b: { readonly frame: number }) => a.frame - b.frame;
  restored.sort(byFrame);
  return {
    track,
    restored: restored.map(({ frame, comped: { face, facts } }, k): FaceFrame => {
      const before = restored[k - 1];
      const after = restored[k + 1];
      const inARow = before?.frame === frame - 1 && after?.frame === frame + 1;
      return {
        frame,
        luma: [rounded(face.before), rounded(face.after)],
        sharpness: [rounded(face.sharpnessBefore), rounded(face.sharpnessAfter)],
        flicker: inARow ? flickerOf(before.comped.face, face, after.comped.face) : null,
        change: rounded(face.change),
        ...(facts && {
          strength: rounded(facts.strength),
          averaged: rounded(facts.averaged),
          dirt: rounded(facts.dirt),
          ...(facts.limit ? { limit: facts.limit } : {}),
          ...(facts.gate === undefined ? {} : { gate: rounded(facts.gate) }),
          ...(facts.blur === undefined ? {} : { blur: rounded(facts.blur) }),
          ...(facts.grain === undefined ? {} : { grain: facts.grain.map((v) => v && rounded(v)) }),
          ...(facts.carried === undefined ? {} : { carried: facts.carried }),
        }),
      };
    }),
    refused: refused.sort(byFrame),
    likeness: likeness.sort(byFrame),
  };
}

/** HF2-LP of the middle of three frames in a row, before and after, 8-bit levels. */
function flickerOf(last: FaceMeasure, now: FaceMeasure, next: FaceMeasure): [number, number] {
  return [
    rounded(shadingFlicker(last.beforeGrid, now.beforeGrid, next.beforeGrid)),
    rounded(shadingFlicker(last.afterGrid, now.afterGrid, next.afterGrid)),
  ];
}

/** Short enough to be kept for every frame, fine enough for every figure. */
function rounded(value: number): number {
  return Math.round(1e5 * value) / 1e5;
}
