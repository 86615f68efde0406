import type { Compute } from '../../compute/compute.ts';
import type { FlowPicture, FlowTemplate } from '../../compute/flows.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { Patch } from '../../compute/patch.ts';
import { fivePoints, interOcular } from '../../face/landmarks.ts';
import { scaleOf } from '../../face/similarity.ts';
import type { Restoration } from '../restorer.ts';
import { meshStart } from '../window/mesh-start.ts';
import type { WindowTools } from '../window/window-tools.ts';

/** How far beyond the matte a face is looked at, inter-ocular distances. */
const AROUND = 0.1;
/** How far pixels may lie from where the mesh puts them, and over what distance their motion is alike, inter-ocular distances. */
const BOUND = 0.08;
const SMOOTHING = 0.03;

/** A frame as others are carried to it. Closing it closes its images, but for the patch's own. */
export interface CarriedFrame extends Disposable {
  readonly patch: Patch;
  /** Patch pixels a plate pixel, at least 1. */
  readonly pixel: number;
  /** The patch's 3 planes, and their luma. */
  readonly rgb: Image;
  readonly luma: Image;
  /** Above 0 where the face is and a little around it. */
  readonly where: Image;
  readonly picture: FlowPicture;
  readonly template: FlowTemplate;
}

/** A keyframe as it is carried to others. Closing it closes its image. */
export interface CarriedKeyframe extends Disposable {
  readonly patch: Patch;
  /** What is carried of it (of a restoration what that changed, 3 planes), then the plate's luma. */
  readonly planes: Image;
}

/** What is carried of a keyframe in the geometry of another frame. Closing it closes its images. */
export interface CarriedDifference extends Disposable {
  /** As `CarriedKeyframe.planes`, 0 where the frame is not looked at; and their last, the luma, alone. */
  readonly planes: Image;
  readonly luma: Image;
}

export function carriedFrame(patch: Patch, { compute, patches }: WindowTools): CarriedFrame {
  using owned = openOwnership();
  const { size, landmarks, rgb } = patch;
  const luma = owned.own(compute.luma(rgb));
  const where = owned.own(compute.faceMatte(landmarks, size, { grow: AROUND, softness: 0.02 }));
  const { picture } = owned.own(patches.lend(patch));
  const template = owned.own(compute.flowTemplate(picture, where));
  const pixel = Math.max(1, scaleOf(patch.toPatch));
  return { patch, pixel, rgb, luma, where, picture, template, ...owned.handOver() };
}

export function carriedKeyframe(patch: Patch, restored: Restoration, compute: Compute): CarriedKeyframe {
  using change = compute.difference(restored.rgb, patch.rgb);
  using luma = compute.luma(patch.rgb);
  const planes = compute.joined([change, luma]);
  return { patch, planes, [Symbol.dispose]: () => planes[Symbol.dispose]() };
}

/**
 * Brings what is carried of one frame to another: the mesh tells where each part of the face went, dense flow refines it to
 * the pixels.
 */
export function carryDifference(
  keyframe: CarriedKeyframe,
  to: CarriedFrame,
  { compute, patches }: WindowTools,
): CarriedDifference {
  using owned = openOwnership();
  const { size, landmarks } = to.patch;
  const distance = interOcular(fivePoints(landmarks));
  const { scale } = to.template;
  using source = patches.lend(keyframe.patch);
  using flow = compute.flow(to.template, source.picture, {
    start: meshStart(landmarks, keyframe.patch.landmarks, size, scale),
    bound: (BOUND * distance) / scale,
    smoothing: (SMOOTHING * distance) / scale,
  });
  const planes = owned.own(compute.sampledByFlow(keyframe.planes, flow, to.where));
  const luma = owned.own(compute.planes(planes, [planes.planes - 1]));
  return { planes, luma, ...owned.handOver() };
}
