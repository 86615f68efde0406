import type { Transfer } from '../film/colour.ts';
import type { PatchAlpha } from '../film/patch-alpha.ts';
import type { Rational } from '../film/rational.ts';
import type { FrameFormatName } from '../media/write/frames/frame-format.ts';
import type { DeviceWish } from '../render/rendering-device.ts';
import type { FaceTotals } from '../report/face-totals.ts';
import type { RestorerName } from '../restore/restorers.ts';
import type { Authorisation } from '../settings/authorisation.ts';
import type { SettingChanges } from '../settings/setting-changes.ts';

/** A frame as people name it: by its number in the reel's own numbering, or by its timecode, `01:00:10:00`. */
export type FrameAddress = number | string;

/** Frames as people name them, both ends included, both named in the same way. */
export interface AskedRange {
  readonly first: FrameAddress;
  readonly last: FrameAddress;
}

/** Stills of one person. */
export interface PersonStills {
  /** `actor` where the user gave no name. */
  readonly name: string;
  /** Image files or folders of them, absolute. */
  readonly paths: readonly string[];
  /** Frames of the reel itself that show the person, in its own numbering; `auto` = the best ones are chosen. */
  readonly frames?: readonly number[] | 'auto';
}

/** The part of a job that says who is found and by which networks, with every default filled in and every path absolute. */
export interface CastingJob {
  /** Hash every byte of the reel instead of a sample for its print. */
  readonly verifyReel: boolean;
  readonly ffmpeg?: string | undefined;
  /** Name of a preset in `pipelines/`, or a path to one. */
  readonly preset: string;
  /** Settings that this run has otherwise than its preset. */
  readonly settings: SettingChanges;
  /** People to restore with, and people to find. `find` falls back on `references` by name. */
  readonly references: readonly PersonStills[];
  readonly find: readonly PersonStills[];
  readonly reuse: boolean;
  /** What faces are rendered on, and networks run on. */
  readonly device: DeviceWish;
  readonly models: { readonly detector?: string; readonly landmarker?: string; readonly recogniser?: string };
  /** Ids of networks whose licences the user accepts from now on. */
  readonly acceptLicence?: readonly string[] | undefined;
  readonly overrides?: string | undefined;
}

/** The part of a request that `inspect` and `restore` share: who is found in which reel. */
export interface InspectJob extends CastingJob {
  readonly reel: string;
  /** As people write it; undefined = the whole reel. */
  readonly range?: AskedRange | undefined;
  /** File of a shot list; undefined = every shot is restored. */
  readonly shots?: string | undefined;
  readonly transfer: 'auto' | Transfer;
  /** Rate of a frame folder that does not state its own. */
  readonly rate?: Rational | undefined;
  /** The layer of EXR stills to work on. */
  readonly layer?: string | undefined;
  readonly allowGaps: boolean;
  /** False: neither read nor write the cache of tracks. */
  readonly cache: boolean;
}

/** The part of a job that says how tracked faces are restored, and where to. */
export interface RenderJob extends CastingJob {
  readonly out: string;
  /** undefined = the preset's. */
  readonly restorer?: RestorerName | undefined;
  /** Who allowed faces to be put in others' places; undefined = nobody was asked. */
  readonly authorisation?: Authorisation | undefined;
  /** Which faces are restored; undefined = those of the people given, or all where nobody is. */
  readonly faces?: 'cast' | 'all' | undefined;
  /** True: where faces are hidden, those of the people who are found are not. */
  readonly except: boolean;
  /** `none` = the restored face has no grain, whatever the preset says. */
  readonly grain: 'own' | 'none';
  readonly codec?: string | undefined;
  /** The kind of stills that a folder's frames are converted to; undefined = the source's own. */
  readonly as?: FrameFormatName | undefined;
  /** Number of the first frame that is written, where frames are converted; undefined = the reel's own. */
  readonly startNumber?: number | undefined;
  /** True: altered files declare that they were, where their kind has a place for it. */
  readonly declare: boolean;
  /** Folder for 16-bit matte PNGs; undefined = none are written. */
  readonly mattes?: string | undefined;
  /** Folder for patches; undefined = none are written. */
  readonly patches?: string | undefined;
  readonly patchAlpha: PatchAlpha;
  /** Folder for tracks as compositors load them; undefined = none are written. */
  readonly tracks?: string | undefined;
  readonly keepWork: boolean;
  /** True: where `out` is of an earlier run that kept its work, its changed takes are rendered and it is replaced. */
  readonly redo: boolean;
}

