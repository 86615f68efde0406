import type { Compute } from '../compute/compute.ts';
import { openCpuCompute } from '../compute/cpu/cpu-compute.ts';
import type { Image } from '../compute/image.ts';
import { openOwnership } from '../compute/ownership.ts';
import type { Patch } from '../compute/patch.ts';
import type { WarpSource } from '../compute/warps.ts';
import { withoutOwnSoftness } from '../face/blur.ts';
import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import { PATCH_INTER_OCULAR } from '../face/patch.ts';
import { poseDistance } from '../face/pose.ts';
import { scaleOf } from '../face/similarity.ts';
import type { Roi } from '../film/roi.ts';
import { WIDEST_BLUR } from '../motion/blur.ts';
import { choice, flag, group, number } from '../settings/setting.ts';
import { inColourOf, inLightOf } from './fitted-face.ts';
import type { Restoration, Restorer } from './restorer.ts';
import { defineRestorer } from './restorer-definition.ts';
import type { StillPatch } from './stills/still-patch.ts';
import { asFarAsSeen } from './visible-matte.ts';

/**
 * Standard deviation of the Gaussian whose difference to the plate is its grain, plate pixels: a finer patch, whose pixels are less than
 * the plate's, wants it wider, or it finds next to no grain.
 */
const GRAIN_SIGMA = 2;
/** Beyond so many deviations the difference is dirt or an edge. */
const MOST_GRAIN = 3;
/** Standard deviation, in widths of the grain's Gaussian, over which the difference's energy is judged. */
const GRAIN_AROUND = 1.5;
/** What grain is multiplied by at most where the face is brighter or darker than the plate. */
const GREATEST_GAIN = 2;
/** How far beyond the matte a face is painted, inter-ocular distances. */
const AROUND = 0.05;
/** Side of the middle of a patch that holds eyes and mouth, over the patch's. */
const EYES_TO_MOUTH = 0.4;

export const replace = defineRestorer({
  name: 'replace',
  summary: 'paints the face of a still over it, for stand-ins and for faces past repair',
  settings: group({
    warp: choice(
      ['mesh', 'thin-plate'],
      'How the still’s face is bent to the frame’s landmarks after the affine fit.',
    ).default('mesh'),
    colourTransfer: flag('Moves the still’s skin to the plate’s colour (Reinhard 2001).').default(true),
    membrane: flag('Lets the plate’s light at the matte’s edge flow into the face (Poisson blend).').default(true),
    matteSoftness: number(
      0.01,
      0.5,
      'Width of the matte’s soft edge over the distance between the eyes. At 0.12 the seam is gone at arm’s length and the brows are still whole.',
    ).default(0.12),
    grainRatio: number(
      0,
      2,
      'Grain given to the restored face over the grain of the plate beside it. The film’s own grain is used, so 1 matches it.',
    ).default(1),
  }),
  needs: { stills: 'required', fineStills: true, pose: true },
  without: { grain: { grainRatio: 0 } },
  alone: {},
  window: () => 0,
  open: ({ settings, stills, pose, compute }) => openReplace(stills, pose, settings, compute),
  words: { reasons: {} },
});

export interface ReplaceOptions {
  readonly warp: 'mesh' | 'thin-plate';
  readonly colourTransfer: boolean;
  readonly membrane: boolean;
  /** Width of the matte's soft edge, inter-ocular distances. */
  readonly matteSoftness: number;
  /** Strength of the grain added over the plate's own. */
  readonly grainRatio: number;
}

/**
 * Paints the reference face over the plate's: the still nearest in pose, bent to the frame's landmarks, in the plate's colour, blur,
 * light and grain.
 *
 * The still's expression is bent, not changed: its gaze stays, and what it does not show (teeth, a closed lid) is not there to be
 * bent. For stand-ins and for faces past repair.
 *
 * @param pose typical landmarks of the track, by which one still is chosen for the whole of it
 */
