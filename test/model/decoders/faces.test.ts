import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../../src/disk/package-folder.ts';
import { cropOfDetection } from '../../../src/face/crop.ts';
import { fivePointsOfBox } from '../../../src/face/five-points-of-box.ts';
import type { RgbPicture } from '../../../src/face/networks.ts';
import type { Box } from '../../../src/face/observation.ts';
import { scaleOf } from '../../../src/face/similarity.ts';
import { expectTask, parseContract } from '../../../src/model/contract.ts';
import { embedding } from '../../../src/model/decoders/embedding.ts';
import { facePoints } from '../../../src/model/decoders/face-points.ts';
import { cropFace } from '../../../src/model/face-crop.ts';
import type { PicturePort } from '../../../src/model/port.ts';
import { resample } from '../../../src/model/resample.ts';
import { squareOnFace } from '../../../src/model/template.ts';
import { uniform } from './uniform.ts';

/** Column and row of a crop's pixel, and its three numbers as the network is fed. */
type Sample = readonly [u: number, v: number, ...channels: number[]];

/** What numpy makes of the same box, points and outputs: `face-vectors.py` beside it says how. */
interface Vectors {
  readonly box: Box;
  readonly five: readonly number[];
  readonly fan: { readonly crop: readonly Sample[]; readonly points: readonly number[]; readonly presence: number };
  readonly peppa: { readonly points: readonly number[]; readonly presence: number };
  readonly insight: { readonly crop: readonly Sample[]; readonly points: readonly number[] };
  readonly arcface: { readonly crop: readonly Sample[]; readonly embedding: readonly number[] };
}

const VECTORS: Vectors = JSON.parse(await readFile(`${packageFolder()}/test/fixtures/model/face-vectors.json`, 'utf8'));

/** Greatest difference of places, shares of the input's side. */
const APART = 1e-4;
/** Greatest difference of fed pixels, levels of 255: what a growth of four decimals costs on the picture's steepest edges. */
const LEVELS = 0.2;

const PICTURE: RgbPicture = (() => {
  const [width, height] = [96, 80];
  const rgb = new Uint8Array(3 * width * height);
  for (let k = 0; k < rgb.length; k++) {
    const pixel = Math.floor(k / 3);
    rgb[k] = (7 * (pixel % width) + 13 * Math.floor(pixel / width) + 50 * (k % 3)) % 256;
  }
  return { width, height, rgb };
})();

const pictureOf = (side: number, channels: 'RGB' | 'BGR', range: [number, number]): PicturePort => ({
  kind: 'picture',
  name: 'input',
  shape: [1, 3, side, side],
  type: 'float32',
  layout: 'NCHW',
  channels,
  range,
});

function landmarker(input: PicturePort, growth: number) {
  const contract = {
    id: 'landmarker',
    title: 'a landmarker',
    task: 'landmark',
    format: 'onnx',
    files: [{ source: 'file:own.onnx', sha256: '0'.repeat(64) }],
    licence: { stated: 'MIT', statedIn: 'this test', notStated: 'nothing' },
    provenance: 'drawn',
    template: { name: 'turned-square', growth },
    inputs: [input],
    outputs: [{ name: 'points', shape: [1, 68, 3], meaning: 'points' }],
    decoder: { kind: 'face-points', points: 'points', range: [0, 64], mesh: Array(68).fill(1) },
    threshold: 0.5,
    cost: 100,
  };
  return expectTask(parseContract(JSON.stringify(contract), 'x.json'), 'landmark');
}

const cropped = (input: PicturePort, growth: number) => {
  const level = { score: 1, box: VECTORS.box, five: fivePointsOfBox(VECTORS.box) };
  return cropFace(PICTURE, cropOfDetection(level), landmarker(input, growth));
};

function farthest(tensor: Float32Array | undefined, side: number, samples: readonly Sample[]): number {
  expect(samples.length).toBeGreaterThan(20);
  const apart = samples.flatMap(([u, v, ...channels]) =>
    channels.map((value, c) => Math.abs(value - (tensor?.[c * side * side + v * side + u] ?? Number.NaN))),
  );
  return Math.max(...apart);
}

const farthestPlace = (places: readonly number[], expected: readonly number[]) =>
  places.length === expected.length
    ? Math.max(...places.map((v, k) => Math.abs(v - (expected[k] as number))))
    : Infinity;

const drawnNumbers = (seed: number, length: number, of: (u: number, k: number) => number) => {
  const next = uniform(seed);
  return { next, numbers: Float32Array.from({ length }, (_, k) => of(next(), k)) };
};
const EVERY_OTHER = Array.from({ length: 68 }, (_, k) => k);

