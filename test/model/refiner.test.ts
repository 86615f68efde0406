import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphBuilder } from '../../src/convert/graph-builder.ts';
import { encodeOnnx } from '../../src/convert/onnx-graph.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { cropOfLandmarks } from '../../src/face/crop.ts';
import { LEFT_BROW, LEFT_EYE, LIPS_INNER, LIPS_OUTER, RIGHT_BROW, RIGHT_EYE } from '../../src/face/regions.ts';
import { expectTask, parseContract } from '../../src/model/contract.ts';
import { openLandmarker } from '../../src/model/landmarker.ts';
import { openLibrary } from '../../src/model/library.ts';
import { isHeavy, openRefiner } from '../../src/model/refiner.ts';
import { drawHead, HEAD, INTER_OCULAR } from '../carry/drawn-head.ts';
import { writeNetwork } from './write-network.ts';

const SIDE = 64;
/** Mesh numbers of the points that the drawn network answers; one of its points is none of the mesh's. */
const MESH = [33, 133, 362, 263, 1, 61, 291, 17, null, 152];
const GROWTH = 1.3;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-refiner-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Where the drawn network says each point lies, input pixels: the head's own place, the lower lip 6 pixels lower. */
function answers(): number[] {
  const crop = cropOfLandmarks(HEAD);
  const scale = SIDE / (crop.size * (GROWTH / 1.5));
  return MESH.flatMap((index) => {
    if (index === null) return [3, 3];
    const x = ((HEAD[3 * index] as number) - crop.x) * scale + SIDE / 2;
    const y = ((HEAD[3 * index + 1] as number) - crop.y) * scale + SIDE / 2;
    return [x, y + (index === 17 ? 6 * scale : 0)];
  });
}

/** A network that answers the same of every picture, in −1 … 1, with a map of peaks `peak`; the path of its contract. */
async function drawnNetwork(name: string, peak: number, mesh: readonly (number | null)[] = MESH): Promise<string> {
  const graph = graphBuilder();
  const input = graph.input('input', [1, 3, SIDE, SIDE]);
  const mean = graph.node('Reshape', [graph.node('GlobalAveragePool', [input]), graph.integers([1, 3])]);
  const constant = (values: readonly number[], dims: readonly number[]) => {
    const none = graph.floats([3, values.length], new Float32Array(3 * values.length));
    const always = graph.floats([1, values.length], Float32Array.from(values));
    return graph.node('Reshape', [
      graph.node('Add', [graph.node('MatMul', [mean, none]), always]),
      graph.integers(dims),
    ]);
  };
  const points = answers().map((v) => (2 * v) / SIDE - 1);
  graph.output('points', constant(points, [1, MESH.length, 2]), [1, MESH.length, 2]);
  const maps = MESH.flatMap(() => [0, peak, 0.1, 0]);
  graph.output('maps', constant(maps, [1, MESH.length, 2, 2]), [1, MESH.length, 2, 2]);
  return writeNetwork(folder, name, encodeOnnx(graph.finish(name)), {
    task: 'landmark',
    template: { name: 'turned-square', growth: GROWTH },
    inputs: [
      { kind: 'picture', name: 'input', shape: [1, 3, SIDE, SIDE], layout: 'NCHW', channels: 'RGB', range: [0, 1] },
    ],
    outputs: [
      { name: 'points', shape: [1, MESH.length, 2], meaning: 'x, y a point, −1 … 1 over the input' },
      { name: 'maps', shape: [1, MESH.length, 2, 2], meaning: 'a score map a point' },
    ],
    decoder: { kind: 'face-points', points: 'points', range: [-1, 1], mesh, confidence: { output: 'maps', full: 0.8 } },
    threshold: 0.5,
    cost: 200,
  });
}

describe('a landmarker of a few points', () => {
  it('bends the mesh to them through its map, and gives its presence', async () => {
    await using refiner = await openRefiner(openLibrary(), await drawnNetwork('sure', 0.6));
    const { landmarks, presence } = await refiner.refine(drawHead(), HEAD);
    expect(presence).toBeCloseTo(0.75, 5);
    const moved = (i: number) =>
      Math.hypot(
        (landmarks[3 * i] as number) - (HEAD[3 * i] as number),
        (landmarks[3 * i + 1] as number) - (HEAD[3 * i + 1] as number),
      );
    expect(moved(17)).toBeGreaterThan(5);
    for (const i of [33, 263, 1, 168, 10]) expect(moved(i)).toBeLessThan(0.02 * INTER_OCULAR);
  });

  it('is heavy, and so is one that costs more than following; the default is not', async () => {
    const library = openLibrary();
    const own = expectTask(await library.contract(await drawnNetwork('heavy', 1)), 'landmark');
    const mesh = expectTask(await library.contract('facemesh-468'), 'landmark');
    expect([own, { ...own, cost: 1 }, mesh, { ...mesh, cost: 60 }].map(isHeavy)).toEqual([true, true, false, true]);
  });

  it('is refused as the only landmarker, and where its map does not fit its points', async () => {
    const library = openLibrary();
    await expect(openLandmarker(library, await drawnNetwork('alone', 1))).rejects.toThrow(
      'Model "alone" places 10 points, not the mesh\'s 468: it can correct a landmarker, not be one. Name one whose decoder is "face-mesh".',
    );
    await expect(openRefiner(library, await drawnNetwork('short', 1, MESH.slice(1)))).rejects.toThrow(
      'Model "short": output "points" has 20 numbers, which are not 2 or more for each of the 9 points of "mesh". Correct the contract short.json.',
    );
  });
});

describe("the contract of 68 points that the models' README shows", () => {
  it("is one, each point but the jaw's being a landmark of its own", async () => {
    const readme = await readFile(join(packageFolder(), 'models', 'README.md'), 'utf8');
    const [text] = readme.match(/{\n {2}"id": "fan-68"[^`]*/) ?? [''];
    const { decoder } = expectTask(
      parseContract(text.replace('"sha256": "…"', `"sha256": "${'0'.repeat(64)}"`), 'fan-68'),
      'landmark',
    );
    if (decoder.kind !== 'face-points') throw new Error('its decoder is another');
    expect(decoder.mesh).toHaveLength(68);
    const landmarks = decoder.mesh.filter((index) => index !== null);
    expect(new Set(landmarks).size).toBe(52);
    expect(decoder.mesh.slice(17, 27).every((index) => [...LEFT_BROW, ...RIGHT_BROW].includes(index ?? -1))).toBe(true);
    expect(decoder.mesh.slice(36, 48).every((index) => [...LEFT_EYE, ...RIGHT_EYE].includes(index ?? -1))).toBe(true);
    expect(decoder.mesh.slice(48).every((index) => [...LIPS_OUTER, ...LIPS_INNER].includes(index ?? -1))).toBe(true);
  });
});

describe('a landmarker of the whole mesh', () => {
  it('can correct another', async () => {
    await using refiner = await openRefiner(openLibrary(), 'facemesh-468');
    const { landmarks } = await refiner.refine(drawHead(), HEAD);
    expect(landmarks).toHaveLength(HEAD.length);
  });
});
