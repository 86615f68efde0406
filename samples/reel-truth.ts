import {
  eyeOpenings,
  type FivePoints,
  fivePoints,
  interOcular,
  type Landmarks,
  mouthOpening,
} from '../src/face/landmarks.ts';
import { applyX, applyY } from '../src/face/similarity.ts';
import type { ShotKind } from './acting.ts';
import type { Actor } from './draw-person.ts';
import { faceShape, movedPoint } from './expression.ts';
import { headDepth, posedPoint } from './head-pose.ts';
import { agedFrame } from './old-film.ts';
import { openPortrait, type Portrait } from './portrait.ts';
import { DEFAULT_WEAR, type FrameState, frameState, type Wear } from './projection.ts';
import type { RgbFrame } from './rgb-frame.ts';
import { cleanFrame, occluderAt, openScene, type Scene } from './scene.ts';
import { plannedShots, type ShotPlan } from './shots.ts';
import { drawStamp } from './stamp.ts';
import { grainTile, wornFrame } from './wear.ts';

/** What sample reel to make. The same options give the same reel, sample for sample. */
export interface ReelOptions {
  /** Plate size, pixels; default 960 × 540. */
  readonly width?: number;
  readonly height?: number;
  readonly seed?: number;
  /** Which shots, in which order; default the sample reel's six. */
  readonly shots?: readonly ShotKind[];
  /** Only the shot of this kind. */
  readonly only?: ShotKind;
  /** Frames of that shot. */
  readonly length?: number;
  readonly wear?: Partial<Wear>;
  /** Number of the first file; default 1001. */
  readonly first?: number;
}

/** A shot of the sample reel, half-open. */
export interface ShotTruth {
  readonly index: number;
  readonly kind: ShotKind;
  readonly in: number;
  readonly out: number;
}

/** What is true of one frame. Coordinates are plate pixels, origin at the top-left edge of the top-left pixel. */
export interface FrameTruth {
  readonly frame: number;
  readonly shot: number;
  /** Null where no face is in the frame. */
  readonly face: FaceTruth | null;
  /** Factor on the display values, the shot's own flash included, and what a flash adds to them. */
  readonly exposure: number;
  readonly flash: number;
  /** Shift of the picture by the gate, pixels. */
  readonly weave: readonly [number, number];
}

export interface FaceTruth {
  /** The portrait's 468 landmarks where the plate shows them; z in plate pixels, of the portrait's unturned head. */
  readonly landmarks: Landmarks;
  readonly five: FivePoints;
  /** Inter-ocular distance as seen, and as it would be without a turn of the head, pixels. */
  readonly iod: number;
  readonly frontalIod: number;
  /** Openings over `iod`, as `src/face/landmarks.ts` defines them. */
  readonly mouth: number;
  readonly eyes: readonly [number, number];
  /** Share of the landmarks that something covers, 0 … 1. */
  readonly hidden: number;
  readonly yaw: number;
}

/** The sample reel with everything that is true of it. Frames count from 0. */
export interface ReelTruth {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Number of the first file. */
  readonly first: number;
  /** Frames a second. */
  readonly rate: 24;
  readonly shots: readonly ShotTruth[];
  /** First frames of all shots but the first. */
  readonly cuts: readonly number[];
  /** Frames on which a lamp flashes; they are no cuts. */
  readonly flashes: readonly number[];
  frame(frame: number): FrameTruth;
  /** Without grain, dirt, scratches and blur; with weave, pan, exposure and flash. */
  renderClean(frame: number): RgbFrame;
  /** As the reel's file shows it. `mask`, of width·height, gets 1 where dirt and scratches lie. */
  renderWorn(frame: number, mask?: Uint8Array): RgbFrame;
  /** Coverage of the face by the object before it: width·height, 0 … 1; null where there is none. */
  occluder(frame: number): Float32Array | null;
}

let opened: Promise<Actor> | undefined;

/** The actor is the same in every reel, and opened once a process. */
export async function openReelTruth(options: ReelOptions = {}): Promise<ReelTruth> {
  opened ??= openPortrait().then(actorOf);
  return reelTruthOf(await opened, options);
}

export function actorOf(portrait: Portrait): Actor {
  return { portrait, shape: faceShape(portrait.landmarks, portrait.toFace), depth: headDepth(portrait) };
}

