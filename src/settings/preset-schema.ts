import { z } from 'zod';

/** A number between two bounds, both allowed. `meaning` ends in the unit. */
function number(from: number, to: number, meaning: string) {
  const error = `a number from ${from} to ${to}`;
  return z.number({ error }).min(from, { error }).max(to, { error }).describe(meaning);
}

function count(from: number, to: number, meaning: string) {
  const error = `a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error }).describe(meaning);
}

function flag(meaning: string) {
  return z.boolean({ error: 'true or false' }).describe(meaning);
}

function modelId(meaning: string) {
  const error = 'the id of a model (see "reelmend models list"), or the path of a contract’s .json file';
  return z.string({ error }).min(1, { error }).describe(meaning);
}

function group<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? 'an object of settings' : undefined),
  });
}

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

const replace = group({
  warp: z
    .enum(['mesh', 'thin-plate'], { error: '"mesh" or "thin-plate"' })
    .describe('How the still’s face is bent to the frame’s landmarks after the affine fit.'),
  colourTransfer: flag('Moves the still’s skin to the plate’s colour (Reinhard 2001).'),
  membrane: flag('Lets the plate’s light at the matte’s edge flow into the face (Poisson blend).'),
  matteSoftness: number(
    0.01,
    0.5,
    'Width of the matte’s soft edge over the distance between the eyes. At 0.12 the seam is gone at arm’s length and the brows are still whole.',
  ),
  grainRatio: number(
    0,
    2,
    'Grain given to the restored face over the grain of the plate beside it. The film’s own grain is used, so 1 matches it.',
  ),
});

const repair = group({
  window: count(
    0,
    12,
    'Neighbouring frames on each side from which a face is repaired. Five take grain to a third; more cost time and lag behind an expression.',
  ),
  matteSoftness: number(0.01, 0.5, 'Width of the matte’s soft edge over the distance between the eyes.'),
  grainRatio: number(
    0,
    2,
    'Strength of the frame’s own grain in the repaired face; 1 = as the plate has it, 0 = none.',
  ),
});

const detail = group({
  strength: number(
    0,
    1.5,
    'How much of the detail that the plate’s blur took is added from the stills; 1 = all of it.',
  ),
  stills: count(
    1,
    32,
    'Stills that are looked at in every frame, those nearest in pose. Each costs about as much as two neighbours.',
  ),
});

const enhance = group({
  model: modelId('The network that makes the face finer; one that can "enlarge".'),
  strength: number(0, 2, 'How much of what the network finds finer than the plate is added; 1 = all of it.'),
  keyframeEvery: count(
    0,
    24,
    'Frames from one anchor to the next. Anchors are restored whole; in between the restoration is carried from both sides where the face looks the same, and only what changed is restored anew. Larger saves more and keeps more frames in memory. 0 = every frame by itself, as with reuse off.',
  ),
});

/** The settings a preset decides. Every key is stated in `pipelines/restore.json`; other presets state what differs. */
export const settingsSchema = group({
  proxy,
  tracking,
  carrying,
  casting,
  smoothing,
  takes,
  models,
  restorer: z
    .enum(['replace', 'repair', 'detail', 'enhance'], { error: '"replace", "repair", "detail" or "enhance"' })
    .describe('Which restorer paints the face. Where nobody has stills, "detail" is "repair".'),
  replace,
  repair,
  detail,
  enhance,
});

export type Settings = z.output<typeof settingsSchema>;
