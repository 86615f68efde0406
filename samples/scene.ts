import type { Similarity } from '../src/face/similarity.ts';
import { applyX, applyY, compose, invert } from '../src/face/similarity.ts';
import { BACKDROP_SCALE, backdrop } from './backdrop.ts';
import { type FaceShape, facePoint, lookAt } from './expression.ts';
import { type HeadDepth, unposedPoint } from './head-pose.ts';
import { glovedHand, handAt, type Occluder } from './occluder.ts';
import { graded, type PersonTexture, type Portrait, personTexture } from './portrait.ts';
import type { FrameState } from './projection.ts';
import type { Raster } from './resample.ts';
import type { RgbFrame } from './rgb-frame.ts';
import type { ShotPlan } from './shots.ts';

/** The person, ready to be acted with. */
export interface Actor {
  readonly portrait: Portrait;
  readonly shape: FaceShape;
  readonly depth: HeadDepth;
}

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
  if (scene.person) drawPerson(scene, scene.person, state, frame);
  const hand = occluderAt(scene, plan, state, t);
  if (hand) drawStamp(hand, frame.rgb, width, height);
  const { rgb } = frame;
  for (let i = 0; i < rgb.length; i++) {
    const value = state.exposure * (rgb[i] as number) + state.flash;
    rgb[i] = value < 0 ? 0 : Math.min(value, 1);
  }
  return frame;
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

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Plate pixels that the picture of `width` × `height` under `s` may touch, with some room for a head that turns. */
function boundsOf(s: Similarity, width: number, height: number, room: number, frame: RgbFrame): Bounds {
  const xs = [0, width].flatMap((x) => [applyX(s, x, 0), applyX(s, x, height)]);
  const ys = [0, width].flatMap((x) => [applyY(s, x, 0), applyY(s, x, height)]);
  return {
    left: Math.max(0, Math.floor(Math.min(...xs) - room)),
    top: Math.max(0, Math.floor(Math.min(...ys) - room)),
    right: Math.min(frame.width, Math.ceil(Math.max(...xs) + room)),
    bottom: Math.min(frame.height, Math.ceil(Math.max(...ys) + room)),
  };
}

/** The dark of an open mouth, and a tongue in it. */
const CAVITY = [0.13, 0.045, 0.04] as const;
const TONGUE = [0.5, 0.2, 0.18] as const;

function drawPerson(scene: Scene, texture: PersonTexture, state: FrameState, frame: RgbFrame): void {
  const { portrait, shape } = scene.actor;
  const { faceToPlate, iod, pose } = state;
  const bounds = boundsOf(compose(faceToPlate, portrait.toFace), portrait.width, portrait.height, 0.3 * iod, frame);
  if (bounds.right <= bounds.left || bounds.bottom <= bounds.top) return;
  const field = poseField(scene, state, bounds);
  const { step, columns, us, vs } = field;
  const toTexture = compose({ a: texture.scale, b: 0, tx: -0.5, ty: -0.5 }, portrait.fromFace);
  const inside = [CAVITY, TONGUE].map((colour) =>
    ([0, 1, 2] as const).map((c) => graded(texture.grade, colour[c], c, 0.45)),
  ) as [number[], number[]];
  const ramp = Math.max(0.8 / iod, 0.012);
  const point = facePoint();
  const skin = new Float64Array(4);
  const deep = new Float64Array(4);
  const pixels = frame.width * frame.height;
  const { rgb } = frame;

  for (let y = bounds.top; y < bounds.bottom; y++) {
    const gy = (y - bounds.top) / step;
    const row = Math.floor(gy) * columns;
    const fy = gy - Math.floor(gy);
    for (let x = bounds.left; x < bounds.right; x++) {
      const gx = (x - bounds.left) / step;
      const node = row + Math.floor(gx);
      const fx = gx - Math.floor(gx);
      const a = (1 - fx) * (1 - fy);
      const b = fx * (1 - fy);
      const c = (1 - fx) * fy;
      const d = fx * fy;
      const below = node + columns;
      let u =
        a * (us[node] as number) +
        b * (us[node + 1] as number) +
        c * (us[below] as number) +
        d * (us[below + 1] as number);
      let v =
        a * (vs[node] as number) +
        b * (vs[node + 1] as number) +
        c * (vs[below] as number) +
        d * (vs[below + 1] as number);
      const inFace = u > -1.5 && u < 1.5 && v > -0.9 && v < 2.9;
      point.inside = 0;
      if (inFace) {
        lookAt(shape, pose.expression, u, v, ramp, point);
        u = point.u;
        v = point.v;
      }
      sample(
        texture,
        toTexture.a * u - toTexture.b * v + toTexture.tx,
        toTexture.b * u + toTexture.a * v + toTexture.ty,
        skin,
      );
      const alpha = skin[3] as number;
      if (alpha === 0) continue;
      if (point.inside > 0) {
        const { insideU, insideV } = point;
        sample(
          texture,
          toTexture.a * insideU - toTexture.b * insideV + toTexture.tx,
          toTexture.b * insideU + toTexture.a * insideV + toTexture.ty,
          deep,
        );
        for (let k = 0; k < 3; k++) {
          const cavity = (inside[0][k] as number) * (1 - point.tongue) + (inside[1][k] as number) * point.tongue;
          const seen = ((deep[k] as number) * (1 - point.cavity) + cavity * point.cavity) * point.shade;
          skin[k] = (skin[k] as number) * (1 - point.inside) + seen * point.inside;
        }
      }
      for (let k = 0, to = y * frame.width + x; k < 3; k++, to += pixels) {
        rgb[to] = (rgb[to] as number) * (1 - alpha) + (skin[k] as number);
      }
    }
  }
}

