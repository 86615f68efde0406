import { z } from 'zod';

export const EDIT_LOG_FORMAT = 'reelmend-edit-log/1';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const range = z.strictObject({ in: count, out: count });
const text = z.string();

const headerSchema = z.strictObject({
  kind: z.literal('header'),
  format: z.literal(EDIT_LOG_FORMAT),
  /** Reelmend's own. */
  version: text,
  /** ISO 8601, UTC. */
  written: z.iso.datetime(),
  /** What the result depends on, as the report has it. */
  job: sha256,
  reel: z.strictObject({
    name: text,
    /** Of its files: sampled behind `quick:`, whole behind `full:`. */
    print: text,
    width: count,
    height: count,
    rate: text,
    frames: count,
    /** What people call frame 0. */
    first: z.int(),
    timecode: text.nullable(),
    /** Name of its sample format. */
    samples: text,
  }),
  /** The frames of the reel that were asked for. */
  range,
  preset: z.strictObject({ name: text, hash: sha256 }),
  output: z.strictObject({
    name: text,
    kind: z.enum(['folder', 'movie']),
    /** Of the movie, or over the SHA-256 of a folder's files in frame order, a line each. */
    sha256,
    frames: count,
  }),
  /** What faces were to be rendered on; takes tell what each was. */
  device: text,
  networks: z.array(z.strictObject({ id: text, sha256, licence: text, use: text })),
  /** Under which faces were put in others' places; null where none was. */
  authorisation: z
    .strictObject({
      sha256,
      people: z.array(z.strictObject({ name: text, shown: text, putIn: text })),
      allowedBy: text,
      purpose: text,
      until: text,
    })
    .nullable(),
});

/** A way in which faces were restored; frames refer to it by `id`. */
const treatmentSchema = z.strictObject({
  kind: z.literal('treatment'),
  id: count,
  restorer: text,
  settings: z.record(text, z.unknown()),
  masking: z.unknown().optional(),
  networks: z.array(z.strictObject({ id: text, sha256: sha256.nullable() })),
  /** SHA-256 over what is painted from each still. */
  stills: z.array(sha256),
});

const takeSchema = z.strictObject({
  kind: z.literal('take'),
  take: count,
  in: count,
  out: count,
  key: sha256,
  device: text,
  /** Host name; null where it is not known. */
  machine: text.nullable(),
  /** Frames that could not be read, and are passed through. */
  damaged: z.array(count),
  /** Every frame of the output, altered or not: SHA-256 of its file by name, or of its packet. Null where packets are not a frame each. */
  frames: z.array(z.strictObject({ frame: count, name: text.optional(), sha256 })).nullable(),
});

const faceSchema = z.strictObject({
  track: text,
  person: text.nullable(),
  treatment: count,
  /**
   * The rectangle of the upright plate that holds the matte (x, y, width, height), pixels with a matte above 0, and SHA-256 of the
   * rectangle's samples before and after this face; null where a take of an earlier version does not tell.
   */
  matte: z
    .strictObject({ region: z.tuple([count, count, count, count]), pixels: count, before: sha256, after: sha256 })
    .nullable(),
});

/** A frame that was altered. Its faces are in the order in which they were painted. */
const frameSchema = z.strictObject({
  kind: z.literal('frame'),
  /** Counted from 0, and as people name it. */
  frame: count,
  number: z.int(),
  timecode: text.nullable(),
  take: count,
  faces: z.array(faceSchema).min(1),
  /** Who approved it; null where nobody has. */
  approved: text.nullable(),
});

const endSchema = z.strictObject({
  kind: z.literal('end'),
  /** Lines of the log, this one among them, and frames that were altered. */
  lines: count,
  altered: count,
});

/** A line of `edit-log.jsonl` without its place in the chain. Frames count from 0, ranges are half-open. */
export const editLineSchema = z.discriminatedUnion('kind', [
  headerSchema,
  treatmentSchema,
  takeSchema,
  frameSchema,
  endSchema,
]);

export type EditLine = z.infer<typeof editLineSchema>;
export type EditHeader = z.infer<typeof headerSchema>;
export type Treatment = z.infer<typeof treatmentSchema>;
export type EditedTake = z.infer<typeof takeSchema>;
export type EditedFrame = z.infer<typeof frameSchema>;

/** What a log says, its lines sorted by their kinds. */
export interface EditLog {
  readonly header: EditHeader;
  readonly treatments: readonly Treatment[];
  readonly takes: readonly EditedTake[];
  readonly frames: readonly EditedFrame[];
}

/** A take of a log, and its altered frames. */
export interface EditedPart {
  readonly take: EditedTake;
  readonly frames: readonly EditedFrame[];
}

/** All lines of a log in the order in which they are written: a take before its frames, and the last line that closes it. No take is kept. */
export function* editLines(
  { header, treatments }: Pick<EditLog, 'header' | 'treatments'>,
  parts: Iterable<EditedPart>,
): Generator<EditLine> {
  yield header;
  yield* treatments;
  let lines = 1 + treatments.length;
  let altered = 0;
  for (const { take, frames } of parts) {
    yield take;
    yield* frames;
    lines += 1 + frames.length;
    altered += frames.length;
  }
  yield { kind: 'end', lines: lines + 1, altered };
}
