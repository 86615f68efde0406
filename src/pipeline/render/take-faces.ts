import type { Embedding } from '../../face/embedding.ts';
import { shadingFlicker } from '../../metrics/shading.ts';
import type { Comped, FaceMeasure } from '../../render/face-rendering.ts';
import type { FaceFrame } from '../../report/face-frames.ts';
import type { Refusal } from '../../restore/restorer.ts';
import type { FaceEdit, TakeFace } from '../work/take-record.ts';

/** Embeddings of a face in the plate and in the output. */
export interface FaceEmbeddings {
  readonly before: Embedding;
  readonly after: Embedding;
}

/** The outcome for one face in the frames of a take. */
export type FaceOutcome = Pick<TakeFace, 'restored' | 'refused' | 'edits' | 'embeddings'>;

/** Gathers the outcome for the faces of one take, in whatever order its frames are finished. */
export interface TakeOutcomes {
  restored(track: string, frame: number, comped: Comped, embeddings: FaceEmbeddings | null): void;
  refused(track: string, frame: number, refusal: Refusal): void;
  edited(track: string, edit: FaceEdit): void;
  /** One for each of the tracks, in their order. */
  of(tracks: readonly { readonly id: string }[]): FaceOutcome[];
}

interface Gathered {
  readonly restored: { readonly frame: number; readonly comped: Pick<Comped, 'face' | 'facts'> }[];
  readonly refused: FaceOutcome['refused'];
  readonly edits: FaceEdit[];
  readonly embeddings: FaceOutcome['embeddings'];
}

export function takeOutcomes(): TakeOutcomes {
  const byTrack = new Map<string, Gathered>();
  const gathered = (track: string): Gathered => {
    const known = byTrack.get(track) ?? { restored: [], refused: [], edits: [], embeddings: [] };
    byTrack.set(track, known);
    return known;
  };
  return {
    restored(track, frame, { face, facts }, pair) {
      const { restored, embeddings } = gathered(track);
      restored.push({ frame, comped: { face, ...(facts ? { facts } : {}) } });
      if (pair) embeddings.push({ frame, before: [...pair.before], after: [...pair.after] });
    },
    refused(track, frame, { refused: reason }) {
      gathered(track).refused.push({ frame, reason });
    },
    edited(track, edit) {
      gathered(track).edits.push(edit);
    },
    of: (tracks) => tracks.map(({ id }) => outcomeOf(gathered(id))),
  };
}

function outcomeOf({ restored, refused, edits, embeddings }: Gathered): FaceOutcome {
  const byFrame = (a: { readonly frame: number }, b: { readonly frame: number }) => a.frame - b.frame;
  restored.sort(byFrame);
  return {
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
          ...(facts.hidden === undefined ? {} : { hidden: rounded(facts.hidden) }),
          ...(facts.maskersRan === undefined ? {} : { maskersRan: facts.maskersRan }),
        }),
      };
    }),
    refused: refused.sort(byFrame),
    ...(edits.length > 0 ? { edits: edits.sort(byFrame) } : {}),
    embeddings: embeddings.sort(byFrame),
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
