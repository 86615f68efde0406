import { z } from 'zod';
import { choice, count, group, modelId, number } from './setting.ts';

/** Things that a masker may tell apart in a picture of a face: the classes of CelebAMask-HQ (Lee 2020), both sides in one. */
export const FACE_CLASSES = [
  'skin',
  'brow',
  'eye',
  'glasses',
  'ear',
  'earring',
  'nose',
  'mouth',
  'lip',
  'neck',
  'necklace',
  'cloth',
  'hair',
  'hat',
] as const;

/** The room of a preset that says what is looked for before faces, whichever restorer paints them. */
export const maskingRoom = group({
  models: z
    .array(modelId('A masker.'), { error: 'a list of maskers, such as ["xseg-1"], or [] for none' })
    .describe(
      'Networks that tell a face from what is before it: a hand, hair, glasses, a microphone stay the plate’s. Of several a place counts as face where all see it. None: only what the film’s own frames tell is spared.',
    )
    .default([]),
  classes: z
    .union([z.array(choice(FACE_CLASSES, '')).min(1), z.null()], {
      error: `a list of ${FACE_CLASSES.map((name) => `"${name}"`).join(', ')}, or null for what the masker’s contract says`,
    })
    .describe(
      'What counts as face, for maskers that tell several things apart; null = what their contracts say. Glasses do not, unless they are named here: then the eyes behind them are restored too, and their frames with them.',
    )
    .default(null),
  every: count(
    1,
    24,
    'Frames from one frame in which maskers are asked to the next. In between their answers are carried from both sides where the face looks the same, and they are asked anew where it changed. 1 = in every frame, as with reuse off.',
  ).default(8),
  softness: number(
    0,
    0.3,
    'Standard deviation of the Gaussian that softens a mask, over the distance between the eyes. The edge lies wholly on the face: a hand stays whole. 0.08 is what FaceFusion has (5 pixels of 256).',
  ).default(0.08),
  settling: count(
    0,
    4,
    'Frames on each side over which a mask is settled, so that its edge does not flicker. A hand that moves is not smeared: only answers that differ by little are averaged.',
  ).default(2),
});

/** How what is before faces is looked for. */
export type Masking = z.output<typeof maskingRoom>;
