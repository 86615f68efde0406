import type { Similarity } from '../src/face/similarity.ts';
import { applyX, applyY, compose, invert } from '../src/face/similarity.ts';
import { type FaceShape, facePoint, lookAt } from './expression.ts';
import { type HeadDepth, unposedPoint } from './head-pose.ts';
import { graded, type PersonTexture, type Portrait } from './portrait.ts';
import type { FrameState } from './projection.ts';
import type { RgbFrame } from './rgb-frame.ts';
import { sample } from './stamp.ts';

/** The person, ready to be acted with. */
export interface Actor {
  readonly portrait: Portrait;
  readonly shape: FaceShape;
  readonly depth: HeadDepth;
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

/** Draws the person over the frame, in the frame's pose and expression. */
export function drawPerson(actor: Actor, texture: PersonTexture, state: FrameState, frame: RgbFrame): void {
  const { portrait, shape } = actor;
  const { faceToPlate, iod, pose } = state;
  const bounds = boundsOf(compose(faceToPlate, portrait.toFace), portrait.width, portrait.height, 0.3 * iod, frame);
  if (bounds.right <= bounds.left || bounds.bottom <= bounds.top) return;
  const field = poseField(actor, state, bounds);
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
function poseField(actor: Actor, state: FrameState, bounds: Bounds) {
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
      unposedPoint(actor.depth, state.pose.head, u, v, guess);
      us[j * columns + i] = guess[0] as number;
      vs[j * columns + i] = guess[1] as number;
      du = (guess[0] as number) - u;
      dv = (guess[1] as number) - v;
    }
  }
  return { step, columns, us, vs };
}
