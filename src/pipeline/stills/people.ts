import { basename } from 'node:path';
import { similarity } from '../../face/embedding.ts';
import { StillError } from '../../film/still-error.ts';
import type { Remote } from '../../workers/rpc.ts';
import type { StillFace, TrackingService } from '../../workers/tracking-service.ts';
import type { PersonStills } from '../job.ts';
import type { StillFaceCache } from './still-face-cache.ts';
import type { StillPictures } from './still-pictures.ts';

/** One still of a person: its file's content, and the face in it. */
export interface PersonStill {
  /** The file's name, for people. */
  readonly name: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  readonly face: StillFace;
}

/** A person by their stills. */
export interface PersonReferences {
  readonly name: string;
  readonly stills: readonly PersonStill[];
}

/** Cosine below which two stills given as one person are worth a note. */
const ODD_STILL = 0.3;

/** Finds the one face in each of a person's stills, as long as its worker runs. Answers are kept on disk by the file's content. */
export interface StillReader {
  /**
   * @param flag the option that named the stills, for error messages
   * @throws StillError for a file that is no picture, or shows no face or several.
   */
  read(person: PersonStills, flag: '--reference' | '--find'): Promise<PersonReferences>;
  /** What a person should know of the stills that were read, as sentences. */
  readonly notes: readonly string[];
}

/** @param threshold lowest detector score, 0 … 1, of a face */
export function stillReader(
  pictures: StillPictures,
  tracking: Remote<TrackingService>,
  cache: StillFaceCache,
  threshold: number,
): StillReader {
  const notes = new Set<string>();
  const facesIn = async (sha256: string): Promise<readonly StillFace[]> => {
    const kept = await cache.read(sha256);
    if (kept) return kept;
    const { width, height, rgb } = await pictures.picture(sha256);
    const faces = await tracking.call('still', { width, height, rgb, threshold });
    const { note } = await cache.write(sha256, faces);
    if (note) notes.add(note);
    return faces;
  };

  return {
    async read({ name, paths }, flag) {
      const stills: PersonStill[] = [];
      try {
        for (const { path, sha256 } of await pictures.add(paths)) {
          stills.push({ name: basename(path), sha256, face: onlyFace(path, await facesIn(sha256)) });
        }
      } catch (error) {
        throw error instanceof StillError ? new StillError(`${flag} ${error.message}`, { cause: error }) : error;
      }
      const person = { name, stills };
      const odd = leastAlike(person);
      if (odd && odd.similarity < ODD_STILL) {
        notes.add(
          `Two stills of "${name}" hardly look like one person (cosine ${odd.similarity.toFixed(2)}): ${odd.pair.join(' and ')}.`,
        );
      }
      return person;
    },
    get notes() {
      return [...notes];
    },
  };
}

function onlyFace(path: string, faces: readonly StillFace[]): StillFace {
  const [face, ...others] = faces;
  if (!face) {
    throw new StillError(
      `"${path}": no face was found in it. Give a still in which the face is upright, lit and at least 60 pixels wide.`,
    );
  }
  if (others.length > 0) {
    const seen = faces
      .map(
        ({ box: [x, y, width, height] }) =>
          `${Math.round(width)}×${Math.round(height)} at ${Math.round(x)},${Math.round(y)}`,
      )
      .join('; ');
    throw new StillError(
      `"${path}": ${faces.length} faces were found (${seen}), but a still must show one person. Crop it to the face you mean.`,
    );
  }
  return face;
}

/** How alike the stills of one person are, worst pair first: a stranger among them shows here. */
function leastAlike(person: PersonReferences): { pair: [string, string]; similarity: number } | null {
  let worst: { pair: [string, string]; similarity: number } | null = null;
  person.stills.forEach((a, i) => {
    for (const b of person.stills.slice(i + 1)) {
      const alike = similarity(a.face.embedding, b.face.embedding);
      if (!worst || alike < worst.similarity) worst = { pair: [a.name, b.name], similarity: alike };
    }
  });
  return worst;
}
