import { blurPatch } from '../comp/blur.ts';
import { sampleCubic } from '../comp/cubic.ts';
import type { DenseMap } from '../face/dense-map.ts';
import type { Landmarks } from '../face/landmarks.ts';
import { meshWarp } from '../face/mesh.ts';
import { PATCH_INTER_OCULAR } from '../face/patch.ts';
import { denseFlow, flowTemplate } from '../motion/dense-flow.ts';
import type { FlowLattice } from '../motion/flow-lattice.ts';
import { flowPicture } from './flow-picture.ts';
import { localLikeness } from './local-likeness.ts';
import { plateBlur } from './plate-blur.ts';
import type { ReferenceStill } from './reference-still.ts';

/** Widths in inter-ocular distances: of the light that is matched, of the windows in which likeness and error are judged. */
const LIGHT = 0.15;
const WINDOW = 0.055;
const ERROR_WINDOW = 0.06;
/** How far a still may be bent beyond the mesh, and over what distance it bends alike. */
const BOUND = 0.07;
const SMOOTHING = 0.04;
/** Likeness from which a still's detail counts, and in full: registered, and before registration. */
const ALIKE = [0.5, 0.8] as const;
const ALIKE_BEFORE = [0.1, 0.45] as const;
/** What a still's error costs against what its detail gains. */
const WORTH = 0.5;
/** Deviation, 0 … 1, by which a worse still loses against a better one. */
const TEMPERATURE = 4 / 255;
/**
 * How much larger or smaller the mesh may make a part of a still, as |log2| of its area against the rest of the face's: up to the
 * first its detail counts in full, from the second on not at all. An open eye squashed to a closed one is dark where the lashes are,
 * and agrees; so does a mouth pulled open.
 */
const STRETCH = [0.7, 1.4] as const;
/** How much brighter or darker light may make a still. */
const GREATEST_LIGHT = 3;

/** Detail that stills say a plate has lost. */
export interface LostDetail {
  /** `Float32Array` of size²: luma to add, about 0. */
  readonly detail: Float32Array;
  /** `Float32Array` of size², 0 … 1: how far any still agreed. */
  readonly gate: Float32Array;
  /** The plate's blur over the stills', patch pixels. */
  readonly blur: number;
}

/**
 * What a repaired face has lost, from several stills of the same person.
 *
 * Each still is carried to the face by the mesh, put into its light, blurred as the plate is, and registered to it by dense flow;
 * its detail is what that blur takes from it. Around each pixel it counts only where the blurred still and the plate are alike,
 * before and after registration: a blink finds no open eye. Among stills that agree the nearest counts most (softmax of the error).
 *
 * @param face luma of the repaired face, `Float32Array` of size², 0 … 1
 * @param where size², above 0 where the face is looked at
 */
export function lostDetail(
  face: Float32Array,
  landmarks: Landmarks,
  stills: readonly ReferenceStill[],
  where: Float32Array,
  size: number,
): LostDetail {
  const distance = PATCH_INTER_OCULAR * size;
  const area = size * size;
  const picture = flowPicture(face, size);
  const template = flowTemplate(picture.pyramid, { noise: picture.noise });
  const light = blurPatch(face, size, LIGHT * distance);
  const seen = stills.map((still) => {
    const map = meshWarp(landmarks, still.landmarks, size);
    const flat = inLight(sampleMap(still.luma, size, map, null, 1, where), light, size, LIGHT * distance);
    const flow = denseFlow(template, flowPicture(flat, size).pyramid, {
      bound: (BOUND * distance) / picture.scale,
      smoothing: (SMOOTHING * distance) / picture.scale,
    });
    const bent = inLight(sampleMap(still.luma, size, map, flow, picture.scale, where), light, size, LIGHT * distance);
    return { flat, bent, fit: fitOf(map, where, WINDOW * distance) };
  });
  const blur = commonBlur(
    face,
    seen.map(({ bent }) => bent),
    where,
    size,
    WINDOW * distance,
  );
  const detail = new Float32Array(area);
  const gate = new Float32Array(area);
  if (blur < 0.3) return { detail, gate, blur };
  const weights = new Float32Array(area);
  for (const { flat, bent, fit } of seen) {
    const soft = blurPatch(bent, size, blur);
    const after = localLikeness(face, soft, size, WINDOW * distance);
    const before = localLikeness(face, blurPatch(flat, size, blur), size, 2 * WINDOW * distance);
    const error = localError(face, soft, size, ERROR_WINDOW * distance);
    const gain = localError(bent, soft, size, ERROR_WINDOW * distance);
    const noise = quietest(error, where);
    for (let i = 0; i < area; i++) {
      if (!((where[i] as number) > 0)) continue;
      const agreed =
        ramp(after[i] as number, ...ALIKE) *
        ramp(before[i] as number, ...ALIKE_BEFORE) *
        (fit[i] as number) *
        trustOf(gain[i] as number, Math.max(0, (error[i] as number) - noise));
      const w = Math.exp(-Math.sqrt(error[i] as number) / TEMPERATURE);
      weights[i] = (weights[i] as number) + w;
      detail[i] = (detail[i] as number) + w * agreed * ((bent[i] as number) - (soft[i] as number));
      gate[i] = (gate[i] as number) + w * agreed;
    }
  }
  for (let i = 0; i < area; i++) {
    const w = weights[i] as number;
    if (!(w > 0)) continue;
    detail[i] = (detail[i] as number) / w;
    gate[i] = (gate[i] as number) / w;
  }
  return { detail, gate, blur };
}