export function reelTruthOf(actor: Actor, options: ReelOptions): ReelTruth {
  const { width = 960, height = 540, seed = 1, first = 1001 } = options;
  const wear = { ...DEFAULT_WEAR, ...options.wear };
  const plans = plannedShots(options.only, options.length, options.shots);
  const shots: ShotTruth[] = [];
  const flashes: number[] = [];
  let frames = 0;
  for (const [index, plan] of plans.entries()) {
    if (plan.flash !== undefined && plan.flash < plan.frames) flashes.push(frames + plan.flash);
    shots.push({ index, kind: plan.kind, in: frames, out: frames + plan.frames });
    frames += plan.frames;
  }
  let tile: Float32Array | undefined;
  let open: { readonly shot: number; readonly scene: Scene } | undefined;

  const at = (frame: number): { shot: ShotTruth; plan: ShotPlan; t: number; state: FrameState } => {
    const shot = shots.find((one) => frame >= one.in && frame < one.out);
    const plan = shot && plans[shot.index];
    if (!shot || !plan) throw new RangeError(`The sample reel has frames 0 to ${frames - 1}; asked for ${frame}.`);
    const t = frame - shot.in;
    return { shot, plan, t, state: frameState(plan, t, frame, height, wear, seed) };
  };
  /** A scene is large: only the last shot's is kept. */
  const sceneOf = (shot: ShotTruth, plan: ShotPlan): Scene => {
    if (open?.shot !== shot.index) {
      open = { shot: shot.index, scene: openScene(actor, plan, width, height, seed + 100 * shot.index) };
    }
    return open.scene;
  };
  const renderClean = (frame: number): RgbFrame => {
    const { shot, plan, t, state } = at(frame);
    return cleanFrame(sceneOf(shot, plan), plan, state, t);
  };
  const occluder = (frame: number): Float32Array | null => {
    const { shot, plan, t, state } = at(frame);
    const placed = occluderAt(sceneOf(shot, plan), plan, state, t);
    if (!placed) return null;
    const coverage = new Float32Array(width * height);
    drawStamp(placed, undefined, width, height, coverage);
    return coverage;
  };
  return {
    width,
    height,
    frames,
    first,
    rate: 24,
    shots,
    cuts: shots.slice(1).map((shot) => shot.in),
    flashes,
    frame(frame) {
      const { shot, plan, state } = at(frame);
      const { exposure, flash, weave } = state;
      const coverage = plan.kind === 'occlusion' ? occluder(frame) : null;
      const face = plan.iod > 0 ? faceTruth(actor, state, coverage, width, height) : null;
      return { frame, shot: shot.index, face, exposure, flash, weave };
    },
    renderClean,
    renderWorn(frame, mask) {
      const { shot, plan, t } = at(frame);
      tile ??= grainTile(seed);
      const { old } = plan;
      if (old) return agedFrame(renderClean(frame), { ...plan, old }, { wear, tile, seed }, { index: frame, t }, mask);
      return wornFrame(renderClean(frame), plan, wear, tile, frame, shot.index, seed, mask);
    },
    occluder,
  };
}

function faceTruth(
  actor: Actor,
  state: FrameState,
  coverage: Float32Array | null,
  width: number,
  height: number,
): FaceTruth {
  const landmarks = movedLandmarks(actor, state);
  const five = fivePoints(landmarks);
  let covered = 0;
  for (let i = 0; coverage && i < landmarks.length; i += 3) {
    const x = Math.floor(landmarks[i] as number);
    const y = Math.floor(landmarks[i + 1] as number);
    if (x >= 0 && y >= 0 && x < width && y < height && (coverage[y * width + x] as number) > 0.5) covered += 1;
  }
  return {
    landmarks,
    five,
    iod: interOcular(five),
    frontalIod: state.iod,
    mouth: mouthOpening(landmarks),
    eyes: eyeOpenings(landmarks),
    hidden: covered / (landmarks.length / 3),
    yaw: state.pose.head.yaw,
  };
}

/** The portrait's landmarks through expression, pose of the head, and the person's place on the plate. */
export function movedLandmarks(actor: Actor, state: FrameState): Landmarks {
  const { portrait } = actor;
  const out = new Float32Array(portrait.landmarks.length);
  for (let i = 0; i < out.length; i += 3) {
    const [x, y] = platePoint(actor, state, portrait.landmarks[i] as number, portrait.landmarks[i + 1] as number);
    out[i] = x;
    out[i + 1] = y;
    out[i + 2] = ((portrait.landmarks[i + 2] as number) / portrait.iod) * state.iod;
  }
  return out;
}

/** Where the plate shows a point of the portrait, given in portrait pixels. */
export function platePoint(actor: Actor, state: FrameState, x: number, y: number): readonly [number, number] {
  const { portrait, shape, depth } = actor;
  const [u, v] = movedPoint(shape, state.pose.expression, applyX(portrait.toFace, x, y), applyY(portrait.toFace, x, y));
  const posed = new Float64Array(2);
  posedPoint(depth, state.pose.head, u, v, posed);
  const [pu, pv] = [posed[0] as number, posed[1] as number];
  return [applyX(state.faceToPlate, pu, pv), applyY(state.faceToPlate, pu, pv)];
}
