/**
 * What the review page and its server say to each other. Types alone: the page imports this file, and nothing comes with it.
 *
 * Frames count from 0 at the reel's first frame, whatever part of it was restored; `first` of the reel turns them into people's numbers.
 * Ranges are half-open. Coordinates are plate pixels, upright, origin at the top-left edge of the top-left pixel. Names, notes and paths are
 * data: the page shows them as text.
 *
 * | request | answer |
 * |---|---|
 * | `GET /enter?token=…` | sets the session's cookie once, as a page that leads on to `/` |
 * | `GET /api/reels` | `ReelList` |
 * | `GET /api/reels/:reel` | `ReelReview` |
 * | `GET /api/reels/:reel/curves/:track` | `TrackCurves` |
 * | `GET /api/reels/:reel/frames/:frame/:kind` | a PNG; see `PictureKind` and `PictureQuery` |
 * | `GET /api/reels/:reel/thumbnails/:frame` | a JPEG of the output, 192 pixels wide |
 * | `GET /api/reels/:reel/playback/:kind?from=&count=&width=` | JPEGs in a row; see `PlaybackQuery` |
 * | `GET /api/reels/:reel/decisions` | `DecisionList`, with an ETag |
 * | `POST /api/reels/:reel/decisions` | `DecisionRequest` → 201 `DecisionAnswer`, or 409 `DecisionConflict` |
 * | `GET /api/reels/:reel/events` | server-sent events, each a `ReviewEvent` |
 * | `GET /api/reels/:reel/redo` | `RedoState` |
 * | `POST /api/reels/:reel/redo` | `RedoRequest` → 202 `RedoState`, 409 where one runs |
 * | `POST /api/reels/:reel/redo/cancel` | `{}` → `RedoState` |
 * | `GET /api/reels/:reel/exports/decisions.csv`, `decisions.otio`, `overrides.json`, `sheet.html` | files |
 *
 * Whatever is refused is answered by `RefusedRequest`. A POST has the content type `application/json`, and the page's own origin.
 */

/** Why a request was refused, as a sentence for a person. Statuses: 400, 401, 403, 404, 409, 413, 415, 421, 429, 500, 503. */
export interface RefusedRequest {
  readonly error: string;
}

/** `GET /api/reels`. */
export interface ReelList {
  readonly reels: readonly ReelEntry[];
  /** Reports that cannot be reviewed, by the names of their folders, and why. */
  readonly unread: readonly { readonly name: string; readonly error: string }[];
}

/** A reel in the list; the list is sorted worst first. */
export interface ReelEntry {
  readonly id: ReelId;
  /** The output's file or folder name. */
  readonly name: string;
  /** When it was restored, ISO 8601, UTC. */
  readonly finished: string;
  /** Frames of the output, and those of them in which a face was restored. */
  readonly frames: number;
  readonly restored: number;
  readonly shots: number;
  readonly tracks: number;
  /** Of the worst track. */
  readonly worst: Badness;
  /** How many shots and tracks have each state. */
  readonly states: Readonly<Record<DecisionState, number>>;
  readonly people: readonly string[];
}

/** Sixteen hexadecimal digits. Known for as long as the report lies where it does. */
export type ReelId = string;

/** `GET /api/reels/:reel`. */
export interface ReelReview {
  readonly id: ReelId;
  readonly name: string;
  /** Paths, to be shown and not to be asked for. */
  readonly plate: string;
  readonly output: string;
  readonly width: number;
  readonly height: number;
  /** Width of a pixel by its height: PNGs have the plate's own pixels and are shown this much wider. */
  readonly pixelAspect: number;
  readonly rate: { readonly num: number; readonly den: number };
  /** The number that people give frame 0. */
  readonly first: number;
  /** The frames that were restored or passed through; only they can be looked at. */
  readonly in: number;
  readonly out: number;
  /** Of frame 0, `HH:MM:SS:FF` or `HH:MM:SS;FF`; null where the reel has none. Labels of all frames: count on from it by `nominalRate` and, with `;`, drop-frame. */
  readonly timecode: string | null;
  /** Frames that timecode counts in a second: 24 at 23.976. */
  readonly nominalRate: number;
  /** Which pictures there are. A gate is a curve and no picture: none is kept by a run. */
  readonly kinds: readonly PictureKind[];
  readonly restorer: string;
  readonly preset: string;
  readonly finished: string;
  /** Of this restoration: it is part of `PictureQuery`, and new after a redo, so that no old picture is shown. */
  readonly version: string;
  readonly shots: readonly ReviewShot[];
  /** Worst first. */
  readonly tracks: readonly ReviewTrack[];
  readonly takes: readonly ReviewTake[];
  /** People that a track may be cast as. */
  readonly people: readonly string[];
  /** Stills that may be left out. */
  readonly stills: readonly ReviewStill[];
  /** Restorers, presets and settings that a decision may name. */
  readonly choices: ReviewChoices;
  /** What a person should know, from the report. */
  readonly notes: readonly string[];
  /** Frames that could not be read and were passed through, and why. */
  readonly damaged: readonly { readonly frame: number; readonly reason: string }[];
  readonly redo: RedoAbility;
}

