import { lumaOfColour } from '../src/film/luma.ts';
import { BACKDROP_SCALE, backdrop } from './backdrop.ts';
import { type Actor, drawPerson } from './draw-person.ts';
import { glovedHand, handAt, type Occluder } from './occluder.ts';
import type { OldFilm } from './old-film.ts';
import { type PersonTexture, personTexture } from './portrait.ts';
import type { FrameState } from './projection.ts';
import type { Raster } from './resample.ts';
import type { RgbFrame } from './rgb-frame.ts';
import type { ShotPlan } from './shots.ts';
import { drawStamp, type Placed } from './stamp.ts';

/** What one shot is drawn from. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly actor: Actor;
  readonly backdrop: Raster;
  readonly person?: PersonTexture;
  readonly occluder?: Occluder;
}

/** Plate pixels by which a set reaches over the plate's edges, so that weave never shows its end. */
const OVERSCAN = 8;
/** A set is farther away than the person: it moves by this share of a pan. */
const PARALLAX = 0.85;

export function openScene(actor: Actor, plan: ShotPlan, width: number, height: number, seed: number): Scene {
  const pan = Math.abs(plan.pan) * height * PARALLAX;
  const set = backdrop(plan.backdrop, width + pan + 2 * OVERSCAN, height + 2 * OVERSCAN, height, seed);
  const iod = plan.iod * height;
  return {
    width,
    height,
    actor,
    backdrop: set,
    ...(iod > 0 ? { person: personTexture(actor.portrait, iod / actor.portrait.iod, plan.grade) } : {}),
    ...(plan.kind === 'occlusion' ? { occluder: glovedHand(iod, seed) } : {}),
  };
}

/** The frame without grain, dirt, scratches and blur; with weave, pan, exposure and flash. `t` counts from the shot's first frame. */
export function cleanFrame(scene: Scene, plan: ShotPlan, state: FrameState, t: number): RgbFrame {
  const { width, height } = scene;
  const frame = { width, height, rgb: new Float32Array(3 * width * height) };
  drawBackdrop(scene, state, frame);
  if (scene.person) drawPerson(scene.actor, scene.person, state, frame);
  const hand = occluderAt(scene, plan, state, t);
  if (hand) drawStamp(hand, frame.rgb, width, height);
  const { rgb } = frame;
  if (plan.old) developed(frame, plan.old.tint);
  for (let i = 0; i < rgb.length; i++) {
    const value = state.exposure * (rgb[i] as number) + state.flash;
    rgb[i] = value < 0 ? 0 : Math.min(value, 1);
  }
  return frame;
}

/** Makes the frame black and white, on film of a tint: luma of BT.709. */
function developed({ width, height, rgb }: RgbFrame, tint: OldFilm['tint']): void {
  const pixels = width * height;
  for (let i = 0; i < pixels; i++) {
    const luma = lumaOfColour(rgb[i] as number, rgb[pixels + i] as number, rgb[2 * pixels + i] as number);
    for (let k = 0; k < 3; k++) rgb[k * pixels + i] = luma * (tint[k] as number);
  }
}

function drawBackdrop(scene: Scene, state: FrameState, frame: RgbFrame): void {
  const { width, height, rgb } = frame;
  const set = scene.backdrop;
  const shiftX = OVERSCAN - state.weave[0] + PARALLAX * state.pan;
  const shiftY = OVERSCAN - state.weave[1];
  const columns = new Int32Array(width);
  const shares = new Float64Array(width);
  for (let x = 0; x < width; x++) {
    const at = Math.min(set.width - 1.001, Math.max(0, (x + 0.5 + shiftX) * BACKDROP_SCALE - 0.5));
    columns[x] = 3 * Math.floor(at);
    shares[x] = at - Math.floor(at);
  }
  const pixels = width * height;
  const row = 3 * set.width;
  for (let y = 0; y < height; y++) {
    const at = Math.min(set.height - 1.001, Math.max(0, (y + 0.5 + shiftY) * BACKDROP_SCALE - 0.5));
    const line = Math.floor(at) * row;
    const fy = at - Math.floor(at);
    for (let x = 0, to = y * width; x < width; x++, to++) {
      const fx = shares[x] as number;
      const p = line + (columns[x] as number);
      const a = (1 - fx) * (1 - fy);
      const b = fx * (1 - fy);
      const c = (1 - fx) * fy;
      const d = fx * fy;
      for (let k = 0; k < 3; k++) {
        rgb[k * pixels + to] =
          a * (set.data[p + k] as number) +
          b * (set.data[p + 3 + k] as number) +
          c * (set.data[p + row + k] as number) +
          d * (set.data[p + row + 3 + k] as number);
      }
    }
  }
}

/** The hand before the face in this frame, or undefined. */
export function occluderAt(scene: Scene, plan: ShotPlan, state: FrameState, t: number): Placed | undefined {
  if (!scene.occluder) return undefined;
  const { stamp } = scene.occluder;
  const [u, v] = handAt(t, plan.frames);
  const x = state.weave[0] + plan.eyes[0] * scene.height + u * plan.iod * scene.height;
  const y = state.weave[1] + plan.eyes[1] * scene.height + v * plan.iod * scene.height;
  return { stamp, left: x - stamp.width / 2, top: y - stamp.height / 2 };
}
