import type { MeasuredFace } from '../compute/measures.ts';
import type { Scratch } from '../compute/scratch.ts';
import type { Landmarks } from '../face/landmarks.ts';
import type { RgbPicture } from '../face/networks.ts';
import type { Light } from '../face/observation.ts';
import type { Similarity } from '../face/similarity.ts';
import type { Region } from '../film/plate.ts';
import type { PlateColour } from '../film/plate-colour.ts';
import type { FrameRange } from '../film/range.ts';
import type { RunningDevice } from '../model/network-device.ts';
import type { FrameMask } from '../restore/masked/frame-masks.ts';
import type { Refusal, RestorationFacts } from '../restore/restorer.ts';
import type { RestorerChoice } from '../restore/restorer-choice.ts';
import type { StillPatch } from '../restore/stills/still-patch.ts';
import type { FacePictures } from './face-pictures.ts';
import type { WindowPlan } from './window-buffer.ts';

/** What a face renderer must know of a track before its frames come. */
export interface TrackToRender {
  readonly track: string;
  readonly restorer: RestorerChoice;
  /** Ids of the cast person's stills, all of which were added before; none where nobody has any. */
  readonly stills: readonly string[];
  /** Landmarks of the track's most typical frame, by which the still nearest in pose is chosen. */
  readonly pose: Landmarks;
  readonly patchSize: number;
  /** Where its restorer's networks run. */
  readonly device: RunningDevice;
  readonly colour: PlateColour;
  /** Decides dither and grain; the same for every take of a reel. */
  readonly seed: number;
}

/** A still in memory that all threads see: its `rgb` is copied to none of them, and nobody writes to it. */
export interface SharedStill extends StillPatch {
  /** SHA-256 over what is painted from it, lower-case hex. */
  readonly id: string;
}

/** One frame of a track. */
export interface FaceInFrame {
  readonly track: string;
  readonly frame: number;
}

/** Where and in which light a face lies in a frame. */
export interface PlacedFace extends FaceInFrame {
  /** From plate pixels to those of a patch. */
  readonly toPatch: Similarity;
  /** Smoothed, patch pixels. */
  readonly landmarks: Landmarks;
  readonly light: Light;
  /** See `fadeOf`; absent = 1. */
  readonly fade?: number;
}

/** A face, with the region of the plate under its patch. */
export interface FaceToLift extends PlacedFace {
  readonly region: Region;
}

/** What lifting a face answers. */
export interface LiftedRegion {
  /** The region it was lifted from, untouched. */
  readonly region: Region;
  /** The lines down the film that were found across the face. */
  readonly scratches: readonly Scratch[];
}

/** A lifted face in memory that all threads see: `Float32Array` of 3·size², planar RGB. Nobody writes to it until all have forgotten it. */
export interface SharedFace extends PlacedFace, Pick<LiftedRegion, 'scratches'> {
  readonly rgb: Float32Array;
}

/** A keyframe's restoration in memory that can be posted: `rgb` is 3·size², planar, and `matte` size². */
export interface PostedRestoration {
  readonly rgb: Float32Array;
  readonly matte: Float32Array;
  readonly facts?: RestorationFacts;
}

/** A lifted face that is to be comped into `region`, the plate as it is now. Its memory becomes the comped face's. */
export interface FaceToComp extends FaceInFrame {
  readonly region: Region;
  /** When the report wants to show this face; absent where it does not. */
  readonly show?: PictureWish;
}

/** A face is shown where it was changed more, or less of its stills accepted, than in the pictures so far. */
export interface PictureWish {
  /** See `FaceMeasure.change`. */
  readonly changeAbove: number;
  /** See `RestorationFacts.gate`. */
  readonly gateBelow: number;
}

/** A comped face, to be written back to the plate. */
export interface Comped {
  readonly region: Region;
  /** Over the region: 0 = the plate, 65535 = restored. */
  readonly matte: Uint16Array;
  /** Plate rows that hold a matte above 0; null where none does. */
  readonly changed: FrameRange | null;
  readonly face: FaceMeasure;
  /** What the restorer says of it; absent where it says nothing. */
  readonly facts?: RestorationFacts;
  /** Where it was wished for. */
  readonly pictures?: FacePictures;
}

/** One face in one frame, before and after, in face space: what the report's curves are computed from. */
export interface FaceMeasure extends MeasuredFace {
  /** See `shadingChange`. */
  readonly change: number;
}

/**
 * Restores and comps the faces of tracks, whichever thread it runs in. Patches stay with it until they are forgotten.
 *
 * Calls come one at a time, each when the one before has been answered: what is forgotten or ended is closed at once.
 */
export type FaceRenderer = {
  /** Makes a still known by its id for as long as the renderer lives. */
  addStill(still: SharedStill): Promise<void>;
  /**
   * `window`: number of neighbours on each side that must be lifted before a frame can be comped. `keyframes`: where restorations are
   * carried, frames from one keyframe to the next, and the neighbours on each side that a keyframe is restored with. `masks`: where
   * something before the face is looked for, frames from one anchor to the next, and those on each side that settle a mask.
   */
  begin(track: TrackToRender): Promise<WindowPlan>;
  /**
   * Keeps a face's patch, and looks for scratches across it.
   *
   * `into`: shared memory to lift into, so that other renderers can be handed the patch by `share`.
   */
  lift(face: FaceToLift & { readonly into?: Float32Array }): Promise<LiftedRegion>;
  /** Takes a patch that another renderer lifted. */
  share(face: SharedFace): Promise<void>;
  /** Restores a lifted face as a keyframe, and keeps it for the frames around it. */
  keyframe(face: FaceInFrame): Promise<PostedRestoration | Refusal>;
  /** Keeps a keyframe that another renderer restored. */
  adopt(face: FaceInFrame & { readonly restored: PostedRestoration | Refusal }): Promise<void>;
  /** Makes the mask of a lifted face, and keeps it for the frames around it. */
  mask(face: FaceInFrame): Promise<FrameMask>;
  /** Keeps a mask that another renderer made. */
  adoptMask(face: FaceInFrame & { readonly mask: FrameMask }): Promise<void>;
  /** Restores a lifted face into the region's own memory. */
  comp(face: FaceToComp): Promise<Comped | Refusal>;
  /** A lifted face, repaired and without grain, as a still of the same person; null where it has a light of its own. */
  still(face: FaceInFrame): Promise<StillPatch | null>;
  /** Drops the patches of frames before `frame`. */
  forget(until: FaceInFrame): Promise<void>;
  /** Drops all that is known of a track. */
  end(of: { readonly track: string }): Promise<void>;
  /** A display-referred picture of a region, magnified so that its longer side is at most `side` pixels. */
  picture(of: { readonly region: Region; readonly colour: PlateColour; readonly side: number }): Promise<RgbPicture>;
};
