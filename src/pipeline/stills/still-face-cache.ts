import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, publish, unfinishedName, writeDurably } from '../../disk/durable.ts';
import { outputError } from '../../disk/output-error.ts';
import type { StillFace } from '../../workers/tracking-service.ts';

/** The faces that were found in stills, on disk, by the file's content. */
export interface StillFaceCache {
  /** Null where there is nothing, or nothing usable. */
  read(sha256: string): Promise<readonly StillFace[] | null>;
  /** Best effort: a full or read-only cache folder costs a note, not the run. */
  write(sha256: string, faces: readonly StillFace[]): Promise<{ readonly note?: string }>;
}

/**
 * Keeps faces in `folder`, which is made when first written to.
 *
 * @param key SHA-256, lower-case hex, of what the faces depend on besides the file
 */
export function openStillFaceCache(folder: string, key: string): StillFaceCache {
  const pathOf = (sha256: string) => join(folder, `${sha256}-${key.slice(0, 16)}.json`);
  return {
    async read(sha256) {
      const text = await readFile(pathOf(sha256), 'utf8').catch(() => null);
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
    },
    async write(sha256, faces) {
      const path = pathOf(sha256);
      const draft = unfinishedName(path);
      try {
        await makeFolder(folder);
        await writeDurably(draft, Buffer.from(JSON.stringify(faces.map(plain))));
        await publish(draft, path);
        return {};
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        return {
          note: `The faces found in stills could not be kept: ${outputError(folder, error).message} The next run will look at the stills again.`,
        };
      }
    },
  };
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
