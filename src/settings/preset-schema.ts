import { z } from 'zod';
import { maskingRoom } from './masking.ts';
import { choice, count, group, modelId, number } from './setting.ts';

const proxy = group({
  longSide: count(
    192,
    4096,
    'Long side of the picture that networks and trackers see, pixels. At 960 the smallest face (0.04 of it) is 38 px wide, and 25 frames are 40 MB. A smaller reel keeps its own size.',
  ),
});

const tracking = group({
  detectorThreshold: z
    .union([number(0.05, 1, ''), z.null()], {
      error: 'a number from 0.05 to 1, or null for the detector’s own threshold',
    })
    .describe(
      'Lowest detector score that counts as a face, 0 … 1; null = the detector’s own, from its contract. On old film without a face, MediaPipe’s detector (0.6) sometimes scores 0.51 to 0.57; true faces score 0.68 and more.',
    ),
  detectorShift: number(-0.5, 0.5, 'Added to the detector’s threshold, whichever detector it is.'),
  smallestFace: number(
    0.005,
    0.5,
    'Width of the smallest face that is found, as a share of the picture’s width. 0.04 of HD is 77 px, about 35 px between the eyes; much below that, restoring invents more than it restores. Every halving costs four times the detector runs. The 0.02 of the picture’s *area* that is often recommended is a face 200 px wide in HD: it misses every wide shot.',
  ),
  sweepEvery: count(1, 1000, 'Frames between two searches of the whole picture for new faces.'),
  identityEvery: count(1, 1000, 'Frames between two identity samples of a track: runs of the recogniser.'),
  presenceFloor: number(
    0,
    1,
    'Presence, 0 … 1, that the landmark network must give a face. Below it the face counts as out of sight. MediaPipe’s own default is 0.5; profiles often have 0.2 to 0.5, with landmarks no worse. Below 0.5 the network looks once more, at the mirror image.',
  ),
});

const carrying = group({
  skipAge: count(
    0,
    240,
    'Age at which the landmark network runs again on a still face, frames; until then it is skipped and landmarks are carried. 0 = it runs on every frame.',
  ),
  skipMotion: number(
    0,
    1,
    'Greatest tracked motion of any part of the face since the landmark network’s last run for it to be skipped, as a share of the distance between the eyes.',
  ),
  skipTiles: number(
    0,
    1,
    'Greatest change of mouth, eyes or nose since then for it to be skipped: root mean square of luma over its local mean, beyond grain.',
  ),
  skipDisagreement: number(
    0,
    1,
    'Greatest mean distance of the landmark network’s answers from carried ones for it to be skipped, as a share of the distance between the eyes. On damaged film the answers are noisy, and smoothing needs one in every frame.',
  ),
  averagedCrops: count(
    0,
    64,
    'Extra crops over which landmarks are averaged at every identity sample of a moving face. A landmark network’s answer depends on its crop by about 1 % of the distance between the eyes.',
  ),
  refineEvery: count(
    1,
    240,
    'Frames between two runs of a heavy landmark network on a face; in between, its offset from the light one is carried. Used only with a heavy landmarker.',
  ),
  refineLeast: count(1, 240, 'Fewest frames between two of its runs.'),
  refineDisagreement: number(
    0,
    1,
    'Greatest difference of two of its answers, carried to each other, before it runs once more between them: a share of the distance between the eyes.',
  ),
  auditShare: number(
    0,
    1,
    'Share of the skipped runs of landmark network and recogniser that are made all the same, to report the error of skipping.',
  ),
});

const casting = group({
  threshold: z
    .union([number(-1, 1, ''), z.null()], {
      error: 'a number from -1 to 1, or null for the recogniser’s own threshold',
    })
    .describe('Cosine from which two faces count as one person; null = the recogniser’s own, from its contract.'),
  thresholdShift: number(
    -0.5,
    0.5,
    'Added to the threshold. "artistic" takes 0.05 off (make-up, masks, stand-ins), "strict" adds 0.1 (doubles, relatives).',
  ),
  qualityShift: number(
    0,
    0.5,
    'How far the threshold falls for a face of quality 0, cosine: threshold − shift·(1 − quality). Poor pictures lower the likeness of the right person too.',
  ),
  floor: z
    .union([number(-1, 1, ''), z.null()], {
      error: 'a number from -1 to 1, or null for the recogniser’s own floor',
    })
    .describe(
      'Cosine below which nobody is recognised, whatever the shifts; null = the recogniser’s own, from its contract: what strangers reach differs between networks.',
    ),
  qualityFloor: number(
    0,
    1,
    'Identity samples of lower quality, 0 … 1, do not vote while there are better ones; nor do those below 0.6 of the best.',
  ),
  hysteresis: number(
    0,
    0.5,
    'How far below the threshold a person is still recognised who is cast elsewhere in the reel, cosine. The floor holds all the same.',
  ),
});

const smoothing = group({
  rigidSigma: number(
    0,
    24,
    'Zero-phase Gaussian over the face’s place, turn, size and still parts, after its tracked motion and gate weave are taken out: standard deviation, frames.',
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
  frames: count(8, 10000, 'Longest take, frames. A killed run loses at most the takes that were begun.'),
  lostDevice: choice(
    ['cpu', 'stop'],
    'What follows where the graphics device is lost twice: the CPU renders the rest, or the run stops and can be gone on with. Either way no take is of two devices.',
  ),
});

const models = group({
  detector: modelId('Finds faces.'),
  landmarker: modelId(
    'Places the 468 landmarks. A heavy one (15 ms a run by its contract, or points that are not the whole mesh) runs in some frames only, and corrects the carrier’s landmarks in all.',
  ),
  carrier: modelId('The light network that places the 468 landmarks while the landmarker is a heavy one.'),
  recogniser: modelId('Tells who a face is.'),
});

/** The settings of every run, whichever restorer paints. */
const commonSchema = group({
  ...{ proxy, tracking, carrying, casting, smoothing, takes, models },
  masking: maskingRoom.prefault({}),
});

/** What presets know of a restorer. Its room of the preset has its name, and a default for every setting. */
export interface RestorerRoom<Name extends string = string, Room extends z.ZodObject = z.ZodObject> {
  readonly name: Name;
  readonly settings: Room;
}

/** The settings of the rooms that `Restorers` have in a preset. */
export type RoomsOf<Restorers extends readonly RestorerRoom[]> = {
  readonly [Restorer in Restorers[number] as Restorer['name']]: z.output<Restorer['settings']>;
};

/**
 * The settings that a preset decides. Common settings but those of masking have no default here: `pipelines/restore.json` states
 * them, and other presets state what differs. What a preset leaves out of a restorer's room has the restorer's own default.
 */
export function settingsSchema(restorers: readonly RestorerRoom[]) {
  const names = restorers.map(({ name }) => name) as [string, ...string[]];
  const rooms = restorers.map(({ name, settings }) => [name, settings.prefault({})] as const);
  return group({
    ...commonSchema.shape,
    restorer: choice(names, 'The restorer. One that needs stills is replaced by its substitute where nobody has any.'),
    ...(Object.fromEntries(rooms) as Record<never, never>),
  });
}

/** The settings that are common to all runs, and the name of the restorer. */
export type Settings = z.output<ReturnType<typeof settingsSchema>>;
