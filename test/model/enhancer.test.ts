import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATCH_TEMPLATE } from '../../src/face/patch.ts';
import { parseContract } from '../../src/model/contract.ts';
import { openEnhancer } from '../../src/model/enhancer.ts';
import { openLibrary } from '../../src/model/library.ts';
import { castTo, type DrawnEnhancer, drawnEnhancer } from './drawn-enhancer.ts';

/** A tenth of a level of eight bits. */
const CLOSE = 0.1 / 255;
const SIDE = 16;
const AREA = SIDE * SIDE;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-enhancer-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const opened = async (name: string, drawn: DrawnEnhancer) =>
  openEnhancer(openLibrary(), await drawnEnhancer(folder, name, drawn));

/** A picture whose channels and places all differ, planar. */
const PICTURE = Float32Array.from({ length: 3 * AREA }, (_, i) => ((37 * i) % 101) / 100);

function farthest(a: Float32Array, b: (i: number) => number): number {
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b(i))), 0);
}

describe('a network that restores faces', () => {
  it('is shown −1 … 1 and answers so, planar, in red, green and blue, as GFPGAN does', async () => {
    // Channel c of the port becomes ½ · itself + c / 8 + a ramp along the rows: in 0 … 1 a quarter of the ranges' width less.
    const ramp = Float32Array.from({ length: AREA }, (_, i) => (i % SIDE) / 64);
    await using network = await opened('gfpgan-like', {
      side: SIDE,
      answer: (graph, picture) => {
        const half = graph.node('Mul', [picture, graph.floats([1], Float32Array.of(0.5))]);
        const moved = graph.node('Add', [half, graph.floats([1, 3, 1, 1], Float32Array.of(0, 1 / 8, 1 / 4))]);
        return graph.node('Add', [moved, graph.floats([1, 1, SIDE, SIDE], ramp)]);
      },
    });
    expect(network).toMatchObject({ side: SIDE, five: PATCH_TEMPLATE });
    const answer = await network.enhance(PICTURE);
    const expected = (i: number) => {
      const port = 0.5 * (2 * (PICTURE[i] as number) - 1) + Math.floor(i / AREA) / 8 + (ramp[i % AREA] as number);
      return (port + 1) / 2;
    };
    expect(farthest(answer, expected)).toBeLessThan(1e-6);
  });

  it('may take blue, green and red in turn, bytes’ range, and answer in another range', async () => {
    await using network = await opened('bgr', {
      side: SIDE,
      layout: 'NHWC',
      channels: 'BGR',
      range: [0, 255],
      answerRange: [0, 1],
      template: 'arcface_128',
      answer: (graph, picture) =>
        graph.node('Mul', [picture, graph.floats([3], Float32Array.of(1 / 255, 0.5 / 255, 0.25 / 255))]),
    });
    const answer = await network.enhance(PICTURE);
    // Blue is the port's first channel.
    const gains = [0.25, 0.5, 1];
    const expected = (i: number) => (gains[Math.floor(i / AREA)] as number) * (PICTURE[i] as number);
    expect(farthest(answer, expected)).toBeLessThan(1e-6);
    expect(network.five[0]).toBeCloseTo((46.2946 + 0.5) / 128, 6);
  });

  it('of half floats runs as it is, to a tenth of a level', async () => {
    await using network = await opened('halves', {
      side: SIDE,
      type: 'float16',
      answer: (graph, picture) =>
        graph.node('Mul', [picture, castTo(graph, graph.floats([1], Float32Array.of(0.5)), 'float16')]),
    });
    const answer = await network.enhance(PICTURE);
    expect(farthest(answer, (i) => 0.25 + 0.5 * (PICTURE[i] as number))).toBeLessThan(CLOSE);
  });

  it('is told its weight as a double, and its contract’s where none is given', async () => {
    await using network = await opened('codeformer-like', {
      side: SIDE,
      hasWeight: true,
      answer: (graph, picture, weight) => graph.node('Mul', [picture, weight]),
    });
    const scaled = (weight: number) => (i: number) => (weight * (2 * (PICTURE[i] as number) - 1) + 1) / 2;
    expect(farthest(await network.enhance(PICTURE), scaled(0.5))).toBeLessThan(1e-6);
    expect(farthest(await network.enhance(PICTURE, 0.25), scaled(0.25))).toBeLessThan(1e-6);
  });

  it('leaves a weight that it cannot be told', async () => {
    await using network = await opened('without-weight', { side: SIDE });
    expect(farthest(await network.enhance(PICTURE, 0.9), (i) => PICTURE[i] as number)).toBeLessThan(1e-6);
  });

  it('is refused where it answers numbers that are not finite', async () => {
    await using network = await opened('overflowing', {
      side: SIDE,
      answer: (graph, picture) => graph.node('Div', [picture, graph.floats([1], Float32Array.of(0))]),
    });
    await expect(network.enhance(PICTURE)).rejects.toThrow(
      'Model "overflowing" answered a picture with numbers that are not finite: its weights overflow on this device. Take its 32-bit file, or --device cpu.',
    );
  });

  it('is refused where its contract lays faces by no five points', async () => {
    await expect(opened('any', { side: SIDE, template: 'any' })).rejects.toThrow(
      'Model "any": a network that restores faces is shown them by five points, such as "ffhq" or "arcface_128", but its contract says "any". Correct the contract any.json.',
    );
  });
});

describe('the contract of a network that restores faces', () => {
  it('names a scalar of its inputs for its weight', () => {
    const contract = (weight: string) => ({
      id: 'codeformer',
      title: 'CodeFormer',
      task: 'restore',
      format: 'onnx',
      files: [{ source: 'file:codeformer.onnx', sha256: '0'.repeat(64) }],
      licence: { stated: 'MIT', statedIn: 'a test', notStated: 'nothing' },
      provenance: 'A test.',
      template: { name: 'ffhq' },
      inputs: [
        {
          kind: 'picture',
          name: 'input',
          shape: [1, 3, 512, 512],
          layout: 'NCHW',
          channels: 'RGB',
          range: [-1, 1],
        },
        { kind: 'scalar', name: 'weight', type: 'float64', meaning: 'fidelity', value: 0.5 },
      ],
      outputs: [{ name: 'output', shape: [1, 3, 512, 512], meaning: 'the face' }],
      decoder: { kind: 'picture', output: 'output', range: [-1, 1], weight },
      threshold: 0,
      cost: 1,
    });
    const parse = (weight: string) => parseContract(JSON.stringify(contract(weight)), 'codeformer.json');
    expect(parse('weight').task).toBe('restore');
    expect(() => parse('w')).toThrow(
      'Model "codeformer": its decoder\'s "weight" should name a scalar among its inputs, but "w" is not among them. Correct the contract codeformer.json.',
    );
    expect(() => parse('input')).toThrow('but "input" is a picture. Correct the contract codeformer.json.');
  });
});