/** Face coordinates of the unturned head at the nodes of a grid over the plate; between them they are nearly linear. */
function poseField(scene: Scene, state: FrameState, bounds: Bounds) {
  const step = Math.max(1, Math.round(state.iod / 24));
  const columns = Math.ceil((bounds.right - bounds.left) / step) + 2;
  const rows = Math.ceil((bounds.bottom - bounds.top) / step) + 2;
  const us = new Float64Array(columns * rows);
  const vs = new Float64Array(columns * rows);
  const toFace = invert(state.faceToPlate);
  const guess = new Float64Array(2);
  for (let j = 0; j < rows; j++) {
    let du = 0;
    let dv = 0;
    for (let i = 0; i < columns; i++) {
      const x = bounds.left + i * step + 0.5;
      const y = bounds.top + j * step + 0.5;
      const u = applyX(toFace, x, y);
      const v = applyY(toFace, x, y);
      guess[0] = u + du;
      guess[1] = v + dv;
      unposedPoint(scene.actor.depth, state.pose.head, u, v, guess);
      us[j * columns + i] = guess[0] as number;
      vs[j * columns + i] = guess[1] as number;
      du = (guess[0] as number) - u;
      dv = (guess[1] as number) - v;
    }
  }
  return { step, columns, us, vs };
}

/** Bilinear sample at texture coordinates whose pixel centres are whole numbers; nothing beyond the edge. */
function sample(texture: PersonTexture, x: number, y: number, out: Float64Array): void {
  const i = Math.floor(x);
  const j = Math.floor(y);
  if (i < 0 || j < 0 || i >= texture.width - 1 || j >= texture.height - 1) {
    out.fill(0);
    return;
  }
  const fx = x - i;
  const fy = y - j;
  const a = (1 - fx) * (1 - fy);
  const b = fx * (1 - fy);
  const c = (1 - fx) * fy;
  const d = fx * fy;
  const p = 4 * (j * texture.width + i);
  const q = p + 4 * texture.width;
  const { rgba } = texture;
  for (let k = 0; k < 4; k++) {
    out[k] =
      a * (rgba[p + k] as number) +
      b * (rgba[p + 4 + k] as number) +
      c * (rgba[q + k] as number) +
      d * (rgba[q + 4 + k] as number);
  }
}

/** A picture and where its top-left corner lies on the plate. */
interface Placed {
  readonly stamp: Raster;
  readonly left: number;
  readonly top: number;
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

/** Lays the stamp over the planar picture `rgb`; with `coverage` given, writes its alpha there instead. */
export function drawStamp(
  placed: Placed,
  rgb: Float32Array | undefined,
  width: number,
  height: number,
  coverage?: Float32Array,
): void {
  const { stamp, left, top } = placed;
  const pixels = width * height;
  const texture = { width: stamp.width, height: stamp.height, rgba: stamp.data } as PersonTexture;
  const colour = new Float64Array(4);
  for (let y = Math.max(0, Math.ceil(top)); y < Math.min(height, top + stamp.height); y++) {
    for (let x = Math.max(0, Math.ceil(left)); x < Math.min(width, left + stamp.width); x++) {
      sample(texture, x - left, y - top, colour);
      const alpha = colour[3] as number;
      if (alpha === 0) continue;
      const at = y * width + x;
      if (coverage) coverage[at] = alpha;
      if (!rgb) continue;
      for (let k = 0; k < 3; k++)
        rgb[k * pixels + at] = (rgb[k * pixels + at] as number) * (1 - alpha) + (colour[k] as number);
    }
  }
}
