import type { FlowSearch, FlowTemplate } from './flows.ts';
import type { Figures, Image } from './image.ts';
import type { WarpMap } from './warps.ts';

/** A face as stills are registered to it: squares. */
export interface RegisterTarget {
  readonly template: FlowTemplate;
  /** Its luma, and the same at the template's resolution. */
  readonly luma: Image;
  readonly small: Image;
  /** Above 0 where the face is looked at. */
  readonly where: Image;
}

/** A still to be registered. */
export interface RegisterSource {
  /** Luma, a square of the side of the face's. */
  readonly luma: Image;
  /** Where the mesh finds each pixel of the face's `small` in it. */
  readonly map: WarpMap;
}

/** Lengths in pixels of the template's finest resolution. */
export interface RegisterOptions extends Omit<FlowSearch, 'start'> {
  /** Radius of the local mean by which the still, carried by the mesh to the template's resolution, is prepared for flow. */
  readonly radius: number;
  /** Standard deviation of the box blur of the light that is matched; what it multiplies a still by at most, its inverse at least. */
  readonly light: { readonly sigma: number; readonly most: number };
  /**
   * How much larger or smaller than typical the mesh makes a part of a still, as |log2| of its area: up to `alike` it fits, from `torn` on
   * not at all; and the blur of that.
   */
  readonly stretch: { readonly alike: number; readonly torn: number; readonly sigma: number };
}

/** Stills carried to a face, in the face's light: a plane of each image for each still, in their order. */
export interface RegisteredImages extends Disposable {
  /** Luma where the mesh alone puts it, at the template's resolution. */
  readonly unregistered: Image;
  /** Luma where the pixels put it, in full; the face's own where that is not looked at, so that a window across the border sees no edge. */
  readonly luma: Image;
  /** How far each place is stretched like the rest, at the template's resolution: 1 = alike, 0 = crushed or torn. */
  readonly fit: Image;
}

/** Stills to be compared, and what each of their pixels counts: as many square planes of either, of one side. */
export interface WeighedStills {
  readonly luma: Image;
  readonly weight: Image;
}

/** What says whether stills show what the face shows: squares of one side, a plane for each still but of `eyes` and `look`. */
export interface StillEvidence {
  /** How alike they are around each pixel (see `localLikeness`), registered, and before registration. */
  readonly after: Image;
  readonly before: Image;
  /** See `RegisteredImages.fit`. */
  readonly fit: Image;
  /** Local mean squares of the still's detail, and of its difference to the face. */
  readonly energy: Image;
  readonly error: Image;
  /** The face's contrast for the still's (see `localContrast`). */
  readonly contrast: Image;
  /** 1 in the eyes, else 0. */
  readonly eyes: Image;
  /** Above 0 where the face is looked at. */
  readonly look: Image;
}

/** A value from which something begins to count, and one from which it counts in full; between them it is smooth. */
export type Ramp = readonly [begins: number, full: number];

export interface GateOptions {
  /** Likeness from which detail counts: registered, the same in eyes, and before registration. */
  readonly alike: Ramp;
  readonly alikeInEyes: Ramp;
  readonly alikeBefore: Ramp;
  /** What error costs against what detail gains. */
  readonly worth: number;
  /** Agreement, a mean over the face's detail, from which a still is believed at all. */
  readonly accepted: Ramp;
}

/**
 * What stills offer, a plane each: their detail in full, and at the template's resolution what they have of it, their error, and how far
 * they are believed.
 */
export interface OfferedDetail {
  readonly lost: Image;
  readonly energy: Image;
  readonly error: Image;
  readonly gate: Image;
}

/** Detail from stills of a face: an image has a plane for each still. */
export interface StillOperations {
  /** Carries one still or more to a face: by the mesh, then by dense flow of what is left, sampled once, bicubic; in the face's light. */
  registerStills(
    target: RegisterTarget,
    sources: readonly RegisterSource[],
    options: RegisterOptions,
  ): RegisteredImages;
  /**
   * How alike a picture (one square plane) and each plane of another are around each pixel, whatever their brightness: structure and contrast as SSIM has
   * them (Wang 2004, eq. 8 and 10: 2·cov / (varA + varB)) in a box of standard deviation `sigma` pixels, −1 … 1. Towards 0 where
   * neither has a deviation above `floor`.
   */
  localLikeness(a: Image, b: Image, options: { readonly sigma: number; readonly floor: number }): Image;
  /**
   * How much contrast `a` (one square plane) has for the contrast of each plane of `b` around each pixel, 0 … `most`: the slope of a on b
   * by least squares in a window of standard deviation `sigma` pixels. Towards 1 where b has no deviation above `floor`.
   */
  localContrast(
    a: Image,
    b: Image,
    options: { readonly sigma: number; readonly floor: number; readonly most: number },
  ): Image;
  /** The mean square of what a picture (one square plane) and each plane of another differ by around each pixel, as `boxBlur` in two passes has it. */
  localError(a: Image, b: Image, sigma: number): Image;
  /** What an image has above `least`, 0 elsewhere; and the sum of each plane. */
  above(image: Image, least: number): { readonly image: Image; readonly sums: Figures<readonly number[]> };
  /**
   * The sum of the squares of each plane, each pixel as often as its weight says. There are as many weights as planes, or fewer: then they
   * are taken in turn.
   */
  weighedSquares(image: Image, weight: Image): Figures<readonly number[]>;
  /** What a blur takes from each plane, and its mean square around each pixel at a side smaller by halving, as `boxBlur` in two passes has it. */
  detailUnder(
    sharp: Image,
    soft: Image,
    options: { readonly side: number; readonly sigma: number },
  ): { readonly lost: Image; readonly energy: Image };
  /**
   * How far each still's detail is to be believed around each pixel, 0 … 1, times the face's contrast for it: where both are alike before and
   * after registration, where it fits, and where its error beyond that of the quietest quarter of the face's middle (grain) is small
   * against its detail. Less everywhere, down to 0, where too little of the face's detail agrees.
   */
  stillGate(evidence: StillEvidence, options: GateOptions): Image;
  /**
   * The detail of all stills together (in full), of each as much as is believed: among stills that agree the nearest counts most, by the
   * softmax of their root mean square error over `temperature`. `gate`: the share that was believed, in full; 0 where not looked at.
   * `accepted`: the same as a mean over the detail that was offered, null where there was none.
   */
  mixedDetail(
    offered: OfferedDetail,
    look: Image,
    temperature: number,
  ): { readonly detail: Image; readonly gate: Image; readonly accepted: Figures<number | null> };
  /** A picture (3 planes) whose luma is changed by `strength` · `detail`, by a factor of at most `most`, so that hue and saturation stay. */
  withDetail(rgb: Image, detail: Image, options: { readonly strength: number; readonly most: number }): Image;
}