/** How far each place of a map is stretched like the rest of it: `Float32Array` of size², 1 = alike, 0 = crushed or torn. */
function fitOf({ size, xy }: DenseMap, where: Float32Array, sigma: number): Float32Array {
  const area = size * size;
  const logs = new Float32Array(area);
  const inside: number[] = [];
  for (let y = 1; y + 1 < size; y++) {
    for (let x = 1, i = y * size + 1; x + 1 < size; x++, i++) {
      if (!((where[i] as number) > 0)) continue;
      const ax = (xy[2 * i + 2] as number) - (xy[2 * i - 2] as number);
      const ay = (xy[2 * i + 3] as number) - (xy[2 * i - 1] as number);
      const bx = (xy[2 * (i + size)] as number) - (xy[2 * (i - size)] as number);
      const by = (xy[2 * (i + size) + 1] as number) - (xy[2 * (i - size) + 1] as number);
      logs[i] = Math.log2(Math.max(1e-3, (ax * by - ay * bx) / 4));
      if ((x + y) % 8 === 0) inside.push(logs[i] as number);
    }
  }
  inside.sort((p, q) => p - q);
  const typical = inside[inside.length >> 1] ?? 0;
  const fit = logs.map((v) => 1 - ramp(Math.abs(v - typical), ...STRETCH));
  return blurPatch(fit, size, sigma);
}