/** Whether takes can be rendered anew from here; `why` is a sentence where they cannot. */
export type RedoAbility = { readonly can: true } | { readonly can: false; readonly why: string };

export interface ReviewChoices {
  readonly restorers: readonly string[];
  readonly presets: readonly string[];
  /** Names such as `detail.strength`, and what each means. */
  readonly settings: readonly { readonly name: string; readonly meaning: string }[];
}

export interface ReviewShot {
  /** Its place among the shots, from 0. */
  readonly index: number;
  readonly in: number;
  readonly out: number;
  /** The frame whose thumbnail stands for it. */
  readonly poster: number;
  /** Ids of its tracks. */
  readonly tracks: readonly string[];
  readonly worst: Badness;
  readonly state: DecisionState;
}

/** A part of a shot that is rendered as one. */
export interface ReviewTake {
  readonly shot: number;
  readonly in: number;
  readonly out: number;
  /** True where the last run rendered it, false where an earlier one had. */
  readonly redone: boolean;
}

export interface ReviewTrack {
  readonly id: string;
  readonly shot: number;
  readonly in: number;
  readonly out: number;
  /** null = nobody was recognised. */
  readonly cast: string | null;
  readonly similarity: number | null;
  /** Frames in which it was restored, and in which it was left alone. */
  readonly restored: number;
  readonly refused: number;
  /** Why, a range each; `reason` is the restorer's word for it. */
  readonly leftAlone: readonly { readonly in: number; readonly out: number; readonly reason: string }[];
  readonly state: DecisionState;
  readonly badness: Badness;
  /** Where to look first. */
  readonly worstFrame: number;
  /** x, y, width, height around the face, one for every frame `in` … `out`, to follow it at 1:1 and 2:1. */
  readonly boxes: readonly FaceBox[];
  /** x, y of the image-left and image-right eye, nose tip, image-left and image-right mouth corner, one for every frame. */
  readonly five: readonly (readonly number[])[];
}

export type FaceBox = readonly [x: number, y: number, width: number, height: number];

/**
 * How bad a face may be, in the order in which it is sorted; the higher the worse, null where nothing was measured.
 * `score` is the sum of what each part is over what is thought to be visible: 1 is about worth a look.
 */
export interface Badness {
  readonly score: number;
  /** Flicker that came with restoring: HF2-LP of the output over that of the plate. */
  readonly flicker: number | null;
  /** Likeness that was lost: cosine to the person's stills, plate minus output. */
  readonly likenessLost: number | null;
  /** Share of the stills' detail that was not accepted in the worst frame, 0 … 1. */
  readonly gate: number | null;
  /** Sharpness of the plate over that of the output. */
  readonly sharpness: number | null;
  /** Share of the track's frames that were left alone, 0 … 1. */
  readonly refusals: number;
  /** Change in the most changed frame, 8-bit levels beyond grain. */
  readonly change: number | null;
  /** The figure that counts most in the score; null where the score is 0. */
  readonly most: BadnessFigure | null;
}

export type BadnessFigure = 'flicker' | 'likenessLost' | 'gate' | 'sharpness' | 'refusals' | 'change';

export interface ReviewStill {
  readonly id: string;
  readonly person: string;
  /** The file's name. */
  readonly name: string;
  readonly leftOut: boolean;
}

/** `GET /api/reels/:reel/curves/:track`: numbers by frame, null where nothing was measured. Each curve has one number for every frame `in` … `out`. */
export interface TrackCurves {
  readonly track: string;
  readonly in: number;
  readonly out: number;
  readonly curves: readonly Curve[];
  /** Ranges to be shaded; `reason` says in words what was done there, and why. */
  readonly bands: readonly { readonly in: number; readonly out: number; readonly reason: string }[];
}

export interface Curve {
  readonly name: 'flicker' | 'likeness' | 'gate' | 'sharpness' | 'change' | 'strength' | 'mouth' | 'eyes' | 'score';
  readonly unit: string;
  /** One line, or two: before (the plate) and after (the output). */
  readonly lines: readonly { readonly of: 'plate' | 'output' | 'both'; readonly values: readonly (number | null)[] }[];
}

/**
 * `plate` and `output` are display-referred 8-bit RGB for an sRGB screen, log and linear scans by the curve that the networks saw; at the plate's
 * own pixels, turned upright. `matte` is 8-bit grey, white where samples may differ; there only where the run wrote mattes. `difference` is
 * 128 + `gain` × (output − plate) of each display-referred channel.
 */
