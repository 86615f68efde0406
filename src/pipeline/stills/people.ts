import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../../disk/cache-folder.ts';
import { makeFolder, publish, unfinishedName, writeDurably } from '../../disk/durable.ts';
import { similarity } from '../../face/embedding.ts';
import type { Remote } from '../../workers/rpc.ts';
import type { StillFace, TrackingService } from '../../workers/tracking-service.ts';
import type { PersonStills } from '../job.ts';
import { StillError } from './still-error.ts';
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

/** Finds the one face in each of a person's stills, as long as its worker runs. Answers are kept on disk by the file's content. */
export interface StillReader {
  /**
   * @param flag the option that named the stills, for error messages
   * @throws StillError for a file that is no picture, or shows no face or several.
   */
  read(person: PersonStills, flag: '--reference' | '--find'): Promise<PersonReferences>;
}

/** @param modelKey what the faces depend on besides the file: the networks and the threshold */
export function stillReader(
  pictures: StillPictures,
  tracking: Remote<TrackingService>,
  threshold: number,
  modelKey: string,
): StillReader {
  const facesIn = async (sha256: string): Promise<readonly StillFace[]> => {
    const cached = join(cacheFolder(), 'stills', `${sha256}-${modelKey.slice(0, 16)}.json`);
    const kept = await readFaces(cached);
    if (kept) return kept;
    const { width, height, rgb } = await pictures.picture(sha256);
    const faces = await tracking.call('still', { width, height, rgb, threshold });
    await makeFolder(dirname(cached));
    const draft = unfinishedName(cached);
    await writeDurably(draft, Buffer.from(JSON.stringify(faces.map(plain))));
    await publish(draft, cached);
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
      return { name, stills };
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

const facesSchema = z.array(
  z.object({
    score: z.number(),
    box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    landmarks: z.array(z.number()),
    embedding: z.array(z.number()),
  }),
);

function plain(face: StillFace): z.input<typeof facesSchema>[number] {
  return {
    ...face,
    box: [...face.box],
    landmarks: Array.from(face.landmarks),
    embedding: Array.from(face.embedding),
  };
}

/** What an earlier run found; nothing where there was none, or its file is damaged. */
async function readFaces(path: string): Promise<StillFace[] | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return facesSchema.parse(JSON.parse(text)).map((face) => ({
      ...face,
      landmarks: Float32Array.from(face.landmarks),
      embedding: Float32Array.from(face.embedding),
    }));
  } catch {
    return null;
  }
}

/** How alike the stills of one person are, worst pair first: a stranger among them shows here. */
export function leastAlike(person: PersonReferences): { pair: [string, string]; similarity: number } | null {
  let worst: { pair: [string, string]; similarity: number } | null = null;
  person.stills.forEach((a, i) => {
    for (const b of person.stills.slice(i + 1)) {
      const alike = similarity(a.face.embedding, b.face.embedding);
      if (!worst || alike < worst.similarity) worst = { pair: [a.name, b.name], similarity: alike };
    }
  });
  return worst;
}
