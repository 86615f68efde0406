import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphBuilder } from '../../src/convert/graph-builder.ts';
import { ELEMENT_TYPES, encodeOnnx } from '../../src/convert/onnx-graph.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { parseContract } from '../../src/model/contract.ts';
import { openDetector } from '../../src/model/detector.ts';
import { openLibrary } from '../../src/model/library.ts';
import { showEach } from '../../src/model/picture-batches.ts';
import { openSession } from '../../src/model/session.ts';
import { normal, uniform } from '../bench/seeded-noise.ts';
import { writeNetwork } from './write-network.ts';

const SIDE = 32;
/** Anchors of a side of 32: 16, 4 and 1 cells. */
const ROWS = 21;
/** Numbers a row: a box and its score. */
const EACH = 5;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-batches-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How a drawn detector is made: `first` size of its ports in file and contract, and whether its file fixes it inside nevertheless. */
interface Drawing {
  readonly first: 1 | -1;
  readonly isFixedInside?: boolean;
}

/**
 * Writes a detector that finds one face, as wide and as sure as the mean of a convolution of its picture says, and that says in a second
 * output how many pictures were run at once.
 *
 * @returns the paths of its file and of its contract
 */
async function drawn(
  name: string,
  { first, isFixedInside = false }: Drawing,
): Promise<[file: string, contract: string]> {
  const graph = graphBuilder();
  const picture = graph.input('input', [first, 3, SIDE, SIDE]);
  const random = normal(5);
  const kernel = graph.floats([4, 3, 3, 3], Float32Array.from({ length: 108 }, random));
  const features = graph.node('Conv', [picture, kernel], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  const mean = graph.node('ReduceMean', [graph.node('Relu', [features])], { axes: [1, 2, 3], keepdims: 0 });
  const ofEach = graph.node('Reshape', [mean, graph.integers([isFixedInside ? 1 : -1, 1, 1])]);
  const [still, moving] = [new Float32Array(ROWS * EACH), new Float32Array(ROWS * EACH)];
  still.set([16, 16, 4, 4, 0.5], 7 * EACH);
  moving.set([0.5, 0.25, 2, 2, 0.1], 7 * EACH);
  const answer = graph.node('Add', [
    graph.node('Mul', [ofEach, graph.floats([1, ROWS, EACH], moving)]),
    graph.floats([1, ROWS, EACH], still),
  ]);
  graph.output('faces', answer, [first, ROWS, EACH]);
  const sizes = graph.node('Cast', [graph.node('Shape', [picture])], { to: ELEMENT_TYPES.float32 });
  const number = graph.node('Gather', [sizes, graph.integers([0])]);
  const nothing = graph.node('Mul', [ofEach, graph.floats([], new Float32Array(1))]);
  graph.output('together', graph.node('Add', [nothing, number]), [first, 1, 1]);
  const contract = await writeNetwork(folder, name, encodeOnnx(graph.finish(name)), {
    task: 'detect',
    template: { name: 'letterbox' },
    inputs: [
      {
        kind: 'picture',
        name: 'input',
        shape: [first, 3, SIDE, SIDE],
        layout: 'NCHW',
        channels: 'RGB',
        range: [0, 1],
      },
    ],
    outputs: [
      { name: 'faces', shape: [first, ROWS, EACH], meaning: 'a box and its score a row' },
      { name: 'together', shape: [first, 1, 1], meaning: 'pictures of the run' },
    ],
    decoder: { kind: 'yolo-face', output: 'faces', order: 'rows', pointNumbers: 0, suppression: 0.4 },
    threshold: 0.5,
  });
  return [join(folder, `${name}.onnx`), contract];
}

async function opened(name: string, drawing: Drawing) {
  const [file, path] = await drawn(name, drawing);
  const contract = await openLibrary().contract(path);
  return { contract, session: await openSession(file, contract) };
}

/** Pictures of noise, each brighter than the one before. */
function pictures(count: number): Float32Array[] {
  const next = uniform(3);
  return Array.from({ length: count }, (_, k) =>
    Float32Array.from({ length: 3 * SIDE * SIDE }, () => next() * ((k + 1) / count)),
  );
}

/** For each picture its number, how many its run was of, and what was answered of it. */
async function shownTo({ contract, session }: Awaited<ReturnType<typeof opened>>, shown: readonly Float32Array[]) {
  const seen: { picture: number; together: number | undefined; faces: readonly number[] }[] = [];
  for await (const [picture, outputs] of showEach(contract, session, 8)(shown, (one) => one)) {
    const faces = Array.from(outputs.get('faces') as Float32Array);
    seen.push({ picture: shown.indexOf(picture), together: outputs.get('together')?.[0], faces });
  }
  return seen;
}

const facesOf = (seen: Awaited<ReturnType<typeof shownTo>>) => seen.flatMap(({ faces }) => faces);

describe('many pictures of one network', () => {
  it('are run eight at once where the first size is open, and answered in order as one by one', async () => {
    const shown = pictures(19);
    const [several, one] = [await opened('several', { first: -1 }), await opened('one', { first: 1 })];
    await using _several = several.session;
    await using _one = one.session;
    const together = await shownTo(several, shown);
    const singly = await shownTo(one, shown);
    expect(together.map(({ picture }) => picture)).toEqual(shown.map((_, k) => k));
    expect(together.map((seen) => seen.together)).toEqual([...Array(16).fill(8), 3, 3, 3]);
    expect(singly.map((seen) => seen.together)).toEqual(Array(19).fill(1));
    const expected = facesOf(singly);
    expect(new Set(singly.map(({ faces }) => faces.join())).size).toBe(19);
    expect(facesOf(together)).toEqual(expected);
  });

  it('are run one by one where a file states the size open and has it fixed inside', async () => {
    const shown = pictures(3);
    const fixed = await opened('fixed-inside', { first: -1, isFixedInside: true });
    const one = await opened('one-beside', { first: 1 });
    await using _fixed = fixed.session;
    await using _one = one.session;
    expect(await shownTo(fixed, shown)).toEqual(await shownTo(one, shown));
    await expect(
      fixed.session.runTogether({ input: { data: new Float32Array(6 * SIDE * SIDE), shape: [2, 3, SIDE, SIDE] } }, 2),
    ).rejects.toThrow();
  });

  it('are refused where an answer has not a block for each', async () => {
    const { session } = await opened('asked-for-more', { first: -1 });
    await using _session = session;
    const two = { data: new Float32Array(6 * SIDE * SIDE), shape: [2, 3, SIDE, SIDE] };
    await expect(session.runTogether({ input: two }, 3)).rejects.toThrow(
      'The output "faces" of 3 pictures has the shape [2, 21, 5]; 3 was expected as its first size.',
    );
  });

  it('are refused by a file that takes one, whatever its contract says', async () => {
    const [file, path] = await drawn('takes-one', { first: 1 });
    const contract = await openLibrary().contract(path);
    const several = JSON.parse(JSON.stringify(contract).replaceAll('[1,', '[-1,'));
    await expect(openSession(file, parseContract(JSON.stringify(several), 'takes-one.json'))).rejects.toThrow(
      'Model "takes-one": input "input" should be [-1, 3, 32, 32], but the file has [1, 3, 32, 32]. Correct the contract takes-one.json, or the file it names.',
    );
  });
});

describe('a detector whose picture is any number at once', () => {
  it('finds the faces that one of a single picture finds, in as many runs', async () => {
    const [width, height] = [160, 96];
    const next = uniform(9);
    const rgb = Uint8Array.from(
      { length: 3 * width * height },
      (_, k) => next() * (40 + (215 * (k % (3 * width))) / (3 * width)),
    );
    const picture: RgbPicture = { width, height, rgb };
    const library = openLibrary();
    await using several = await openDetector(library, (await drawn('tiles', { first: -1 }))[1]);
    await using one = await openDetector(library, (await drawn('tile', { first: 1 }))[1]);
    const asked = { threshold: 0.5, smallestFace: 30 };
    const [together, singly] = [await several.detect(picture, asked), await one.detect(picture, asked)];
    expect(together.runs).toBe(singly.runs);
    expect(singly.runs).toBeGreaterThan(8);
    expect(singly.detections.length).toBeGreaterThan(3);
    expect(together.detections).toEqual(singly.detections);
  });
});
