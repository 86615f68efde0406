import { fivePoints, interOcular, type Landmarks } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { STEADY_POINTS } from '../../src/face/regions.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { coarseShift } from '../../src/motion/coarse-shift.ts';
import { denseFlow, FLOW_STEP, flowTemplate } from '../../src/motion/dense-flow.ts';
import { type FlowLattice, flowAt, stillLattice } from '../../src/motion/flow-lattice.ts';
import { normaliseLocally } from '../../src/motion/local-normalise.ts';
import { lumaOfRegion } from '../../src/motion/luma.ts';
import { type Pyramid, type PyramidLevel, pyramidOf } from '../../src/motion/pyramid.ts';

/** How restless landmarks are beyond what a dense flow sees of the face itself, % of inter-ocular distance. */
export interface Restlessness {
  /** Root mean square over the frames. */
  readonly rms: number;
  /** Of the median frame: a few frames that the flow cannot follow do not set it. */
  readonly median: number;
}

/** Side of what the flow looks at, over inter-ocular distance. */
const REACH = 3;
/** Inter-ocular distance above which the picture is shrunk, pixels: half as fine again as the tracker's view. */
const LARGEST = 84;
const LEVELS = 4;
/** Standard deviation of the Gaussian over the flow, inter-ocular distances: what moves as the skull does, with little grain. */
const SMOOTHING = 0.4;
const NOISE = 2 / 255;

/**
 * Second differences of a face's still landmarks less those of an independent dense flow at the same places, for several tracks of
 * the same face. The flow is patches by inverse search with a smoothed field, and shares nothing with the tracker but the film. It has
 * a floor of its own, on stills moved by hand with a grain of 3 levels 0.08 to 0.16 %, so that ratios between schemes are lower bounds.
 *
 * @param tracks of one face, in pixels of the pictures; frames that one of them lacks are left out
 */
export function restlessness(pictures: readonly RgbPicture[], tracks: readonly FaceTrack[]): Restlessness[] {
  const first = Math.max(...tracks.map((track) => track.in)) + 1;
  const last = Math.min(...tracks.map((track) => track.out)) - 1;
  const found = tracks.map((): number[] => []);
  for (let frame = first; frame < last; frame++) {
    const three = tracks.map((track) =>
      [-1, 0, 1].map((by) => track.observations[frame + by - track.in]?.landmarks as Landmarks),
    ) as [Landmarks, Landmarks, Landmarks][];
    const flow = flowAround(pictures, frame, (three[0] as readonly Landmarks[])[1] as Landmarks);
    three.forEach((landmarks, k) => {
      found[k]?.push(restOf(landmarks, flow));
    });
  }
  return found.map((values) => ({
    rms: Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length),
    median: [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN,
  }));
}

interface FlowAround {
  readonly before: FlowLattice;
  readonly after: FlowLattice;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Where what lies around a face in one frame is found in the frames before and after it. */
function flowAround(pictures: readonly RgbPicture[], frame: number, landmarks: Landmarks): FlowAround {
  const five = fivePoints(landmarks);
  const distance = interOcular(five);
  const scale = Math.min(1, LARGEST / distance);
  const pixels = Math.round(REACH * distance * scale);
  const side = pixels / scale;
  const [x, y] = [Math.round((five[4] as number) - side / 2), Math.round((five[5] as number) - side / 2)];
  const look = (at: number): Pyramid => {
    const luma = lumaOfRegion(pictures[at] as RgbPicture, { x, y, width: side, height: side }, pixels, pixels);
    return pyramidOf(normaliseLocally(luma, 0.4 * distance * scale), LEVELS);
  };
  const here = look(frame);
  const template = flowTemplate(here, { noise: NOISE });
  const flowTo = (there: Pyramid) =>
    denseFlow(template, there, {
      start: shifted(here, there, distance * scale),
      bound: distance * scale,
      smoothing: SMOOTHING * distance * scale,
    });
  return {
    before: flowTo(look(frame - 1)),
    after: flowTo(look(frame + 1)),
    x,
    y,
    scale,
  };
}

/** The shift of the whole as a field to start from: untextured skin rests at the start, and shall not rest behind. */
function shifted(from: Pyramid, to: Pyramid, farthest: number): FlowLattice {
  const k = Math.min(from.levels.length, to.levels.length) - 1;
  const [coarse, other] = [from.levels[k] as PyramidLevel, to.levels[k] as PyramidLevel];
  const { x, y } = coarseShift(coarse, other, Math.min(Math.floor(farthest / 2 ** k), coarse.width >> 2));
  const { width, height } = from.levels[0] as PyramidLevel;
  const lattice = stillLattice(width, height, FLOW_STEP);
  return { ...lattice, xy: lattice.xy.map((_, i) => (i % 2 === 0 ? x : y) * 2 ** k) };
}

/** Root mean square over the still points, per cent of inter-ocular distance. */
function restOf(
  [before, here, after]: readonly [Landmarks, Landmarks, Landmarks],
  { before: back, after: forth, x, y, scale }: FlowAround,
): number {
  const moved = new Float64Array(4);
  let sum = 0;
  for (const i of STEADY_POINTS) {
    const u = ((here[3 * i] as number) - x) * scale;
    const v = ((here[3 * i + 1] as number) - y) * scale;
    flowAt(back, u, v, moved, 0);
    flowAt(forth, u, v, moved, 2);
    for (const c of [0, 1]) {
      const own = (before[3 * i + c] as number) - 2 * (here[3 * i + c] as number) + (after[3 * i + c] as number);
      sum += (own - ((moved[c] as number) + (moved[c + 2] as number)) / scale) ** 2;
    }
  }
  return (100 * Math.sqrt(sum / STEADY_POINTS.length)) / interOcular(fivePoints(here));
}
