import { smoothLandmarks } from '../../src/carry/smooth/smooth-landmarks.ts';
import { motionChain } from '../../src/carry/track/motion-chain.ts';
import { lumaOfPlanar } from '../../src/compute/cpu/filter/planar.ts';
import { measureLight, smoothLight } from '../../src/face/light.ts';
import type { MeasuredLight } from '../../src/face/observation.ts';
import { EXPRESSIVENESS } from '../../src/face/regions.ts';
import { alignSimilarity } from '../../src/motion/align-similarity.ts';
import { denseFlow, flowTemplate } from '../../src/motion/dense-flow.ts';
import { type Pyramid, type PyramidLevel, pyramidOf } from '../../src/motion/pyramid.ts';
import { IDENTITY3, inSpace, motionAbout, type Similarity3 } from '../../src/motion/similarity3.ts';
import { mulberry32 } from '../motion/texture.ts';
import type { FloatPatch } from '../restore/on-floats.ts';
import { COVERED } from './drawn-film.ts';
import type { DrawnPortrait } from './drawn-portrait.ts';
import { drawnPatches } from './drawn-window.ts';
import { type GoldenCase, goldenCase } from './golden-case.ts';

const SIZE = 128;

/** What tracking finds and smooths decides where a face is painted, so it decides pixels. */
export function trackingCases(portrait: DrawnPortrait): GoldenCase[] {
  const patches = drawnPatches(portrait, { size: SIZE, scale: 1, worn: false });
  const pyramid = (frame: number) => pyramidOfPatch(patches[frame] as FloatPatch);
  const lights = () => patches.map(lightOf);
  return [
    goldenCase('dense flow to the next frame', () => {
      const { xy, trust } = denseFlow(flowTemplate(pyramid(3), { noise: 0.0156 }), pyramid(4));
      return [xy, trust];
    }),
    goldenCase('dense flow under a hand', () => {
      const { xy, trust } = denseFlow(flowTemplate(pyramid(COVERED), { noise: 0.0156 }), pyramid(3), { bound: 4 });
      return [xy, trust];
    }),
    goldenCase('alignment of two frames', () => {
      const [from, to] = [pyramid(0).levels[0] as PyramidLevel, pyramid(8).levels[0] as PyramidLevel];
      const pixels = Int32Array.from({ length: 60 * 60 }, (_, i) => (34 + Math.floor(i / 60)) * SIZE + 34 + (i % 60));
      const found = alignSimilarity(from, to, { pixels }, IDENTITY3);
      if (!found) throw new Error('The two frames were not aligned.');
      return [Float64Array.of(...found.motion.m, ...found.motion.t, found.agreeing, found.noise)];
    }),
    goldenCase('light, measured', () => lights().flatMap(floatsOf)),
    goldenCase('light, smoothed', () => smoothLight(lights(), 2).flatMap(floatsOf)),
    goldenCase('landmarks, smoothed along a motion', () => {
      const random = mulberry32(31);
      const { landmarks } = patches[0] as FloatPatch;
      const seen = Array.from({ length: 12 }, () => landmarks.map((v) => v + Math.round(1024 * random()) / 1024));
      const trust = seen.map((_, k) => (k === 5 ? 0.125 : 1));
      return smoothLandmarks(seen, motionChain(seen.map(stepAt)), {
        sigmas: { rigid: 4, expression: 0.5 },
        expressive: EXPRESSIVENESS,
        trust,
      });
    }),
  ];
}

function pyramidOfPatch({ rgb }: FloatPatch): Pyramid {
  return pyramidOf({ width: SIZE, height: SIZE, samples: lumaOfPlanar(rgb) }, 3);
}

function lightOf({ rgb, landmarks }: FloatPatch): MeasuredLight {
  const area = SIZE * SIZE;
  const bytes = Uint8Array.from({ length: 3 * area }, (_, i) =>
    Math.round(255 * (rgb[(i % 3) * area + Math.floor(i / 3)] as number)),
  );
  return measureLight({ width: SIZE, height: SIZE, rgb: bytes }, landmarks);
}

/** A blur that no edge tells is hashed as −1. */
function floatsOf({ exposure, colour, band, blur, grain }: MeasuredLight): readonly ArrayBufferView[] {
  return [Float64Array.of(exposure, ...colour, blur ?? -1, grain), band];
}

/** A weave in the plane, and every third frame a turn out of it. */
function stepAt(_: unknown, k: number): Similarity3 {
  if (k % 3 > 0) return inSpace({ a: 1.0078125, b: 0.00390625 * (k % 2), tx: 0.5, ty: -0.25 });
  const centre = [SIZE / 2, SIZE / 2, 0] as const;
  return motionAbout({ centre, growth: 0, roll: 0, yaw: 0.03125, pitch: -0.015625, right: 0.25, down: 0 });
}
