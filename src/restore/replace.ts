import { membraneGridOf, membraneOfBand } from '../compute/cpu/band-membrane.ts';
import { blurTo } from '../compute/cpu/blur.ts';
import { addGrain, grainOf } from '../compute/cpu/grain.ts';
import { lumaOfPlanar } from '../compute/cpu/planar.ts';
import { transferColour } from '../compute/cpu/reinhard.ts';
import { type WarpSource, warp, warpSource } from '../compute/cpu/warp.ts';
import { bandOfPatch } from '../face/band.ts';
import { withoutOwnSoftness } from '../face/blur.ts';
import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import { colourOfPatch } from '../face/light.ts';
import { faceMatte } from '../face/matte.ts';
import { meshWarp } from '../face/mesh.ts';
import { outlineDirections } from '../face/outline.ts';
import { PATCH_INTER_OCULAR, type Patch } from '../face/patch.ts';
import { poseDistance } from '../face/pose.ts';
import { scaleOf } from '../face/similarity.ts';
import { thinPlateWarp } from '../face/thin-plate.ts';
import { blurSigma, WIDEST_BLUR } from '../motion/blur.ts';
import { choice, flag, group, number } from '../settings/setting.ts';
import type { Restoration, Restorer } from './restorer.ts';
import { defineRestorer } from './restorer-definition.ts';
import type { StillPatch } from './stills/still-patch.ts';

/** Standard deviation of the Gaussian whose difference to the plate is its grain, plate pixels. */
const GRAIN_SIGMA = 2;
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
  window: () => 0,
  open: ({ settings, stills, pose }) => openReplace(stills, pose, settings),
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
export function openReplace(stills: readonly StillPatch[], pose: Landmarks, options: ReplaceOptions): Restorer {
  const still = nearestInPose(stills, pose);
  const source = warpSource({ width: still.size, height: still.size, rgb: still.rgb });
  const blur = blurOf(still);
  return {
    name: 'replace',
    window: 0,
    async restore({ centre }) {
      return painted(still, source, blur, centre, options);
    },
  };
}

/** The still whose head is turned most like `pose`. */
export function nearestInPose(stills: readonly StillPatch[], pose: Landmarks): StillPatch {
  const [first, ...others] = stills;
  if (!first) throw new TypeError('A face is replaced from at least one still.');
  const distance = (still: StillPatch) => poseDistance(still.landmarks, pose);
  return others.reduce((best, still) => (distance(still) < distance(best) ? still : best), first);
}

function painted(
  still: StillPatch,
  source: WarpSource,
  blur: number,
  patch: Patch,
  options: ReplaceOptions,
): Restoration {
  const { size, landmarks, light } = patch;
  const pixel = scaleOf(patch.toPatch);
  const matte = faceMatte(landmarks, size, { softness: options.matteSoftness });
  const map =
    options.warp === 'mesh'
      ? meshWarp(landmarks, still.landmarks, size)
      : thinPlateWarp(landmarks, still.landmarks, size);
  // Blurs reach three deviations, and nothing else looks beyond the matte.
  const reach = (3 * light.blur * pixel) / interOcular(fivePoints(landmarks));
  const where = faceMatte(landmarks, size, { grow: AROUND + reach, softness: 0.02 });
  let face = warp(source, map, where);
  face = blurTo(face, size, (blur * size) / still.size, light.blur * pixel);
  if (options.colourTransfer) face = transferColour(face, colourOfPatch(face, size, landmarks), light.colour, where);
  if (options.membrane) addMembrane(face, patch, matte);
  if (options.grainRatio > 0)
    face = addGrain(face, grainOf(patch.rgb, size, { sigma: GRAIN_SIGMA * Math.max(1, pixel) }), options.grainRatio);
  return { rgb: face, matte };
}

/** Lets the plate's light along the matte's edge flow into the face, in place. */
function addMembrane(face: Float32Array, { size, landmarks, light }: Patch, matte: Float32Array): void {
  const own = bandOfPatch(face, size, landmarks);
  const { x, y } = outlineDirections(landmarks);
  const difference = light.band.map((v, i) => v - (own[i] as number));
  const membrane = membraneOfBand(membraneGridOf(matte, size), difference, x, y, size);
  for (let i = 0; i < face.length; i++) face[i] = (face[i] as number) + (membrane[i] as number);
}

/** Standard deviation of a still's own blur, its patch pixels, read between brows and lips; as wide as can be told where no edge tells. */
function blurOf({ rgb, size }: StillPatch): number {
  const side = Math.round(EYES_TO_MOUTH * size);
  const left = Math.round((size - side) / 2);
  const luma = lumaOfPlanar(rgb);
  const samples = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    const row = (left + y) * size + left;
    samples.set(luma.subarray(row, row + side), y * side);
  }
  const told = blurSigma({ width: side, height: side, samples });
  return told === null ? WIDEST_BLUR : withoutOwnSoftness(told, PATCH_INTER_OCULAR * size);
}