export async function openReplace(
  stills: readonly StillPatch[],
  pose: Landmarks,
  options: ReplaceOptions,
  compute: Compute = openCpuCompute(),
): Promise<Restorer & Disposable> {
  const { size, rgb, landmarks } = nearestInPose(stills, pose);
  using owned = openOwnership();
  const image = owned.own(compute.image(rgb, size, size, 3));
  const source = owned.own(compute.warpSource(image));
  const { told } = await compute.statistics({ told: compute.blurOf(image, eyesToMouthOf(size)) });
  // Where no edge tells, the still is as blurred as can be told.
  const blur = told === null ? WIDEST_BLUR : withoutOwnSoftness(told, PATCH_INTER_OCULAR * size);
  return {
    name: 'replace',
    window: 0,
    restore: async ({ centre }) => restored({ compute, source, landmarks, blur }, centre, options),
    ...owned.handOver(),
  };
}

/** A still that faces are painted from, and what paints them. */
interface OpenedStill {
  readonly compute: Compute;
  readonly source: WarpSource;
  /** Its pixels. */
  readonly landmarks: Landmarks;
  /** Standard deviation of its own blur, its pixels. */
  readonly blur: number;
}

/** The part of a patch between brows and lips. */
function eyesToMouthOf(size: number): Roi {
  const side = Math.round(EYES_TO_MOUTH * size);
  const left = Math.round((size - side) / 2);
  return { x: left, y: left, width: side, height: side };
}

/** The still whose head is turned most like `pose`. */
export function nearestInPose(stills: readonly StillPatch[], pose: Landmarks): StillPatch {
  const [first, ...others] = stills;
  if (!first) throw new TypeError('A face is replaced from at least one still.');
  const distance = (still: StillPatch) => poseDistance(still.landmarks, pose);
  return others.reduce((best, still) => (distance(still) < distance(best) ? still : best), first);
}

function restored(still: OpenedStill, patch: Patch, options: ReplaceOptions): Restoration {
  const { compute } = still;
  using owned = openOwnership();
  using whole = compute.faceMatte(patch.landmarks, patch.size, { softness: options.matteSoftness });
  const matte = owned.own(asFarAsSeen(compute, whole, patch.visibility));
  const rgb = owned.own(painted(still, patch, whole, options));
  return { rgb, matte, ...owned.handOver() };
}

/** The still's face in the shape, colour, blur, light and grain of the plate's. */
function painted(still: OpenedStill, patch: Patch, matte: Image, options: ReplaceOptions): Image {
  const { compute, source, blur } = still;
  const { size, landmarks, light } = patch;
  const { colourTransfer, membrane, grainRatio } = options;
  const pixel = scaleOf(patch.toPatch);
  // Blurs reach three deviations, and nothing else looks beyond the matte.
  const reach = (3 * light.blur * pixel) / interOcular(fivePoints(landmarks));
  using where = compute.faceMatte(landmarks, size, { grow: AROUND + reach, softness: 0.02 });
  const steps: readonly ((face: Image) => Image)[] = [
    (face) => compute.blurTo(face, (blur * size) / source.width, light.blur * pixel),
    ...(colourTransfer ? [(face: Image) => inColourOf(compute, { rgb: face, landmarks }, where, light.colour)] : []),
    ...(membrane ? [(face: Image) => inLightOf(compute, { rgb: face, landmarks }, matte, light.band)] : []),
    ...(grainRatio > 0 ? [(face: Image) => withGrainOf(compute, face, patch, grainRatio)] : []),
  ];
  using map = compute.faceMap({ target: landmarks, source: still.landmarks }, size, options.warp);
  let face = compute.warp(source, map, where);
  for (const step of steps) {
    using before = face;
    face = step(before);
  }
  return face;
}

/** A face with `ratio` times the plate's grain. */
function withGrainOf(compute: Compute, face: Image, { rgb: plate, toPatch }: Patch, ratio: number): Image {
  const sigma = GRAIN_SIGMA * Math.max(1, scaleOf(toPatch));
  return compute.withGrainOfPlate(face, plate, {
    ratio,
    sigma,
    most: MOST_GRAIN,
    around: GRAIN_AROUND * sigma,
    greatestGain: GREATEST_GAIN,
  });
}