export type PictureKind = 'plate' | 'output' | 'matte' | 'difference';

/**
 * Query of a picture. `v` is `ReelReview.version`. `region` is `x,y,width,height` in whole plate pixels, cut to the picture; default all.
 * `scale` 1 to 8 repeats each pixel so many times; default 1. `gain` 1 to 64 is the difference's; default 8.
 */
export interface PictureQuery {
  readonly v?: string;
  readonly region?: string;
  readonly scale?: number;
  readonly gain?: number;
}

/**
 * Query of playback. The answer is, for each frame: its number and the length of its JPEG in bytes, both 32-bit big-endian, then the JPEG.
 * `count` 1 to 48, `width` 160 to 1920 (default 960; never wider than the plate). Frames that cannot be read are left out.
 */
export interface PlaybackQuery {
  readonly v?: string;
  readonly from: number;
  readonly count: number;
  readonly width?: number;
}

export type DecisionState = 'undecided' | 'approved' | 'rejected' | 'redo';

/** What a decision is about. */
export type DecisionTarget =
  | { readonly scope: 'reel' }
  | { readonly scope: 'shot'; readonly shot: number }
  | { readonly scope: 'track'; readonly track: string };

/**
 * What was decided. `note` may be said with any. `cast` and `pin` are of a track; `restorer`, `preset`, `setting` and `still` are of the reel, since
 * a run has one of each, and redo renders only the takes that depend on them. A shot's or the reel's `approve` says nothing of its tracks.
 * Of `setting` the value null means: as it was restored; of `cast` `as: null` means nobody.
 */
export type DecisionBody =
  | { readonly what: 'approve' | 'reject' | 'redo' }
  | { readonly what: 'note' }
  | { readonly what: 'box'; readonly frame: number; readonly box: FaceBox }
  | { readonly what: 'restorer'; readonly restorer: string }
  | { readonly what: 'preset'; readonly preset: string }
  | { readonly what: 'setting'; readonly name: string; readonly value: number | string | boolean | null }
  | { readonly what: 'cast'; readonly as: string | null }
  | { readonly what: 'still'; readonly still: string; readonly leftOut: boolean }
  | { readonly what: 'pin'; readonly frame: number; readonly five: readonly number[] }
  | { readonly what: 'holdout'; readonly in: number; readonly out: number; readonly box?: FaceBox }
  | { readonly what: 'undo'; readonly of: string };

/** A decision as it is kept. */
export interface Decision {
  readonly id: string;
  /** From 1, without gaps: the place in the reel's list. */
  readonly seq: number;
  /** The name that the person gave; up to 80 characters. */
  readonly who: string;
  /** ISO 8601, UTC, by the server's clock. */
  readonly when: string;
  readonly target: DecisionTarget;
  readonly body: DecisionBody;
  /** Up to 2000 characters. */
  readonly note?: string;
}

/** `GET …/decisions`. The ETag is `"<seq of the last>"`; `If-None-Match` answers 304. */
export interface DecisionList {
  readonly decisions: readonly Decision[];
  /** Ids of those that were undone, and not redone by undoing that. */
  readonly undone: readonly string[];
  readonly shots: readonly DecisionState[];
  readonly tracks: Readonly<Record<string, DecisionState>>;
}

/**
 * `POST …/decisions`. `seen` is the `seq` of the last decision that the page knows, 0 for none. Where somebody else has decided on the same
 * target, in the same matter, since, nothing is kept and the answer is 409 with what is new: the page shows it, and asks again with the
 * new `seen` if the person still wants it.
 */
export interface DecisionRequest {
  readonly seen: number;
  readonly who: string;
  readonly target: DecisionTarget;
  readonly body: DecisionBody;
  readonly note?: string;
}

/** The decision is on the disk when this comes. */
export interface DecisionAnswer {
  readonly decision: Decision;
  /** All after `seen`, the new one among them. */
  readonly since: readonly Decision[];
}

export interface DecisionConflict extends RefusedRequest {
  readonly since: readonly Decision[];
}

/** `POST …/redo`. Compiles all decisions and renders the takes that they change. */
export interface RedoRequest {
  readonly who: string;
}

export interface RedoState {
  readonly state: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Of the run, where it runs. */
  readonly progress: {
    readonly stage: string;
    readonly done: number;
    readonly total: number;
    readonly unit: string;
  } | null;
  /** Takes rendered and kept, where it is done. */
  readonly takes: { readonly redone: number; readonly kept: number } | null;
  /** Why it failed. */
  readonly error: string | null;
  /** `seq` of the last decision that it takes in. */
  readonly through: number;
}

/** Data of an event; its `event:` field is `kind`. After `redo` with the state `done` the page asks for the reel anew. */
export type ReviewEvent =
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'redo'; readonly redo: RedoState };
