import type { Embedding } from '../../face/embedding.ts';
import type { FaceFrame } from '../../report/face-frames.ts';
import type { Refusal } from '../../restore/restorer.ts';
import type { Comped, FaceMeasure } from '../../workers/render-service.ts';
import type { TakeFace } from '../work/take-record.ts';

/** How a face looks to the recogniser, in the plate and in the output. */
export interface FaceLook {
  readonly before: Embedding;
  readonly after: Embedding;
}

/** What became of one face in the frames of a take. */
export type FaceOutcome = Pick<TakeFace, 'restored' | 'refused' | 'looks'>;

/** Gathers what becomes of the faces of one take, in whatever order its frames are finished. */
export interface TakeOutcomes {
  restored(track: string, frame: number, comped: Comped, look: FaceLook | null): void;
  refused(track: string, frame: number, refusal: Refusal): void;
  /** One for each of the tracks, in their order. */
  of(tracks: readonly { readonly id: string }[]): FaceOutcome[];
}

interface Gathered {
  readonly restored: { readonly frame: number; readonly comped: Pick<Comped, 'face' | 'facts'> }[];
  readonly refused: FaceOutcome['refused'];
  readonly looks: FaceOutcome['looks'];
}

export function takeOutcomes(): TakeOutcomes {
  const byTrack = new Map<string, Gathered>();
  const gathered = (track: string): Gathered => {
    const known = byTrack.get(track) ?? { restored: [], refused: [], looks: [] };
    byTrack.set(track, known);
    return known;
  };
  return {
    restored(track, frame, { face, facts }, look) {
      const { restored, looks } = gathered(track);
      restored.push({ frame, comped: { face, ...(facts ? { facts } : {}) } });
      if (look) looks.push({ frame, before: [...look.before], after: [...look.after] });
    },
    refused(track, frame, { refused: reason }) {
      gathered(track).refused.push({ frame, reason });
    },
    of: (tracks) => tracks.map(({ id }) => outcomeOf(gathered(id))),
  };
}

function outcomeOf({ restored, refused, looks }: Gathered): FaceOutcome {
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
        }),
      };
    }),
    refused: refused.sort(byFrame),
    looks: looks.sort(byFrame),
  };
}

/** White noise of standard deviation σ has a second difference of √6·σ: dividing by it reads σ. */
const SECOND_DIFFERENCE = Math.sqrt(6);

/** HF2-LP of the middle of three frames in a row, before and after, 8-bit levels. */
function flickerOf(last: FaceMeasure, now: FaceMeasure, next: FaceMeasure): [number, number] {
  return [
    lowPassed(last.beforeGrid, now.beforeGrid, next.beforeGrid),
    lowPassed(last.afterGrid, now.afterGrid, next.afterGrid),
  ];
}

function lowPassed(last: Float32Array, now: Float32Array, next: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < now.length; i++) {
    const [a, b, c] = [last[i] as number, now[i] as number, next[i] as number];
    // A cell is 0 where the matte was not in one of the frames.
    if (!(a > 0 && b > 0 && c > 0)) continue;
    sum += (a - 2 * b + c) ** 2;
    count += 1;
  }
  return count > 0 ? rounded((255 * Math.sqrt(sum / count)) / SECOND_DIFFERENCE) : 0;
}

/** Short enough to be kept for every frame, fine enough for every figure. */
function rounded(value: number): number {
  return Math.round(1e5 * value) / 1e5;
}
