import { z } from 'zod';

/** Why a face is left alone, or restored only in part: a reason of its restorer's. */
const reasonSchema = z.string();

const pairSchema = z.tuple([z.number(), z.number()]);

/** What is known of a face in a frame in which it was restored; pairs are before and after. */
const faceFrameSchema = z.strictObject({
  frame: z.int().nonnegative(),
  /** Mean luma under the matte, 0 … 1. */
  luma: pairSchema,
  /** See `faceSharpness`. */
  sharpness: pairSchema,
  /** HF2-LP of this frame against its two neighbours, 8-bit levels; null where one of them was not restored. */
  flicker: pairSchema.nullable(),
  /** Change of the face beyond its grain, 8-bit levels. */
  change: z.number(),
  /** The restorer's own figures; see `RestorationFacts`. */
  strength: z.exactOptional(z.number()),
  limit: z.exactOptional(reasonSchema),
  averaged: z.exactOptional(z.number()),
  dirt: z.exactOptional(z.number()),
  gate: z.exactOptional(z.number()),
  blur: z.exactOptional(z.number()),
  grain: z.exactOptional(z.array(z.number().nullable())),
  carried: z.exactOptional(z.number()),
  hidden: z.exactOptional(z.number()),
  maskersRan: z.exactOptional(z.boolean()),
});

/** Cosine of a face to its person's stills, before and after. */
const likenessSampleSchema = z.strictObject({ frame: z.int().nonnegative(), before: z.number(), after: z.number() });

/** A track's face in the frames of one take, in order of frames. */
export const faceFramesSchema = z.strictObject({
  track: z.string(),
  restored: z.array(faceFrameSchema),
  refused: z.array(z.strictObject({ frame: z.int().nonnegative(), reason: reasonSchema })),
  likeness: z.array(likenessSampleSchema),
});

export type FaceFrame = z.infer<typeof faceFrameSchema>;
export type FaceFrames = z.infer<typeof faceFramesSchema>;

/** Every track's frames, of all takes together in order of frames. */
export function facesByTrack(takes: readonly (readonly FaceFrames[])[]): ReadonlyMap<string, FaceFrames> {
  const byTrack = new Map<string, FaceFrames>();
  for (const faces of takes.flat()) {
    const known = byTrack.get(faces.track);
    if (!known) byTrack.set(faces.track, { ...faces });
    else {
      known.restored = [...known.restored, ...faces.restored];
      known.refused = [...known.refused, ...faces.refused];
      known.likeness = [...known.likeness, ...faces.likeness];
    }
  }
  return byTrack;
}
