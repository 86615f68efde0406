import type { Landmarks } from '../face/landmarks.ts';
import type { FlowLattice } from '../motion/flow-lattice.ts';
import type { Figures, Image } from './image.ts';

/** A patch as dense flow looks at it: its luma over its local mean, at falling resolution. Closed by whoever asked for it. */
export interface FlowPicture extends Disposable {
  /** Patch pixels a pixel of the finest resolution. */
  readonly scale: number;
}

/** A flow picture made ready to be found again in others, however many follow. Its picture stays open as long. */
export interface FlowTemplate extends Disposable {
  readonly scale: number;
}

/** Where each part of a template is found in another picture. */
export interface Flow extends Disposable {
  /** Patch pixels a pixel of the picture that its lattice lies over. */
  readonly scale: number;
}

export interface FlowPictureOptions {
  /** Patch pixels a pixel of the finest resolution: 1, 2, 4 … */
  readonly scale: number;
  /** Radius of the local mean, pixels of the finest resolution. */
  readonly radius: number;
}

/** Lengths in pixels of the template's finest resolution. */
export interface FlowSearch {
  /** Where each part is expected, on a lattice of `FLOW_STEP` of these pixels; absent: in the same place. */
  readonly start?: FlowLattice;
  /** How far from `start` the content may lie. */
  readonly bound: number;
  /** Standard deviation of the Gaussian over the displacement that `start` leaves. */
  readonly smoothing: number;
}

/** A frame as its neighbours are brought to it. Its images are squares of one side, which is even. */
export interface AlignTarget {
  readonly template: FlowTemplate;
  /** 3 planes. */
  readonly rgb: Image;
  /** Above 0 where the frame is looked at. */
  readonly where: Image;
  /** `rgb`'s luma at half the side, and `where` the same (see `halvedWhole`). */
  readonly luma: Image;
  readonly look: Image;
}

/** A neighbour to be aligned: its 3 planes, and where to find it. */
export interface AlignSource {
  readonly rgb: Image;
  readonly picture: FlowPicture;
  /** See `FlowSearch.start`. */
  readonly start: FlowLattice;
}

export interface AlignOptions extends Omit<FlowSearch, 'start'> {
  /** Points of the target's patch, at which `beyondStart` is told. */
  readonly points: Landmarks;
  /** What a channel is multiplied by at most; its inverse at least. */
  readonly greatestGain: number;
}

/** Neighbours as the target would show them, in their order. */
export interface AlignedImages extends Disposable {
  /** 3 planes each in the target's geometry and brightness, 0 where it is not looked at. */
  readonly rgb: Image;
  /**
   * The target's own luma at half the side, then each neighbour's; that too is the target's own where it is not looked at, so that a window
   * across the border sees no edge.
   */
  readonly lumas: Image;
  /** What no gain explains: the median over squares of 8 × 8 pixels of what is left, as a share of the face's brightness; the most of three channels. */
  readonly otherLight: Figures<readonly number[]>;
  /** How far flow found each point's content beyond where `start` has it: x, y, patch pixels. */
  readonly beyondStart: Figures<readonly Float64Array[]>;
}

/** Dense flow, and what is sampled by it. */
export interface FlowOperations {
  /** Prepares a square patch (3 planes, or its luma) for dense flow. */
  flowPicture(patch: Image, options: FlowPictureOptions): FlowPicture;
  /** The standard deviation of a picture's noise, in units of its local mean. */
  flowNoise(picture: FlowPicture): Figures<number>;
  /** @param where a mask of the patch: only what touches a value above 0 is looked for; absent: everything is */
  flowTemplate(picture: FlowPicture, where?: Image): FlowTemplate;
  /** Where the template's parts are found in a picture. See `denseFlow`. */
  flow(template: FlowTemplate, picture: FlowPicture, search: FlowSearch): Flow;
  /** A square image as displaced by a flow, bicubic (Catmull-Rom); 0 where `where` is not above 0. */
  sampledByFlow(image: Image, flow: Flow, where: Image): Image;
  /**
   * Brings neighbours to a frame, each by flow, sampled once, bicubic; then each channel is multiplied by the median ratio of the frame's
   * means over squares of 8 × 8 pixels to its own, so that the film's breathing stays the frame's.
   */
  alignNeighbours(target: AlignTarget, sources: readonly AlignSource[], options: AlignOptions): AlignedImages;
}
