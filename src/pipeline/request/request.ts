import type { Transfer } from '../../film/colour.ts';
import type { PatchAlpha } from '../../film/patch-alpha.ts';
import type { Rational } from '../../film/rational.ts';
import type { DeviceWish } from '../../render/rendering-device.ts';
import type { AskedRange, PersonStills } from '../job.ts';

/**
 * Stills of a person: `path` or `name=path`, a file or a folder; `reel:1043,1077` for frames of the reel itself, `reel:auto` for its
 * best ones; or the same as an object.
 */
export type StillsRequest = string | PersonStills;

/** What `inspectReel` is asked for. Only `reel` is required; every other field has a default, see `DEFAULTS`. */
export interface InspectRequest {
  /** A movie, a folder of numbered stills, or a pattern such as `scan.%04d.dpx`. */
  readonly reel: string;
  /**
   * The only frames to work on, both ends included, in the reel's own numbering or by its timecode: `'1001-1048'`,
   * `'01:00:10:00-01:00:14:12'`, or an object. Default: all.
   */
  readonly range?: string | AskedRange | undefined;
  /**
   * A shot list, `.csv`, `.edl` or `.otio`: only its shots are looked at and restored, all other frames are passed through. Default:
   * all shots.
   */
  readonly shots?: string | undefined;
  /** How code values are shown to the networks. Default `auto`. */
  readonly transfer?: 'auto' | Transfer | undefined;
  /** Frames a second of a folder that does not state its rate, such as `'24000/1001'`. */
  readonly rate?: string | Rational | undefined;
  /** The layer of EXR stills to work on. Default: the one that is the picture by its name. */
  readonly layer?: string | undefined;
  /** True: a folder may lack numbers; they stay missing. */
  readonly allowGaps?: boolean | undefined;
  /** True: every byte of the reel is hashed, not a sample, to recognise it in later runs. */
  readonly verifyReel?: boolean | undefined;
  /** The ffmpeg to use. Default: `FFMPEG_PATH`, then the one on `PATH`. */
  readonly ffmpeg?: string | undefined;
  /** A preset's name, or the path of a file. Default `restore`. */
  readonly preset?: string | undefined;
  /** Settings that this run has otherwise than its preset, by their names in it: `{ 'detail.strength': 0.8 }`. Default: none. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Stills of the person to find in the reel. Default: those to restore with. */
  readonly find?: readonly StillsRequest[] | undefined;
  /** False: every network runs on every frame. */
  readonly reuse?: boolean | undefined;
  /** False: tracks of earlier runs are neither used nor kept. */
  readonly cache?: boolean | undefined;
  /** Ids or contract files of networks other than the preset's. */
  readonly models?:
    | {
        readonly detector?: string | undefined;
        readonly landmarker?: string | undefined;
        readonly recogniser?: string | undefined;
      }
    | undefined;
  /**
   * What faces are rendered on. `auto`: a graphics adapter where there is one that is right and faster than the cores together, else the
   * CPU. `gpu`: any graphics adapter; `gpu:` and a part of its name: that one, even if it computes on the processor. `cuda`, `cuda:1`,
   * `tensorrt`, `dml`, `coreml` or `webgpu`: what networks run on. Both with a comma: `gpu,cuda:1`. Where networks have none, they run on
   * the first accelerator that answers a tiny network right, else on the CPU; with `cpu` both run there. Default `auto`.
   */
  readonly device?: DeviceWish | undefined;
  /**
   * Ids of networks whose licences the user accepts, where these are not free: noted in the user's configuration, once for all runs.
   * Default: none.
   */
  readonly acceptLicence?: readonly string[] | undefined;
  /** A JSON file of overrides: a person's own castings, pins and holdouts. */
  readonly overrides?: string | undefined;
}

