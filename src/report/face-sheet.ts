import { z } from 'zod';

/** Why a face is shown: it is the middle of its track, was changed most, or agreed least with the stills. */
export const SHEET_KINDS = ['typical', 'changed', 'disagreed'] as const;

/** The pictures of a face, step by step. */
export const SHEET_LAYERS = ['plate', 'repaired', 'restored', 'matte', 'gate'] as const;

/** One face in one frame, step by step, as the page shows it; its pixels are the plate's. */
export const faceSheetSchema = z.strictObject({
  track: z.string(),
  kind: z.enum(SHEET_KINDS),
  frame: z.int().nonnegative(),
  /** The value that it was chosen by: change in 8-bit levels, or the share of the stills' detail that was accepted. */
  value: z.number().nullable(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** JPEG files, base64; the gate in the colours of `heatOf`. */
  layers: z.partialRecord(z.enum(SHEET_LAYERS), z.base64()),
});

export type FaceSheet = z.infer<typeof faceSheetSchema>;
export type SheetKind = FaceSheet['kind'];