export interface RestoreJob extends InspectJob, RenderJob {
  /** True: `reel` is a folder of pictures that have nothing to do with each other, and each is restored by itself. */
  readonly each: boolean;
  /** Report folder; undefined = `<out>.report`. */
  readonly report?: string | undefined;
  /** Master presets that are made of the finished output; see `MasterJob`. */
  readonly masters: readonly string[];
  /** Their folder; undefined = `<out>.masters`. */
  readonly mastersFolder?: string | undefined;
  /** Share of frames, 0 … 1, that may be damaged before the run ends with exit code 3. */
  readonly maxIsolated: number;
}

/** One way of restoring the frames of a preview. */
export interface PreviewVersion {
  /** Otherwise than the job's. */
  readonly restorer?: RestorerName;
  readonly settings: SettingChanges;
}

/** The part of a job that says how faces are restored, whatever is made of them. */
export type FaceJob = InspectJob & Pick<RenderJob, 'restorer' | 'authorisation' | 'faces' | 'except' | 'grain'>;

/** What is shown of a reel before and after, and where. Of `range`, `shot` and `every` at most one is given. */
export interface PreviewJob extends FaceJob {
  /** The folder of the preview. */
  readonly out: string;
  /** Counted from 1, as people are told of shots. */
  readonly shot?: number | undefined;
  /** Every so many frames of the whole reel. */
  readonly every?: number | undefined;
  /** Ways to compare; none = the job's own is shown. */
  readonly versions: readonly PreviewVersion[];
}

/** How a preview ended. */
export interface PreviewSummary {
  /** Absolute path of its `index.html`. */
  readonly page: string;
  /** What was shown, as a sentence. */
  readonly shown: string;
  /** Frames that were shown, and those of them in which a face was restored. */
  readonly frames: number;
  readonly restored: number;
  readonly notes: readonly string[];
}

/** Where a run stands. Counts are of the stage. */
export interface Progress {
  readonly stage:
    | 'models'
    | 'reading'
    | 'tracking'
    | 'rendering'
    | 'conforming'
    | 'mastering'
    | 'verifying'
    | 'report'
    | 'copying';
  readonly done: number;
  readonly total: number;
  /** `pictures` where each is restored by itself. */
  readonly unit: 'frames' | 'pictures' | 'MiB';
  /** Faces in view now, and network runs made and skipped so far, in stages with faces. */
  readonly faces?: number;
  readonly runs?: number;
  readonly skipped?: number;
}

/** How a restore ended. Where each picture was restored by itself, frames are pictures, and so are takes. */
export interface RestoreSummary {
  readonly unit: 'frames' | 'pictures';
  readonly outputs: readonly string[];
  readonly report: string;
  /** Frames that were asked for. */
  readonly frames: number;
  readonly restored: number;
  /** Damaged frames; they are passed through, but for those that are missing. */
  readonly isolated: number;
  /** Frames of a folder without a file to pass through: the output lacks them, too. */
  readonly missing: number;
  /** True when the damaged frames exceed `maxIsolated`. */
  readonly tooManyIsolated: boolean;
  /** True when an earlier run had already finished everything. */
  readonly alreadyDone: boolean;
  /** Masters that are there, and those that could not be made, with the reason. */
  readonly masters: readonly { readonly preset: string; readonly path: string }[];
  readonly mastersFailed: readonly { readonly preset: string; readonly why: string }[];
  readonly takesRedone: number;
  readonly takesKept: number;
  readonly faces: FaceTotals;
  /** What faces were rendered on by choice, and why, as a sentence. */
  readonly device: { readonly name: string; readonly reason: string };
  /** What the target could not hold, and other things a person should know. */
  readonly notes: readonly string[];
}