/** What `restoreReel` is asked for: `{ reel, out, references: ['stills/'] }` is enough, and without `references` faces are repaired. */
export interface RestoreRequest extends InspectRequest {
  /** Where the restored reel goes: a folder, or a .mkv, .mov or .mp4 file. */
  readonly out: string;
  /**
   * True: `reel` is a folder of unrelated pictures of any names, sizes and kinds. Each is restored by itself, and `out` is a folder of the
   * same names. Default: a folder is one numbered reel.
   */
  readonly each?: boolean | undefined;
  /** Stills to restore with. Default: none, faces are repaired. */
  readonly references?: readonly StillsRequest[] | undefined;
  /** Name of the restorer. Default: the preset's. */
  readonly restorer?: string | undefined;
  /**
   * File of the record that allows a face to be put in another's place: who is shown, who is put in, who allowed it, for what, until
   * when. Restorers that do so refuse to run without.
   */
  readonly authorisation?: string | undefined;
  /** The network of the restorer that `restorer` names: an id, or the path of a contract. Short for its setting `model`. */
  readonly model?: string | undefined;
  /** The network that makes faces finer, of the restorers `enhance` and, behind its own, `swap`. Short for a setting of theirs. */
  readonly enhancer?: string | undefined;
  /** The networks that tell a face from what is before it. Short for the setting `masking.models`. */
  readonly masker?: readonly string[] | undefined;
  /** Default: those of the people given, or all where nobody is, and where faces are hidden. */
  readonly faces?: 'cast' | 'all' | undefined;
  /** True: where faces are hidden (`restorer: 'anonymise'`), those of the people in `find` are not; in doubt they are. Default false. */
  readonly except?: boolean | undefined;
  /** `none`: the restored face has no grain. Default `own`. */
  readonly grain?: 'own' | 'none' | undefined;
  /** Codec of a movie. Default: the reel's own where `out` holds its packets, see `ownCodec`, else by the kind of `out`. */
  readonly codec?: string | undefined;
  /**
   * The kind of stills that the frames of a folder are converted to: `dpx` (of 10 bits), `dpx8`, `dpx10`, `dpx12`, `dpx16`, `tiff` (of 16),
   * `tiff8`, `tiff16`, `exr` (of half floats), `exr-half`, `exr-float`. A movie needs one for a folder. Default: the source's own kind.
   */
  readonly as?: string | undefined;
  /** Number of the first frame that is written, with `as`. Default: the reel's own; a movie's first frame is 1. */
  readonly startNumber?: number | undefined;
  /**
   * True: altered frames, and a movie with such, declare IPTC's digital source type where their kind has an empty place for it: in XMP,
   * in a tag, in the header. Samples are the same with and without. Default false.
   */
  readonly declare?: boolean | undefined;
  /** Folder for 16-bit matte PNGs. Default: none are written. */
  readonly mattes?: string | undefined;
  /** Folder for patches: the restored faces of each frame on transparency, as EXR files for compositors. Default: none are written. */
  readonly patches?: string | undefined;
  /** Whether the patches' colour is multiplied by their alpha. Default `premultiplied`. */
  readonly patchAlpha?: PatchAlpha | undefined;
  /** Folder for the restored tracks as Nuke scripts and After Effects keyframe data. Default: none are written. */
  readonly tracks?: string | undefined;
  /** Folder of the report. Default `<out>.report`. */
  readonly report?: string | undefined;
  /** True: the work folder `<out>.work` stays when all is done. */
  readonly keepWork?: boolean | undefined;
  /**
   * True: where an earlier run made `out` and kept its work, only the takes that change are rendered, and the new output takes the
   * place of the old one when it is whole. The work folder stays. Default: what exists is refused.
   */
  readonly redo?: boolean | undefined;
  /** Names of master presets, or paths of files: deliverables that are made of the finished output. Default: none. */
  readonly masters?: readonly string[] | undefined;
  /** Folder of the masters. Default `<out>.masters`. */
  readonly mastersFolder?: string | undefined;
  /** Share of frames, 0 … 1, that may be damaged before `tooManyIsolated` is set. Default 0.003. */
  readonly maxIsolated?: number | undefined;
}

/** What `previewReel` is asked for: `{ reel }` is enough. Of `range`, `shot` and `every` at most one is given. */
export interface PreviewRequest
  extends InspectRequest,
    Pick<
      RestoreRequest,
      'references' | 'restorer' | 'authorisation' | 'model' | 'enhancer' | 'masker' | 'faces' | 'except' | 'grain'
    > {
  /** Folder of the preview. Default: the reel's name and `.preview`, in the current folder. */
  readonly out?: string | undefined;
  /** A shot, counted from 1 as `inspect` lists them. */
  readonly shot?: number | undefined;
  /** Every so many frames of the whole reel are looked at, those with a face. */
  readonly every?: number | undefined;
  /** Settings with several values each, and restorers: all combinations are shown side by side. */
  readonly vary?: Readonly<Record<string, readonly unknown[]>> | undefined;
}

/**
 * What `restoreFaces` is asked for: `{ out }` is enough. What says how a reel is read and tracked is asked of `openReel` and
 * `trackFaces`; give them the same preset, networks and device. There is no `report`, and no `maxIsolated`.
 */
export type RestoreFacesRequest = Omit<
  RestoreRequest,
  | 'reel'
  | 'each'
  | 'range'
  | 'shots'
  | 'transfer'
  | 'rate'
  | 'layer'
  | 'allowGaps'
  | 'cache'
  | 'report'
  | 'masters'
  | 'mastersFolder'
  | 'maxIsolated'
>;

/** The defaults of requests, the same for programs and the command line. */
export const DEFAULTS = {
  transfer: 'auto',
  allowGaps: false,
  verifyReel: false,
  preset: 'restore',
  reuse: true,
  cache: true,
  except: false,
  grain: 'own',
  patchAlpha: 'premultiplied',
  device: 'auto',
  each: false,
  declare: false,
  keepWork: false,
  redo: false,
  maxIsolated: 0.003,
} as const;
