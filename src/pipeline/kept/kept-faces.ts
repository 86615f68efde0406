import type { Region } from '../../film/plate.ts';
import type { FaceInFrame } from '../../render/face-rendering.ts';
import type { CastTrack } from '../render/cast-track.ts';
import type { TakeOrigin } from '../work/take-origin.ts';
import type { KeptFace, RenderedFace } from './face-file.ts';
import { type FacesToKey, keyedFaces } from './face-keys.ts';
import type { FaceStore } from './face-store.ts';

/** The faces of a take that need not be rendered, since they are kept. */
export interface KeptFaces extends AsyncDisposable {
  /** Null where the face is to be rendered. */
  of(face: FaceInFrame): KeptFace | null;
  /**
   * Keeps a face that was rendered; null where none is kept. Resolves when more may be kept.
   *
   * @param plate the region as it was before
   */
  readonly keep: ((face: FaceInFrame, rendered: RenderedFace, plate: Region) => Promise<void>) | null;
}

/** A kept face that changes the plate. */
export interface ShownFace extends FaceInFrame {
  /** See `FaceMeasure.change`. */
  readonly change: number;
  /** See `RestorationFacts.gate`. */
  readonly gate?: number;
}

/** Those of the faces of a take that are rendered though they are kept. */
export type FacesToDraw = (kept: readonly ShownFace[]) => readonly FaceInFrame[];

/** Where a program keeps faces, and finds them. */
export interface FaceKeeper {
  /** The faces of a take that are kept; in memory, so that they stay whatever becomes of the disk. */
  find(faces: FacesToKey, draws: FacesToDraw): Promise<KeptFaces>;
  /** The tracks of a take's faces that seem to be kept, one for each face, without looking into their files. */
  known(faces: FacesToKey): Iterable<CastTrack>;
}

/** Nothing is kept, and nothing found. */
export const NONE_KEPT: KeptFaces = { of: () => null, keep: null, async [Symbol.asyncDispose]() {} };

/** Bytes of kept faces that a take may hold in memory; what is beyond them is rendered. */
const MOST_HELD = 2 ** 28;

/** @param keeps whether faces that are rendered are kept */
export function faceKeeper(store: FaceStore, origin: TakeOrigin, { keeps }: { readonly keeps: boolean }): FaceKeeper {
  return {
    async find(faces, draws) {
      if (store.isEmpty() && !keeps) return NONE_KEPT;
      const keys = new Map<string, string>();
      const found = new Map<string, KeptFace>();
      const shown: ShownFace[] = [];
      let held = 0;
      for (const { track, frame, key } of keyedFaces(faces, origin)) {
        const face = { track, frame };
        keys.set(nameOf(face), key);
        const kept = held < MOST_HELD ? await store.read(key) : null;
        if (!kept) continue;
        held += kept.bytes;
        found.set(nameOf(face), kept);
        if (kept.shown) shown.push({ ...face, ...kept.shown });
      }
      for (const face of draws(shown)) found.delete(nameOf(face));
      // Faces are written while the next are rendered.
      let writing = Promise.resolve();
      const keep = async (face: FaceInFrame, rendered: RenderedFace, plate: Region): Promise<void> => {
        const key = keys.get(nameOf(face));
        if (key === undefined) return;
        const before = writing;
        writing = Promise.all([before, store.write(key, rendered, plate)]).then(() => {});
        await before;
      };
      return {
        of: (face) => found.get(nameOf(face)) ?? null,
        keep: keeps ? keep : null,
        [Symbol.asyncDispose]: () => writing,
      };
    },
    *known(faces) {
      if (store.isEmpty()) return;
      for (const { cast, key } of keyedFaces(faces, origin)) if (store.has(key)) yield cast;
    },
  };
}

function nameOf({ track, frame }: FaceInFrame): string {
  return `${frame} ${track}`;
}
