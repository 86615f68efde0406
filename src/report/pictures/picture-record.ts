import { z } from 'zod';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What became of a face: `unmatched` is nobody's who was given; `refused` and `unmatched` faces are the picture's own. */
const faceSchema = z.strictObject({
  /** Around its landmarks: left, top, width, height, pixels of the picture as it is seen. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  person: z.string().nullable(),
  /** Cosine to that person, or to the nearest; null where nobody was given. */
  similarity: z.number().nullable(),
  outcome: z.enum(['restored', 'refused', 'unmatched']),
  /** Why it was refused, or restored only in part. */
  why: z.exactOptional(z.string()),
  /** See `RestorationFacts`. */
  strength: z.exactOptional(z.number()),
  gate: z.exactOptional(z.number()),
  /** Before and after, see `FaceFrame`. */
  sharpness: z.exactOptional(z.tuple([z.number(), z.number()])),
  /** How much it was changed, see `FaceMeasure`. */
  change: z.exactOptional(z.number()),
  /** Pictures of it in the report's folder, where it is worth a look: before and, where it was restored, after. */
  pictures: z.exactOptional(z.array(z.string())),
});

/** What became of one picture: a line of `pictures.jsonl`, written once the picture is whole. */
export const pictureRecordSchema = z.strictObject({
  /** From the folder on, with `/` between folders. */
  name: z.string(),
  /** What the output's bytes depend on: the picture's name and content, and the run's settings, networks and program. */
  key: sha256,
  /** The file as it was read; `written`: when it was, milliseconds since 1970. */
  source: z.strictObject({ sha256: sha256.nullable(), bytes: count, written: z.number() }),
  /** The file that was written; null where there was none to pass on. */
  output: z.strictObject({ sha256, bytes: count }).nullable(),
  /** `untouched` and `damaged` pictures are copies, byte for byte; of `lost` ones no byte could be read. */
  outcome: z.enum(['restored', 'untouched', 'damaged', 'lost']),
  /** What is wrong with a damaged or lost one, or why one with a face was passed on. */
  why: z.exactOptional(z.string()),
  size: z.exactOptional(z.strictObject({ width: count, height: count, samples: z.string() })),
  faces: z.array(faceSchema),
  /** Runs of networks, and faces that were restored. */
  runs: z.strictObject({ detector: count, landmarker: count, refiner: count, recogniser: count, restorer: count }),
  /** Wall-clock seconds: read and hashed; faces found and told apart; faces restored; written. */
  seconds: z.strictObject({ read: z.number(), networks: z.number(), restore: z.number(), write: z.number() }),
  /** What a person should know of it, as sentences. */
  notes: z.array(z.string()),
});

export type PictureRecord = z.infer<typeof pictureRecordSchema>;
export type PictureFaceRecord = z.infer<typeof faceSchema>;
