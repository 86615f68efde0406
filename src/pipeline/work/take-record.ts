import { hostname } from 'node:os';
import { z } from 'zod';
import { faceFramesSchema } from '../../report/face-frames.ts';
import { faceSheetSchema } from '../../report/face-sheet.ts';

const TAKE_FORMAT = 'reelmend-take/2';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const frame = z.int().nonnegative();

/** `take.json`: a finished take. It is written last: a folder without it holds no finished take. */
export const takeRecordSchema = z.strictObject({
  format: z.literal(TAKE_FORMAT),
  /** See `takeKey`. */
  key: sha256,
  /** See `takeContent`. */
  content: sha256,
  shot: frame,
  in: frame,
  out: frame,
  /** Of the segment; see `Segment`. */
  sha256,
  /** See `Segment`. */
  files: z.exactOptional(
    z.array(z.strictObject({ name: z.string(), sha256, bytes: frame, written: z.int() })).readonly(),
  ),
  /** See `Segment`. */
  pictures: z.exactOptional(z.array(sha256).readonly()),
  /** See `Segment`. */
  packets: z.exactOptional(z.literal(true)),
  /** What it was rendered on, see `deviceName`; `copy` where nothing was restored. */
  device: z.string(),
  /** Host name of the machine that made it; absent in takes of versions that did not tell. */
  machine: z.exactOptional(z.string()),
  /** Frames in which at least one face was restored. */
  restored: frame,
  /** Restored faces that a preview had rendered, a frame each; absent where none was. */
  kept: z.exactOptional(frame),
  seconds: z.number(),
  /** Ids of the side outputs that were kept with it. */
  sides: z.array(z.string()),
  /** What a person should know of it, as sentences. */
  notes: z.array(z.string()),
});

export type TakeRecord = z.infer<typeof takeRecordSchema>;

export function takeRecord(facts: Omit<TakeRecord, 'format' | 'machine'>): TakeRecord {
  return { format: TAKE_FORMAT, machine: hostname(), ...facts };
}

/** What comping a face did to a frame: SHA-256 of the rectangle's samples in the plate before it was comped, and after. */
const faceEditSchema = z.strictObject({
  frame,
  /** x, y, width, height in the upright plate. */
  region: z.tuple([frame, frame, frame, frame]),
  /** Pixels with a matte above 0. */
  pixels: frame,
  before: sha256,
  after: sha256,
});

const embedding = z.array(z.number());
const { restored, refused } = faceFramesSchema.shape;
const { kind, value } = faceSheetSchema.shape;

/**
 * The outcome for one face in a take. It has no track id: faces are in the order in which `tracksIn` gives the take's tracks,
 * whose ids may differ when another run finds the take.
 */
const takeFaceSchema = z.strictObject({
  restored,
  refused,
  /** One a restored frame, in order; absent where there are none, and in takes of versions that did not tell. */
  edits: z.exactOptional(z.array(faceEditSchema)),
  /** Embeddings of the face before and after. */
  embeddings: z.array(z.strictObject({ frame, before: embedding, after: embedding })),
  /** Of which frame there are pictures of before and after; null where there are none. */
  pair: frame.nullable(),
  /** Which faces are there step by step, and what each was chosen by. */
  sheets: z.array(z.strictObject({ kind, frame, value })),
});

/** `faces.json`. `recogniser` is the hash of the network that made the embeddings. */
export const takeFacesSchema = z.strictObject({ recogniser: z.string().nullable(), faces: z.array(takeFaceSchema) });

export type FaceEdit = z.infer<typeof faceEditSchema>;
export type TakeFace = z.infer<typeof takeFaceSchema>;
export type TakeFaces = z.infer<typeof takeFacesSchema>;
