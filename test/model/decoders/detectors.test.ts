import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { transpose } from '../../../src/convert/dense-tensor.ts';
import { packageFolder } from '../../../src/disk/package-folder.ts';
import type { Detection } from '../../../src/face/observation.ts';
import { scrfd } from '../../../src/model/decoders/scrfd.ts';
import { yoloFace } from '../../../src/model/decoders/yolo-face.ts';
import { yunet } from '../../../src/model/decoders/yunet.ts';
import { uniform } from './uniform.ts';

/** What numpy and OpenCV make of the same random outputs: `detector-vectors.py` beside it says how. */
interface Vector {
  readonly kind: 'scrfd' | 'yolo-face' | 'yunet';
  readonly side: number;
  readonly seed: number;
  readonly threshold: number;
  readonly suppression: number;
  /** Scores are numbers from 0 to 1 to the power of 2^`doublings`. */
  readonly doublings: number;
  readonly anchors: number;
  readonly points: boolean;
  readonly order: 'planes' | 'rows';
  readonly numbers: 0 | 2 | 3;
  /** Score, x, y, width, height, and five points where the network gives some. */
  readonly faces: readonly (readonly number[])[];
  /** Scores of the boxes that OpenCV's suppression keeps. */
  readonly kept: readonly number[];
}

const VECTORS: readonly Vector[] = JSON.parse(
  await readFile(`${packageFolder()}/test/fixtures/model/detector-vectors.json`, 'utf8'),
);

/** Greatest difference, shares of the input's side. */
const APART = 1e-4;

const STRIDES = [8, 16, 32];

function decoded(vector: Vector): Detection[] {
  const { kind, side, threshold, suppression, doublings } = vector;
  const next = uniform(vector.seed);
  const outputs = new Map<string, Float32Array>();
  const numbers = (name: string, length: number, of: (u: number, k: number) => number = (u) => u): string => {
    outputs.set(
      name,
      Float32Array.from({ length }, (_, k) => of(next(), k)),
    );
    return name;
  };
  const rare = (u: number): number => Array.from({ length: doublings }).reduce((v: number) => v * v, u);
  switch (kind) {
    case 'scrfd': {
      const { anchors, points } = vector;
      const layers = STRIDES.map((stride) => {
        const rows = anchors * (side / stride) ** 2;
        return {
          ...{ stride, anchors },
          scores: numbers(`score_${stride}`, rows, rare),
          boxes: numbers(`box_${stride}`, 4 * rows, (u) => 0.5 + 3.5 * u),
          ...(points ? { points: numbers(`point_${stride}`, 10 * rows, (u) => 4 * u - 2) } : {}),
        };
      });
      return scrfd.decode(outputs, { kind, layers, suppression }, side, threshold);
    }
    case 'yunet': {
      const layers = STRIDES.map((stride) => {
        const rows = (side / stride) ** 2;
        return {
          stride,
          faces: numbers(`cls_${stride}`, rows, rare),
          things: numbers(`obj_${stride}`, rows, rare),
          boxes: numbers(`bbox_${stride}`, 4 * rows, (u, k) => (k % 4 < 2 ? u : 2.5 * Math.fround(u) - 0.5)),
          points: numbers(`kps_${stride}`, 10 * rows, (u) => 4 * u - 2),
        };
      });
      return yunet.decode(outputs, { kind, layers, suppression }, side, threshold);
    }
    case 'yolo-face': {
      const { order, numbers: pointNumbers } = vector;
      const anchors = STRIDES.reduce((sum, stride) => sum + (side / stride) ** 2, 0);
      const each = 5 + 5 * pointNumbers;
      const output = numbers('output0', each * anchors, (u, k) => {
        const number = Math.floor(k / anchors);
        if (number === 4) return rare(u);
        return number === 2 || number === 3 ? 8 + 120 * u : side * u;
      });
      if (order === 'rows') {
        const planes = { shape: [each, anchors], data: outputs.get(output) as Float32Array };
        outputs.set(output, transpose(planes, [1, 0]).data);
      }
      return yoloFace.decode(outputs, { kind, output, order, pointNumbers, suppression }, side, threshold);
    }
  }
}

describe.each(VECTORS.map((vector) => [`${vector.kind}, ${vector.side} pixels, seed ${vector.seed}`, vector] as const))(
  'a detector of the kind %s',
  (_, vector) => {
    const found = decoded(vector);

    it('is decoded as numpy decodes it', () => {
      expect(found).toHaveLength(vector.faces.length);
      for (const [k, [score, ...numbers]] of vector.faces.entries()) {
        const { box, five, score: own } = found[k] as Detection;
        expect(Math.abs(own - (score as number))).toBeLessThan(1e-5);
        const seen = [...box, ...five].slice(0, numbers.length);
        const apart = Math.max(...numbers.map((v, at) => Math.abs(v - (seen[at] as number))));
        expect(apart / vector.side).toBeLessThan(APART);
      }
    });

    it('has the faces that OpenCV’s suppression keeps', () => {
      const scores = found.map(({ score }) => score).toSorted((a, b) => b - a);
      expect(scores).toHaveLength(vector.kept.length);
      for (const [k, score] of vector.kept.entries()) expect(scores[k]).toBeCloseTo(score, 5);
    });
  },
);

describe('a detector without points', () => {
  it('is given those of an upright face: eyes above nose above mouth, level and within the box', () => {
    for (const { box, five } of VECTORS.filter(({ points, numbers }) => points === false || numbers === 0).flatMap(
      decoded,
    )) {
      const [x, y, width, height] = box;
      const [lx, ly, rx, ry, nx, ny, mx, my, ex, ey] = five.map((v, k) =>
        k % 2 === 0 ? (v - x) / width : (v - y) / height,
      );
      expect(ly).toBeCloseTo(ry as number, 6);
      expect([lx, rx, nx, mx, ex].every((v) => (v as number) > 0.1 && (v as number) < 0.9)).toBe(true);
      expect((lx as number) + (rx as number)).toBeCloseTo(1, 2);
      expect([ly, ny, my, 1].every((v, k, all) => k === 0 || (v as number) > (all[k - 1] as number) + 0.1)).toBe(true);
      expect(my).toBeCloseTo(ey as number, 6);
    }
  });
});

describe('the rows of a grid', () => {
  it('that are another side’s are refused, not misread', () => {
    const layers = [{ stride: 16, anchors: 2, scores: 's', boxes: 'b' }];
    const outputs = new Map([
      ['s', new Float32Array(3200)],
      ['b', new Float32Array(4 * 3200)],
    ]);
    expect(() => scrfd.decode(outputs, { kind: 'scrfd', layers, suppression: 0.4 }, 320, 0.5)).toThrow(
      'The output "s" has 3200 numbers; 1 for each of 800 anchors (stride 16, input 320 × 320) were expected.',
    );
  });
});
