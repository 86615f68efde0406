import type { Compute } from '../../compute/compute.ts';
import type { FlowTemplate } from '../../compute/flows.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { RegisteredImages, RegisterOptions } from '../../compute/stills.ts';
import type { WarpMap } from '../../compute/warps.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import type { RepairedFace } from '../repair.ts';
import { eyeRegions } from '../window/expressive-regions.ts';
import { flowPictureOptions, localMeanRadius } from '../window/flow-picture.ts';
import type { ReferenceStill } from './reference-still.ts';

/** Widths in inter-ocular distances: of the light that is matched; over which a still bends alike; how far it bends at most. */
const LIGHT = 0.15;
const SMOOTHING = 0.04;
const BOUND = 0.07;
/** How much brighter or darker light may make a still. */
const GREATEST_LIGHT = 3;
/**
 * How much larger or smaller the mesh may make a part of a still, as |log2| of its area against the rest of the face's: up to the
 * first its detail counts in full, from the second on not at all: an eye squashed shut, a mouth pulled open.
 */
const STRETCH = { alike: 0.7, torn: 1.4 } as const;
/** Blur of that, inter-ocular distances, at least a pixel. */
const STRETCH_BLUR = 0.03;

/** A repaired face as stills are matched to it. `side` is that at which motion is looked for. Closing it closes what was made for it. */
export interface FaceToMatch extends Disposable {
  readonly side: number;
  /** Luma in full, and of `side`². */
  readonly luma: Image;
  readonly small: Image;
  readonly template: FlowTemplate;
  /** Above 0 where the face is looked at, in full and of `side`². */
  readonly where: Image;
  readonly look: Image;
  /** 1 in the eyes, else 0, of `side`². */
  readonly eyes: Image;
  /** Pixels of the full patch. */
  readonly landmarks: Landmarks;
}

export function faceToMatch(compute: Compute, { rgb, aligned }: Pick<RepairedFace, 'rgb' | 'aligned'>): FaceToMatch {
  using owned = openOwnership();
  const { size, landmarks, where } = aligned;
  const luma = owned.own(compute.luma(rgb));
  const picture = owned.own(compute.flowPicture(luma, flowPictureOptions(size)));
  const side = size / picture.scale;
  const face = {
    side,
    luma,
    small: owned.own(compute.atSide(luma, side)),
    template: owned.own(compute.flowTemplate(picture)),
    where,
    look: owned.own(compute.atSide(where, side)),
    eyes: owned.own(eyeRegions(compute, landmarks, side, picture.scale)),
    landmarks,
  };
  return { ...face, ...owned.handOver() };
}

/** Carries stills to a face; whoever asked closes them. */
export function registeredStills(
  compute: Compute,
  face: FaceToMatch,
  stills: readonly ReferenceStill[],
): RegisteredImages {
  const { side, landmarks, luma } = face;
  const scale = luma.width / side;
  const target = landmarks.map((v) => v / scale);
  using owned = openOwnership();
  const shapes = stills.map((still) => ({ target, source: still.landmarks }));
  const maps = compute.faceMaps(shapes, side, 'mesh').map((map) => owned.own(map));
  const sources = stills.map((still, k) => ({ luma: still.luma, map: maps[k] as WarpMap }));
  return compute.registerStills(face, sources, registerOptions(side));
}

function registerOptions(side: number): RegisterOptions {
  const distance = PATCH_INTER_OCULAR * side;
  return {
    bound: BOUND * distance,
    smoothing: SMOOTHING * distance,
    radius: localMeanRadius(side),
    light: { sigma: LIGHT * PATCH_INTER_OCULAR * side, most: GREATEST_LIGHT },
    stretch: { ...STRETCH, sigma: Math.max(1, STRETCH_BLUR * PATCH_INTER_OCULAR * side) },
  };
}