describe('a landmark network of 68 points', () => {
  const input = pictureOf(256, 'BGR', [0, 1]);
  const { inputs, toPicture } = cropped(input, 1.3128);

  it('is shown the crop that FaceFusion shows it', () => {
    expect(255 * farthest(inputs['input'], 256, VECTORS.fan.crop)).toBeLessThan(LEVELS);
  });

  it('is read as FaceFusion reads 2dfan4, and is as sure', () => {
    const { next, numbers } = drawnNumbers(21, 68 * 3, (u) => 64 * u);
    const maps = Float32Array.from({ length: 68 * 16 }, next);
    const outputs = new Map([
      ['landmarks', numbers],
      ['heatmaps', maps],
    ]);
    const settings = { kind: 'face-points', points: 'landmarks', range: [0, 64], mesh: EVERY_OTHER } as const;
    const confidence = { output: 'heatmaps', full: 0.9 };
    const placed = facePoints.decode(
      outputs,
      { ...settings, range: [0, 64], mesh: EVERY_OTHER, confidence },
      256,
      toPicture,
    );
    if (!('places' in placed)) throw new Error('it places points');
    expect(farthestPlace(placed.places, VECTORS.fan.points) / 256).toBeLessThan(APART);
    expect(placed.presence).toBeCloseTo(VECTORS.fan.presence, 6);
  });

  it('is read as FaceFusion reads peppa_wutz, whose third number a point is its certainty', () => {
    const { numbers } = drawnNumbers(22, 68 * 3, (u, k) => (k % 3 === 2 ? u : 64 * Math.fround(u)));
    const placed = facePoints.decode(
      new Map([['output', numbers]]),
      {
        kind: 'face-points',
        points: 'output',
        range: [0, 64],
        mesh: EVERY_OTHER,
        confidence: { output: 'output', full: 0.95, at: 2 },
      },
      256,
      toPicture,
    );
    if (!('places' in placed)) throw new Error('it places points');
    expect(farthestPlace(placed.places, VECTORS.peppa.points) / 256).toBeLessThan(APART);
    expect(placed.presence).toBeCloseTo(VECTORS.peppa.presence, 6);
  });
});

describe('a landmark network of 106 points', () => {
  const { inputs, toPicture } = cropped(pictureOf(192, 'RGB', [0, 255]), 1.5);

  it('is shown the crop that InsightFace shows it', () => {
    expect(farthest(inputs['input'], 192, VECTORS.insight.crop)).toBeLessThan(LEVELS);
  });

  it('is read as InsightFace reads 2d106det', () => {
    const { numbers } = drawnNumbers(23, 212, (u) => 2 * u - 1);
    const mesh = Array.from({ length: 106 }, (_, k) => k);
    const settings = { kind: 'face-points' as const, points: 'fc1', range: [-1, 1] as [number, number], mesh };
    const placed = facePoints.decode(new Map([['fc1', numbers]]), settings, 192, toPicture);
    if (!('places' in placed)) throw new Error('it places points');
    expect(farthestPlace(placed.places, VECTORS.insight.points) / 192).toBeLessThan(APART);
    expect(placed.presence).toBe(1);
  });
});

describe('a recogniser of ArcFace’s kind', () => {
  it('is shown the crop that InsightFace shows it', () => {
    const shown = (leastIn: 'picture' | 'square') => {
      const onFace = squareOnFace({ name: 'arcface_112_v2', padding: 0, leastIn }, 112, VECTORS.five);
      if (!onFace) throw new Error('it has five points');
      return { scale: scaleOf(onFace), tensor: resample(PICTURE, onFace, pictureOf(112, 'RGB', [-1, 1]), 'repeat') };
    };
    const [own, picture] = [shown('square'), shown('picture')];
    expect(127.5 * farthest(own.tensor, 112, VECTORS.arcface.crop)).toBeLessThan(LEVELS);
    // The five points are no similar image of the template's, so it matters where the fit is best.
    expect(own.scale / picture.scale).toBeGreaterThan(1.004);
  });

  it('is read as a vector of length 1', () => {
    const { numbers } = drawnNumbers(24, 512, (u) => 4 * u - 2);
    const read = embedding.decode(new Map([['683', numbers]]), { kind: 'embedding', output: '683' });
    expect(Math.hypot(...read)).toBeCloseTo(1, 6);
    expect(farthestPlace([...read].slice(0, 32), VECTORS.arcface.embedding)).toBeLessThan(1e-5);
  });
});
