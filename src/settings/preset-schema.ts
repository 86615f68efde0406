import { z } from 'zod';
import { choice, count, group, modelId, number } from './setting.ts';

const proxy = group({
  longSide: count(
    192,
    4096,
    'Long side of the picture that networks and trackers see, pixels. At 960 the smallest face (0.04 of it) is 38 px wide, and 25 frames are 40 MB. A smaller reel keeps its own size.',
  ),
});

const tracking = group({
  detectorThreshold: number(
    0.05,
    1,
    'Lowest score at which the detector’s answer counts as a face, 0 … 1. On old films without a face MediaPipe’s detector answers with 0.51 to 0.57 now and then; true faces score 0.68 and more.',
  ),
  smallestFace: number(
    0.005,
    0.5,
    'Width of the smallest face to look for, as a share of the picture’s width. 0.04 of HD is 77 px, about 35 px between the eyes; much below that, restoring invents more than it restores. Every halving costs four times the detector runs. The 0.02 of the picture’s *area* often recommended is a face 200 px wide in HD: it leaves out every wide shot.',
  ),
  sweepEvery: count(1, 1000, 'Frames between two searches of the whole picture for new faces.'),
  identityEvery: count(1, 1000, 'Frames between two looks at who a followed face is.'),
  presenceFloor: number(
    0,
    1,
    'How sure the landmark network must be that it looks at a face, 0 … 1. Below it the face counts as out of sight. MediaPipe’s own default is 0.5.',
  ),
});

const carrying = group({
  skipAge: count(
    0,
    240,
    'Longest rest of the landmark network on a face that keeps still, frames; its landmarks are carried meanwhile. 0 = it looks at every frame.',
  ),
  skipMotion: number(
    0,
    1,
    'How far any part of the face may have moved since the landmark network looked, by tracking, for it to rest: a share of the distance between the eyes.',
  ),
  skipTiles: number(
    0,
    1,
    'How much mouth, eyes or nose may have changed since then for it to rest: root mean square of luma over its local mean, grain taken out.',
  ),
  skipDisagreement: number(
    0,
    1,
    'How far the landmark network’s answers may differ from carried ones in the mean for it to rest, a share of the distance between the eyes: on damaged film they tremble and must be averaged.',
  ),
  averagedCrops: count(
    0,
    64,
    'Extra crops over which landmarks are averaged at every anchor of a moving face: what a landmark network says depends on its crop by about 1 % of the distance between the eyes.',
  ),
  refineEvery: count(
    1,
    240,
    'Frames between two looks of a heavy landmark network at a face, its offset from the light one being carried between. Used only with such a landmarker.',
  ),
  refineLeast: count(1, 240, 'Fewest frames between two of its looks.'),
  refineDisagreement: number(
    0,
    1,
    'How far its looks may differ, carried to each other, before it looks once more between them: a share of the distance between the eyes.',
  ),
  auditShare: number(
    0,
    1,
    'Share of the skipped runs of the landmark network and the recogniser that are made nevertheless, to report what skipping costs.',
  ),
});

const casting = group({
  threshold: z
    .union([number(-1, 1, ''), z.null()], {
      error: 'a number from -1 to 1, or null for the recogniser’s own threshold',
    })
    .describe(
      'Cosine from which two faces are taken for the same person; null = the recogniser’s own, as its contract says.',
    ),
  thresholdShift: number(
    -0.5,
    0.5,
    'Added to the threshold. "artistic" takes 0.05 off (make-up, masks, stand-ins), "strict" adds 0.1 (doubles, relatives).',
  ),
  qualityShift: number(
    0,
    0.5,
    'How much of the threshold a face of quality 0 is spared, cosine: threshold − shift·(1 − quality). Poor pictures lower the likeness of the right person too.',
  ),
  floor: number(-1, 1, 'Cosine below which nobody is ever recognised, whatever the shifts.'),
  qualityFloor: number(0, 1, 'Anchors of lower quality, 0 … 1, do not vote while there are better ones.'),
  hysteresis: number(
    0,
    0.5,
    'How far below the threshold, but not below the floor, somebody is still believed who is surely cast elsewhere in the reel, cosine.',
  ),
});

const smoothing = group({
  rigidSigma: number(
    0,
    24,
    'Zero-phase Gaussian over the face’s place, turn and size and the shape of its still parts, after its tracked motion (gate weave with it) has been taken out: standard deviation, frames.',
  ),
  expressionSigma: number(
    0,
    6,
    'The same for lips, lids and brows, frames. At 1 a blink keeps 91 to 95 % of its depth, at 4 a third to a half.',
  ),
  lightSigma: number(
    0,
    48,
    'The same for colour statistics and the boundary band, after exposure is divided out, frames.',
  ),
});

const takes = group({
  frames: count(
    8,
    10000,
    'Longest take, frames: what is lost when a run is killed, and what one machine renders at a time.',
  ),
});

const models = group({
  detector: modelId('Finds faces.'),
  landmarker: modelId(
    'Places the 468 landmarks. A heavy one (15 ms a run by its contract, or points that are not the whole mesh) looks only now and then, and corrects what the carrier places in every frame.',
  ),
  carrier: modelId('The light network that places the 468 landmarks while the landmarker is a heavy one.'),
  recogniser: modelId('Tells who a face is.'),
});

/** The settings of every run, whichever restorer paints. */
const commonSchema = group({ proxy, tracking, carrying, casting, smoothing, takes, models });

/** A restorer, as far as presets know it: its room of the preset has its name, and a default for every setting. */
export interface RestorerRoom<Name extends string = string, Room extends z.ZodObject = z.ZodObject> {
  readonly name: Name;
  readonly settings: Room;
}

/** The settings of the rooms that `Restorers` have in a preset. */
export type RoomsOf<Restorers extends readonly RestorerRoom[]> = {
  readonly [Restorer in Restorers[number] as Restorer['name']]: z.output<Restorer['settings']>;
};

/**
 * The settings that a preset decides. What is common to all runs has no default here: `pipelines/restore.json` states it, and other
 * presets what differs. What a preset leaves out of a restorer's room has the restorer's own default.
 */
export function settingsSchema(restorers: readonly RestorerRoom[]) {
  const names = restorers.map(({ name }) => name) as [string, ...string[]];
  const rooms = restorers.map(({ name, settings }) => [name, settings.prefault({})] as const);
  return group({
    ...commonSchema.shape,
    restorer: choice(
      names,
      'Which restorer paints the face. One that needs stills gives way to another where nobody has any.',
    ),
    ...(Object.fromEntries(rooms) as Record<never, never>),
  });
}

/** The settings that are common to all runs, and the name of the restorer. */
export type Settings = z.output<ReturnType<typeof settingsSchema>>;