/** A luma sampled through a map, each place first displaced by `flow` (of a picture `scale` times smaller). */
function sampleMap(
  luma: Float32Array,
  size: number,
  map: DenseMap,
  flow: FlowLattice | null,
  scale: number,
  where: Float32Array,
): Float32Array {
  const out = new Float32Array(size * size);
  const planes = [luma];
  const sample = new Float64Array(1);
  const pitch = flow ? flow.step * scale : 1;
  for (let y = 0; y < size; y++) {
    for (let x = 0, o = y * size; x < size; x++, o++) {
      if (!((where[o] as number) > 0)) continue;
      let u = x;
      let v = y;
      if (flow) {
        const { columns, rows, xy } = flow;
        const fu = Math.min(columns - 1, Math.max(0, (x + 0.5) / pitch - 0.5));
        const fv = Math.min(rows - 1, Math.max(0, (y + 0.5) / pitch - 0.5));
        const i = Math.min(columns - 2, Math.floor(fu));
        const j = Math.min(rows - 2, Math.floor(fv));
        const a = 2 * (j * columns + i);
        const b = a + 2 * columns;
        const s = fu - i;
        const t = fv - j;
        u +=
          scale *
          (((xy[a] as number) * (1 - s) + (xy[a + 2] as number) * s) * (1 - t) +
            ((xy[b] as number) * (1 - s) + (xy[b + 2] as number) * s) * t);
        v +=
          scale *
          (((xy[a + 1] as number) * (1 - s) + (xy[a + 3] as number) * s) * (1 - t) +
            ((xy[b + 1] as number) * (1 - s) + (xy[b + 3] as number) * s) * t);
      }
      let px: number;
      let py: number;
      if (flow) {
        // The map is smooth: between its entries it is linear.
        const cu = Math.min(size - 1.001, Math.max(0, u));
        const cv = Math.min(size - 1.001, Math.max(0, v));
        const i = Math.floor(cu);
        const j = Math.floor(cv);
        const s = cu - i;
        const t = cv - j;
        const a = 2 * (j * size + i);
        const b = a + 2 * size;
        const m = map.xy;
        px =
          ((m[a] as number) * (1 - s) + (m[a + 2] as number) * s) * (1 - t) +
          ((m[b] as number) * (1 - s) + (m[b + 2] as number) * s) * t;
        py =
          ((m[a + 1] as number) * (1 - s) + (m[a + 3] as number) * s) * (1 - t) +
          ((m[b + 1] as number) * (1 - s) + (m[b + 3] as number) * s) * t;
      } else {
        px = map.xy[2 * o] as number;
        py = map.xy[2 * o + 1] as number;
      }
      px -= 0.5;
      py -= 0.5;
      const ix = Math.floor(px);
      const iy = Math.floor(py);
      sampleCubic(planes, size, size, ix, px - ix, iy, py - iy, sample);
      out[o] = sample[0] as number;
    }
  }
  return out;
}

/** A still in the plate's light: multiplied by the ratio of both local means. Outside (where it is 0) it takes the plate's own. */
function inLight(still: Float32Array, light: Float32Array, size: number, sigma: number): Float32Array {
  const inside = still.map((v) => (v > 0 ? 1 : 0));
  const filled = blurPatch(still, size, sigma);
  const share = blurPatch(inside, size, sigma);
  const out = new Float32Array(still.length);
  for (let i = 0; i < out.length; i++) {
    if (!((inside[i] as number) > 0)) {
      out[i] = light[i] as number;
      continue;
    }
    const own = (filled[i] as number) / Math.max(1e-3, share[i] as number);
    const gain = (light[i] as number) / Math.max(0.01, own);
    out[i] = Math.min(GREATEST_LIGHT, Math.max(1 / GREATEST_LIGHT, gain)) * (still[i] as number);
  }
  return out;
}

/** The plate's blur over that of the still which is most like it. */
function commonBlur(
  face: Float32Array,
  stills: readonly Float32Array[],
  where: Float32Array,
  size: number,
  window: number,
): number {
  const found = stills.map((still) => {
    const alike = localLikeness(face, still, size, window);
    const weight = alike.map((v, i) => ((where[i] as number) > 0 ? Math.max(0, v - 0.5) : 0));
    return { blur: plateBlur(face, still, weight, size), alike: weight.reduce((sum, v) => sum + v, 0) };
  });
  found.sort((a, b) => b.alike - a.alike);
  // Half of the stills, those that agree most: a poor match reads as blur.
  const best = found.slice(0, Math.max(1, found.length >> 1)).map(({ blur }) => blur);
  best.sort((a, b) => a - b);
  return best[(best.length - 1) >> 1] ?? 0;
}

/** Share of a still's detail that is worth its error (Wiener 1949): all of it where they match, none where the detail is the smaller. */
function trustOf(gain: number, error: number): number {
  return gain > 0 ? 1 / (1 + ((WORTH * error) / gain) ** 2) : 0;
}

/** The error of the quietest quarter of the face: grain that is left. */
function quietest(error: Float32Array, where: Float32Array): number {
  const found: number[] = [];
  for (let i = 0; i < error.length; i += 11) if ((where[i] as number) > 0) found.push(error[i] as number);
  found.sort((p, q) => p - q);
  return found[found.length >> 2] ?? 0;
}

function localError(a: Float32Array, b: Float32Array, size: number, sigma: number): Float32Array {
  return blurPatch(
    a.map((v, i) => (v - (b[i] as number)) ** 2),
    size,
    sigma,
  );
}

function ramp(v: number, from: number, to: number): number {
  const t = Math.min(1, Math.max(0, (v - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
