import { z } from 'zod';

/** Why a face is shown: it stands for its track, was changed most, or the stills agreed with it least. */
export const SHEET_KINDS = ['typical', 'changed', 'disagreed'] as const;

/** What a face is shown as; the first and the last but two are the plate and the output. */
export const SHEET_LAYERS = ['plate', 'repaired', 'restored', 'matte', 'gate'] as const;

/** One face in one frame, step by step, as the page shows it; its pixels are the plate's. */
export const faceSheetSchema = z.strictObject({
  track: z.string(),
  kind: z.enum(SHEET_KINDS),
  frame: z.int().nonnegative(),
  /** What it was chosen by: change in 8-bit levels, or the share of the stills' detail that was believed. */
  value: z.number().nullable(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** JPEG files, base64; the gate in the colours of `heatOf`. */
  layers: z.partialRecord(z.enum(SHEET_LAYERS), z.base64()),
});

export type FaceSheet = z.infer<typeof faceSheetSchema>;
export type SheetKind = FaceSheet['kind'];
