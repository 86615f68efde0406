import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GraphBuilder, graphBuilder } from '../../src/convert/graph-builder.ts';
import { ELEMENT_TYPES, encodeOnnx } from '../../src/convert/onnx-graph.ts';
import { type Contract, parseContract, pictureOf } from '../../src/model/contract.ts';
import { ContractError } from '../../src/model/contract-error.ts';
import { DeviceError } from '../../src/model/device-error.ts';
import { openLibrary } from '../../src/model/library.ts';
import type { PicturePort } from '../../src/model/port.ts';
import { openSession } from '../../src/model/session.ts';

let path: string;
let contract: Contract;
let folder: string;

beforeAll(async () => {
  const library = openLibrary();
  path = await library.pull('facemesh-468');
  contract = await library.contract('facemesh-468');
  folder = await mkdtemp(join(tmpdir(), 'reelmend-session-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The contract with another picture. */
const withPicture = (change: Partial<PicturePort>): Contract => ({
  ...contract,
  inputs: [{ ...pictureOf(contract), ...change }],
});

/** A drawn graph as a file, with a contract for it; what is not stated is as in the contract of FaceMesh. */
async function drawn(name: string, graph: GraphBuilder, stated: object): Promise<[path: string, contract: Contract]> {
  const file = join(folder, `${name}.onnx`);
  await writeFile(file, encodeOnnx(graph.finish(name)));
  return [file, parseContract(JSON.stringify({ ...contract, ...stated, id: name }), `${name}.json`)];
}

const { float32, float16, float64, uint8, int64 } = ELEMENT_TYPES;

/** gain · picture + bias: a picture of any size in half floats, a vector, and a scalar of doubles. */
function swapper() {
  const graph = graphBuilder();
  const cast = (value: string, to: number) => graph.node('Cast', [value], { to });
  const picture = cast(graph.input('picture', [1, 3, -1, -1], 'float16'), float32);
  const bias = graph.input('bias', [1, 3]);
  const gain = cast(graph.input('gain', [1], 'float64'), float32);
  const moved = graph.node('Add', [
    graph.node('Mul', [picture, gain]),
    graph.node('Reshape', [bias, graph.integers([1, 3, 1, 1])]),
  ]);
  graph.output('swapped', cast(moved, float16), [1, 3, -1, -1], 'float16');
  return drawn('swapper', graph, {
    task: 'swap',
    template: { name: 'arcface_128' },
    inputs: [
      {
        kind: 'picture',
        name: 'picture',
        shape: [1, 3, -1, -1],
        type: 'float16',
        layout: 'NCHW',
        channels: 'RGB',
        range: [0, 1],
      },
      { kind: 'vector', name: 'bias', shape: [1, 3], meaning: 'is added to red, green and blue' },
      { kind: 'scalar', name: 'gain', type: 'float64', meaning: 'multiplies', value: 2 },
    ],
    outputs: [{ name: 'swapped', shape: [1, 3, -1, -1], type: 'float16', meaning: 'the picture' }],
    decoder: {
      kind: 'swap',
      target: 'picture',
      source: { from: 'embedding', input: 'bias', recogniser: 'faceres', length: 'raw' },
      output: 'swapped',
      range: [0, 1],
    },
  });
}

describe('running a network', () => {
  it('feeds several inputs by name, in their own types and of any size, and answers floats', async () => {
    const [file, swap] = await swapper();
    await using session = await openSession(file, swap);
    const picture = { data: Float32Array.of(0.25, 0.5, 1, 2, 3, 4), shape: [1, 3, 1, 2] };
    const bias = Float32Array.of(0, 1, -1);
    const asStated = await session.run({ picture, bias });
    expect(asStated.get('swapped')).toEqual(Float32Array.of(0.5, 1, 3, 5, 5, 7));
    const asGiven = await session.run({ picture, bias, gain: 0.5 });
    expect(asGiven.get('swapped')).toEqual(Float32Array.of(0.125, 0.25, 1.5, 2, 0.5, 1));
    // A third has no half float: the nearest is answered.
    const third = await session.run({
      picture: { data: new Float32Array(3), shape: [1, 3, 1, 1] },
      bias: bias.fill(1 / 3),
    });
    expect(third.get('swapped')?.[0]).toBe(0.333251953125);
  });

  it('feeds bytes rounded and kept to their range, and answers those and whole numbers as floats', async () => {
    const graph = graphBuilder();
    const cast = (value: string, to: number) => graph.node('Cast', [value], { to });
    const bytes = cast(graph.input('bytes', [1, 1, 1, 3], 'uint8'), int64);
    const step = cast(graph.input('step', [1], 'int64'), int64);
    graph.output('same', cast(bytes, uint8), [1, 1, 1, 3], 'uint8');
    graph.output('moved', graph.node('Sub', [bytes, step]), [1, 1, 1, 3], 'int64');
    graph.output('half', graph.node('Div', [cast(bytes, float64), cast(step, float64)]), [1, 1, 1, 3], 'float64');
    const [file, restore] = await drawn('bytes', graph, {
      task: 'restore',
      template: { name: 'ffhq' },
      inputs: [
        {
          kind: 'picture',
          name: 'bytes',
          shape: [1, 1, 1, 3],
          type: 'uint8',
          layout: 'NHWC',
          channels: 'RGB',
          range: [0, 255],
        },
        { kind: 'scalar', name: 'step', type: 'int64', meaning: 'is taken away', value: 2 },
      ],
      outputs: [
        { name: 'same', shape: [1, 1, 1, 3], type: 'uint8', meaning: 'the picture' },
        { name: 'moved', shape: [1, 1, 1, 3], type: 'int64', meaning: 'the picture, darker' },
        { name: 'half', shape: [1, 1, 1, 3], type: 'float64', meaning: 'the picture over the step' },
      ],
      decoder: { kind: 'picture', output: 'same', range: [0, 255] },
    });
    await using session = await openSession(file, restore);
    const outputs = await session.run({ bytes: Float32Array.of(-3, 1.6, 300) });
    expect(outputs.get('same')).toEqual(Float32Array.of(0, 2, 255));
    expect(outputs.get('moved')).toEqual(Float32Array.of(-2, 0, 253));
    expect(outputs.get('half')).toEqual(Float32Array.of(0, 1, 127.5));
  });

  it('refuses inputs that are missing, unknown, or of another length than their shape', async () => {
    const [file, swap] = await swapper();
    await using session = await openSession(file, swap);
    const picture = { data: new Float32Array(3), shape: [1, 3, 1, 1] };
    const bias = new Float32Array(3);
    await expect(session.run({ picture })).rejects.toThrow('Model "swapper": nothing was given for its input "bias".');
    await expect(session.run({ picture, bias, extra: 1 })).rejects.toThrow('Model "swapper" has no input "extra".');
    await expect(session.run({ picture, bias: new Float32Array(4) })).rejects.toThrow(
      'Model "swapper": its input "bias" was given 4 numbers, but has the shape [1, 3].',
    );
    await expect(session.run({ picture: new Float32Array(3), bias })).rejects.toThrow(
      'Model "swapper": its input "picture" was given 3 numbers, but has the shape [1, 3, -1, -1].',
    );
  });

  it('refuses a file whose port has another type than the contract says', async () => {
    const [file, swap] = await swapper();
    const inputs = swap.inputs.map((port) => ({ ...port, type: 'float32' as const }));
    await expect(openSession(file, { ...swap, inputs })).rejects.toThrow(
      'Model "swapper": input "picture" should be float32, but the file has float16.',
    );
  });
});

describe('opening a network', () => {
  it('runs on the CPU and says so', async () => {
    await using session = await openSession(path, contract);
    expect(session.device).toBe('cpu');
    const outputs = await session.run({ input_1: new Float32Array(192 * 192 * 3) });
    expect([...outputs].map(([name, data]) => [name, data.length])).toEqual([
      ['output_mesh', 1404],
      ['output_faceflag', 1],
    ]);
  });

  it('refuses an input of another shape, with port, expected and found', async () => {
    const error = await openSession(path, withPicture({ shape: [1, 256, 256, 3] })).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({
      message:
        'Model "facemesh-468": input "input_1" should be [1, 256, 256, 3], but the file has [1, 192, 192, 3]. ' +
        'Correct the contract facemesh-468.json, or the file it names.',
      port: 'input_1',
      expected: [1, 256, 256, 3],
      received: [1, 192, 192, 3],
    });
  });

  it('refuses an output that is not there, naming those that are', async () => {
    const outputs = [{ name: 'mesh', shape: [1, 1404], type: 'float32' as const, meaning: 'points' }];
    await expect(openSession(path, { ...contract, outputs })).rejects.toThrow(
      'Model "facemesh-468": output "mesh" should be [1, 1404], but the file has no output of this name (it has: output_mesh, output_faceflag).',
    );
  });

  it('takes an answer whose size the contract leaves open, whatever the file states of it', async () => {
    const outputs = contract.outputs.map((port) => ({ ...port, shape: [1, -1] }));
    await using session = await openSession(path, { ...contract, outputs });
    const answers = await session.run({ input_1: new Float32Array(192 * 192 * 3) });
    expect([...answers.values()].map(({ length }) => length)).toEqual([1404, 1]);
  });

  it('refuses an input of another name', async () => {
    await expect(openSession(path, withPicture({ name: 'image' }))).rejects.toThrow(
      'Model "facemesh-468": input "image" should be [1, 192, 192, 3], but the file has no input of this name (it has: input_1).',
    );
  });

  it('refuses what is no network', async () => {
    const file = join(folder, 'not.onnx');
    await writeFile(file, 'not a network');
    await expect(openSession(file, contract)).rejects.toThrow(
      /^Model "facemesh-468": .*not\.onnx cannot be opened as an ONNX network: /,
    );
  });

  it('does not advise to remove a network of the user’s own that the runtime does not know', async () => {
    const graph = graphBuilder();
    graph.output('output', graph.node('OfTomorrow', [graph.input('input', [1])]), [1]);
    const source = { format: 'onnx', files: [{ source: 'file:own.onnx', sha256: '0'.repeat(64) }] };
    const [path, own] = await drawn('own', graph, source);
    await expect(openSession(path, own)).rejects.toThrow(
      /^Model "own": .*own\.onnx cannot be opened as an ONNX network: .*OfTomorrow.* onnxruntime \d+\.\d+\.\d+ does not run it: export it anew for that version, or name another model\.$/,
    );
  });

  it.each(['cuda:1', 'tensorrt', 'dml', 'coreml'] as const)(
    'says what is wrong with a device that was asked for and does not work, and what it needs (%s)',
    async (device) => {
      const opened = await openSession(path, contract, { device }).catch((cause: unknown) => cause);
      if (!(opened instanceof Error)) return (opened as AsyncDisposable)[Symbol.asyncDispose]();
      expect(opened).toBeInstanceOf(DeviceError);
      expect(opened.message).toMatch(
        new RegExp(
          `^The device "${device}" does not work here: .+\\. It needs .+; "reelmend doctor" says what is here\\. Use --device cpu, or install what it needs\\.$`,
        ),
      );
      // What it advises.
      await using session = await openSession(path, contract, { device: 'cpu' });
      expect(session.device).toBe('cpu');
    },
  );
});
