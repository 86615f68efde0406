import type { ReelTruth } from '../../samples/reel-truth.ts';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { applyX, applyY, compose, invert, type Similarity, scaleOf } from '../../src/face/similarity.ts';
import { gaussianBlur } from '../../src/motion/gaussian.ts';
import { lumaPatch, patchToPlate } from './face-space.ts';
import { lumaOfFrame } from './picture-score.ts';

/** The parts of a face that open, as one version of a frame shows them: luma over the face's brightness, `Float32Array` of SIDE² each. */
export interface OpeningParts {
  readonly mouth: Float32Array;
  readonly eyes: readonly [Float32Array, Float32Array];
}

/** How far mouth and lids are open, one number a frame, in the units of the truth's own; of both eyes the mean. */
export interface Openings {
  readonly mouth: readonly number[];
  readonly eyes: readonly number[];
}

/** Reads openings from the parts of every frame of a version. */
export type OpeningReader = (parts: readonly OpeningParts[]) => Openings;

/** Side of a part, pixels, and its width, inter-ocular distances. */
const SIDE = 64;
const MOUTH = 1.6;
const EYE = 1;
/** Landmarks of the corners by which a part is held. */
const MOUTH_CORNERS = [61, 291] as const;
const LEFT_CORNERS = [33, 133] as const;
const RIGHT_CORNERS = [362, 263] as const;
/** Frames on each side over which the corners are averaged. */
const STEADY = 4;
/** Width of the Gaussian through which every version is seen, inter-ocular distances: three times a plate's blur, which then hardly counts. */
const COARSE = 0.15;

/** Where the parts of a face lie in every frame of a clip: from a part to the plate. */
export interface PartPlaces {
  readonly mouth: readonly Similarity[];
  readonly eyes: readonly [readonly Similarity[], readonly Similarity[]];
}

/**
 * The parts held at the truth's corners and at the size of the unturned face, so that neither pose nor weave moves them. Corners are
 * averaged in the steady face's patch over neighbouring frames: footage knows them from a landmark network, which trembles.
 */
export function partPlaces(truth: ReelTruth): PartPlaces {
  const held = ([left, right]: readonly [number, number], width: number): Similarity[] => {
    const frames = Array.from({ length: truth.frames }, (_, frame) => {
      const face = truth.frame(frame).face;
      const toPlate = patchToPlate(truth, frame);
      if (!face || !toPlate) throw new Error(`Frame ${frame} shows no face.`);
      const toPatch = invert(toPlate);
      const corner = (i: number) => {
        const [x, y] = [face.landmarks[3 * i] as number, face.landmarks[3 * i + 1] as number];
        return [applyX(toPatch, x, y), applyY(toPatch, x, y)] as const;
      };
      return { toPlate, iod: face.frontalIod, corners: [...corner(left), ...corner(right)] };
    });
    return frames.map(({ toPlate, iod }, t) => {
      const near = frames.slice(Math.max(0, t - STEADY), t + STEADY + 1);
      const at = (k: 0 | 1 | 2 | 3) => mean(near.map(({ corners }) => corners[k] as number));
      const [x0, y0, x1, y1] = [at(0), at(1), at(2), at(3)];
      const scale = (width * iod) / SIDE / scaleOf(toPlate);
      const angle = Math.atan2(y1 - y0, x1 - x0);
      const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
      const tx = (x0 + x1 - SIDE * (a - b)) / 2;
      const ty = (y0 + y1 - SIDE * (a + b)) / 2;
      return compose(toPlate, { a, b, tx, ty });
    });
  };
  return { mouth: held(MOUTH_CORNERS, MOUTH), eyes: [held(LEFT_CORNERS, EYE), held(RIGHT_CORNERS, EYE)] };
}

/** Cuts mouth and eyes out of a frame. `brightness` is the face's mean luma: breathing of the exposure opens nothing. */
export function openingParts(
  { mouth, eyes: [left, right] }: PartPlaces,
  frame: number,
  picture: RgbFrame,
  brightness: number,
): OpeningParts {
  const luma = lumaOfFrame(picture);
  const cut = (places: readonly Similarity[]) =>
    lumaPatch(luma, places[frame] as Similarity, SIDE).map((v) => v / brightness);
  return { mouth: cut(mouth), eyes: [cut(left), cut(right)] };
}

/**
 * A reader that has seen the clean truth, frame by frame.
 *
 * The picture of an opening is what a part gains as it opens: at every pixel the covariance of the truth's luma and opening over
 * time. Projected on it, a version tells how far it opens (a matched filter), and one that keeps half of the movement reads half. A
 * landmark network cannot be asked alone: it reads a blurred mouth as less open, and blurred lids hardly at all.
 */
export function openingReader(truth: ReelTruth, parts: readonly OpeningParts[]): OpeningReader {
  const faces = parts.map((_, frame) => truth.frame(frame).face);
  const mouth = readerOf(
    parts.map((part) => part.mouth),
    faces.map((face) => face?.mouth ?? 0),
    (COARSE * SIDE) / MOUTH,
  );
  const [left, right] = ([0, 1] as const).map((k) =>
    readerOf(
      parts.map((part) => part.eyes[k]),
      faces.map((face) => face?.eyes[k] ?? 0),
      (COARSE * SIDE) / EYE,
    ),
  ) as [Reader, Reader];
  return (versions) => ({
    mouth: versions.map((version) => mouth(version.mouth)),
    eyes: versions.map(({ eyes }) => (left(eyes[0]) + right(eyes[1])) / 2),
  });
}

type Reader = (part: Float32Array) => number;

/** Reads one opening; on the truth itself it has the mean and the deviation of the truth's openings. */
function readerOf(parts: readonly Float32Array[], openings: readonly number[], sigma: number): Reader {
  const soft = (samples: Float32Array) => gaussianBlur({ width: SIDE, height: SIDE, samples }, sigma).samples;
  const middle = mean(openings);
  const change = new Float32Array(SIDE * SIDE);
  parts.forEach((part, t) => {
    const weight = (openings[t] as number) - middle;
    for (let i = 0; i < change.length; i++) change[i] = (change[i] as number) + weight * (part[i] as number);
  });
  // Blurring is its own transpose: the picture blurred once more reads sharp parts as if they had been blurred.
  const picture = soft(soft(change).map((v, i) => v * (WINDOW[i] as number)));
  const project = (part: Float32Array) => part.reduce((sum, v, i) => sum + v * (picture[i] as number), 0);
  const own = parts.map(project);
  const scale = deviation(openings) / deviation(own);
  const offset = middle - scale * mean(own);
  return (part) => scale * project(part) + offset;
}

/** Fades towards the part's edge, so that what comes in over it tells nothing (Hann). */
const WINDOW = Float32Array.from({ length: SIDE * SIDE }, (_, i) => hann(i % SIDE) * hann(Math.floor(i / SIDE)));

function hann(at: number): number {
  return Math.sin((Math.PI * (at + 0.5)) / SIDE) ** 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - middle) ** 2)));
}
