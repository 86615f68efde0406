import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectTask, parseContract } from '../../src/model/contract.ts';
import { contractsFolder } from '../../src/model/contracts-folder.ts';
import type { DetectionDecoder } from '../../src/model/decoder.ts';
import { DECODERS } from '../../src/model/decoders.ts';

const text = await readFile(join(contractsFolder(), 'facemesh-468.json'), 'utf8');

describe('a model contract', () => {
  it('is refused when it is not JSON', () => {
    expect(() => parseContract('{', 'x.json')).toThrow(/^The model contract x\.json is not JSON: /);
  });

  it('is refused with every field that is wrong', () => {
    const wrong = { ...JSON.parse(text), format: 'pickle', threshold: 'high', extra: 1 };
    const refuse = () => parseContract(JSON.stringify(wrong), 'x.json');
    expect(refuse).toThrow(/^The model contract x\.json is not valid:\n/);
    expect(refuse).toThrow(/at format/);
    expect(refuse).toThrow(/at threshold/);
    expect(refuse).toThrow(/"extra"/);
  });

  it.each(['npm:left-pad#index.js', 'npm:left-pad@latest#index.js', 'http://example.org/a.onnx', 'a.onnx'])(
    'does not take %s for a source: it is not pinned, not safe or of no known kind',
    (source) => {
      const contract = JSON.parse(text);
      contract.files[0].source = source;
      expect(() => parseContract(JSON.stringify(contract), 'x.json')).toThrow(
        'npm:<package>@<version>#<path>, https://… or file:… was expected',
      );
    },
  );

  it('is refused when its decoder reads an output that it does not have', () => {
    const contract = JSON.parse(text);
    contract.decoder.points = 'mesh';
    expect(() => parseContract(JSON.stringify(contract), 'x.json')).toThrow(
      'Model "facemesh-468": its decoder reads "mesh", which is not among its outputs. Correct the contract x.json.',
    );
  });

  it('is not used for another task than its own', () => {
    expect(() => expectTask(parseContract(text, 'facemesh-468.json'), 'detect')).toThrow(
      'Model "facemesh-468" was asked to detect, but its contract says that it can landmark. Name another model.',
    );
  });

  it('of before networks could have several inputs is refused with what to write now', () => {
    const { inputs, ...rest } = JSON.parse(text);
    const { kind: _, ...input } = inputs[0];
    expect(() => parseContract(JSON.stringify({ ...rest, input }), 'x.json')).toThrow(
      'The model contract x.json has "input", which is now "inputs": a list. Write "inputs": [{ "kind": "picture", … }], with what stood in "input" after the kind.',
    );
  });

  it.each<[string, (contract: ReturnType<typeof swapper>) => void, string]>([
    [
      'feeds an input that it does not have',
      (contract) => Object.assign(contract.decoder, { target: 'face' }),
      'Model "swapper": its decoder feeds "face", which is not among its inputs. Correct the contract x.json.',
    ],
    [
      'feeds a picture with a vector',
      (contract) => Object.assign(contract.decoder.source, { input: 'target' }),
      'Model "swapper": input "target" should be a vector, but is a picture. Correct the contract x.json.',
    ],
    [
      'has an input that nothing feeds',
      (contract) => contract.inputs.push({ kind: 'scalar', name: 'weight', meaning: 'how much' }),
      'Model "swapper": nothing feeds its input "weight": it should be a scalar with a "value". Correct the contract x.json.',
    ],
    [
      'shows a picture in a shape that is none',
      (contract) => Object.assign(contract.inputs[0] ?? {}, { shape: [1, 128, 128, 3] }),
      'a picture’s shape was expected: [1, height, width, 3] for NHWC, [1, 3, height, width] for NCHW, with −1 in place of 1 where it takes any number at once',
    ],
    [
      'takes several pictures, which only detectors are shown',
      (contract) => Object.assign(contract.inputs[0] ?? {}, { shape: [-1, 3, 128, 128] }),
      'Model "swapper": its picture "target" is said to be any number at once (−1), but only detectors are shown several: state 1 as the first size of its shape. Correct the contract x.json.',
    ],
  ])('that %s is refused', (_, spoil, sentence) => {
    const contract = swapper();
    spoil(contract);
    expect(() => parseContract(JSON.stringify(contract), 'x.json')).toThrow(sentence);
  });

  it('of a network of one picture is refused with two', () => {
    const contract = JSON.parse(text);
    contract.inputs.push({ ...contract.inputs[0], name: 'other' });
    expect(() => parseContract(JSON.stringify(contract), 'x.json')).toThrow(
      'Model "facemesh-468": its inputs should have one picture among them, but have 2. Correct the contract x.json.',
    );
  });
});

/** What every contract states beside its ports. */
const COMMON = {
  title: 'A network that somebody owns',
  format: 'onnx',
  files: [{ source: 'file:own.onnx', sha256: '0'.repeat(64) }],
  licence: { stated: 'unknown', statedIn: 'nowhere', notStated: 'everything' },
  provenance: 'FaceFusion 3',
  threshold: 0.5,
  cost: 100,
};

const pictureIn = (name: string, side: number, more: object = {}) => ({
  kind: 'picture',
  name,
  shape: [1, 3, side, side],
  layout: 'NCHW',
  channels: 'RGB',
  range: [0, 1],
  ...more,
});
const pictureOut = (name: string, side: number, more: object = {}) => ({
  name,
  shape: [1, 3, side, side],
  meaning: 'the face',
  ...more,
});
const vectorIn = (name: string, length: number, more: object = {}) => ({
  kind: 'vector',
  name,
  shape: [1, length],
  meaning: 'the face that is put in',
  ...more,
});
const HALF = { type: 'float16' };
const SIGNED = { range: [-1, 1] };
const MEAN_AND_DEVIATION = [
  [-2.1179, 2.2489],
  [-2.0357, 2.4286],
  [-1.8044, 2.64],
];
/** Those of CelebAMask-HQ, as BiSeNet counts them. */
const CLASSES = [
  ...['background', 'skin', 'brow', 'brow', 'eye', 'eye', 'glasses', 'ear', 'ear', 'earring', 'nose', 'mouth', 'lip'],
  ...['lip', 'neck', 'necklace', 'cloth', 'hair', 'hat'],
];

function swapper() {
  const source = { from: 'embedding', input: 'source', recogniser: 'arcface-w600k-r50', length: 'one' };
  return {
    ...COMMON,
    id: 'swapper',
    task: 'swap',
    template: { name: 'arcface_128' },
    inputs: [pictureIn('target', 128), vectorIn('source', 512)] as object[],
    outputs: [pictureOut('output', 128)],
    decoder: { kind: 'swap', target: 'target', source, output: 'output', range: [0, 1] },
  };
}

/** Contracts of files that FaceFusion's users own, as its code reads them; shapes are to be checked against the files. */
const OWNED: readonly object[] = [
  {
    ...swapper(),
    id: 'inswapper-128',
    decoder: {
      ...swapper().decoder,
      source: { ...swapper().decoder.source, length: 'raw', through: { kind: 'last-initializer' } },
    },
  },
  {
    ...swapper(),
    id: 'hyperswap-1a-256',
    inputs: [pictureIn('target', 256, { ...HALF, ...SIGNED }), vectorIn('source', 512, HALF)],
    outputs: [pictureOut('output', 256, HALF), { name: 'mask', shape: [1, 1, 256, 256], ...HALF, meaning: 'unused' }],
    decoder: { ...swapper().decoder, ...SIGNED },
  },
  {
    ...swapper(),
    id: 'simswap-256',
    template: { name: 'arcface_112_v1' },
    inputs: [pictureIn('target', 256, { range: MEAN_AND_DEVIATION }), vectorIn('source', 512)],
    outputs: [pictureOut('output', 256)],
    decoder: {
      ...swapper().decoder,
      source: { ...swapper().decoder.source, through: { kind: 'model', id: 'crossface-simswap' } },
    },
  },
  {
    ...swapper(),
    id: 'blendswap-256',
    template: { name: 'ffhq' },
    inputs: [pictureIn('target', 256), pictureIn('source', 112, { template: { name: 'arcface_112_v2' } })],
    outputs: [pictureOut('output', 256)],
    decoder: { ...swapper().decoder, source: { from: 'picture', input: 'source' } },
  },
  {
    ...COMMON,
    id: 'gfpgan-1.4',
    task: 'restore',
    template: { name: 'ffhq' },
    inputs: [pictureIn('input', 512, SIGNED)],
    outputs: [pictureOut('output', 512)],
    decoder: { kind: 'picture', output: 'output', ...SIGNED },
  },
  {
    ...COMMON,
    id: 'codeformer',
    task: 'restore',
    template: { name: 'ffhq' },
    inputs: [
      pictureIn('input', 512, SIGNED),
      { kind: 'scalar', name: 'weight', type: 'float64', meaning: '0 = freer, 1 = nearer to the picture', value: 0.5 },
    ],
    outputs: [pictureOut('output', 512)],
    decoder: { kind: 'picture', output: 'output', ...SIGNED },
  },
  {
    ...COMMON,
    id: 'xseg-1',
    task: 'mask',
    template: { name: 'ffhq' },
    inputs: [pictureIn('input', 256, { shape: [1, 256, 256, 3], layout: 'NHWC', channels: 'BGR' })],
    outputs: [{ name: 'output', shape: [1, 256, 256, 1], meaning: '1 where the face is seen' }],
    decoder: { kind: 'mask', output: 'output', range: [0, 1] },
  },
  {
    ...COMMON,
    id: 'bisenet-resnet-34',
    task: 'mask',
    template: { name: 'ffhq' },
    inputs: [pictureIn('input', 512, { range: MEAN_AND_DEVIATION })],
    outputs: [{ name: 'output', shape: [1, 19, 512, 512], meaning: 'a score a class' }],
    decoder: { kind: 'class-mask', output: 'output', classes: CLASSES, face: ['skin', 'eye', 'nose', 'mouth', 'lip'] },
  },
];

/** A detector's contract on an input of `side`, of ports and a decoder. */
const detector = (side: number, outputs: readonly [name: string, ...shape: number[]][], decoder: object) => ({
  ...COMMON,
  id: 'detector',
  task: 'detect',
  template: { name: 'letterbox' },
  inputs: [pictureIn('input', side)],
  outputs: outputs.map(([name, ...shape]) => ({ name, shape, meaning: 'an anchor a row' })),
  decoder: { suppression: 0.4, ...decoder },
});
/** Of any number of pictures. */
const several = (contract: ReturnType<typeof detector>) => ({
  ...contract,
  inputs: contract.inputs.map((port) => ({ ...port, shape: [-1, ...port.shape.slice(1)] })),
});
const scrfdLayer = { stride: 16, anchors: 2, scores: 's', boxes: 'b', points: 'p' };
const yunetLayer = { stride: 16, faces: 'f', things: 't', boxes: 'b', points: 'p' };

describe('the contract of a detector', () => {
  it.each<[string, object]>([
    [
      'of grids without points, for a side of 96',
      detector(
        96,
        [
          ['s', 1, 72, 1],
          ['b', 1, 72, 4],
        ],
        { kind: 'scrfd', layers: [{ stride: 16, anchors: 2, scores: 's', boxes: 'b' }] },
      ),
    ],
    [
      'whose rows are open',
      detector(
        320,
        [
          ['s', -1, 1],
          ['b', -1, 4],
          ['p', -1, 10],
        ],
        { kind: 'scrfd', layers: [scrfdLayer] },
      ),
    ],
    [
      'of boxes alone, a row an anchor',
      detector(64, [['o', 1, 84, 5]], { kind: 'yolo-face', output: 'o', order: 'rows', pointNumbers: 0 }),
    ],
    [
      'of probabilities in two',
      detector(
        64,
        [
          ['f', 1, 16, 1],
          ['t', 1, 16, 1],
          ['b', 1, 16, 4],
          ['p', 1, 16, 10],
        ],
        { kind: 'yunet', layers: [yunetLayer] },
      ),
    ],
    [
      'of any number of pictures at once',
      several(
        detector(
          96,
          [
            ['s', -1, 72, 1],
            ['b', -1, 72, 4],
          ],
          { kind: 'scrfd', layers: [{ stride: 16, anchors: 2, scores: 's', boxes: 'b' }] },
        ),
      ),
    ],
  ])('%s can be written', (_, contract) => {
    expect(parseContract(JSON.stringify(contract), 'x.json').task).toBe('detect');
  });

  it.each<[string, object, string]>([
    [
      'has fewer rows than its grid has anchors',
      detector(
        640,
        [
          ['s', 3200, 1],
          ['b', 3200, 4],
          ['p', 1600, 10],
        ],
        { kind: 'scrfd', layers: [scrfdLayer] },
      ),
      'output "p" has the shape [1600, 10], which is not 10 for each of 3200 anchors (stride 16, 2 a cell, input 640 × 640)',
    ],
    [
      'folds the pictures into its rows',
      several(
        detector(
          640,
          [
            ['s', -1, 1],
            ['b', -1, 4],
            ['p', -1, 10],
          ],
          { kind: 'scrfd', layers: [scrfdLayer] },
        ),
      ),
      'its picture "input" is any number at once (−1), but its output "s" has the shape [-1, 1], not −1 and what belongs to each picture, such as [-1, rows, numbers]: their answers cannot be told apart, so state 1 as the first size of its shape',
    ],
    [
      'answers several pictures as one',
      several(detector(64, [['o', 1, 84, 5]], { kind: 'yolo-face', output: 'o', order: 'rows', pointNumbers: 0 })),
      'its picture "input" is any number at once (−1), but its output "o" has the shape [1, 84, 5], not −1 and what belongs to each picture, such as [-1, rows, numbers]: their answers cannot be told apart, so state 1 as the first size of its shape',
    ],
    [
      'has other rows of each picture than its grid',
      several(
        detector(
          640,
          [
            ['s', -1, 3200, 1],
            ['b', -1, 3200, 4],
            ['p', -1, 1600, 10],
          ],
          { kind: 'scrfd', layers: [scrfdLayer] },
        ),
      ),
      'output "p" has the shape [-1, 1600, 10], which is not 10 for each of 3200 anchors (stride 16, 2 a cell, input 640 × 640)',
    ],
    [
      'is not as wide as a number of its cells',
      detector(
        100,
        [
          ['s', 72, 1],
          ['b', 72, 4],
          ['p', 72, 10],
        ],
        { kind: 'scrfd', layers: [scrfdLayer] },
      ),
      'its input is 100 pixels wide, which is no multiple of the stride 16',
    ],
    [
      'has its rows and its numbers the other way round',
      detector(640, [['o', 1, 8400, 20]], { kind: 'yolo-face', output: 'o' }),
      'output "o" has the shape [1, 8400, 20], which in the order "planes" should be [1, 20, 8400]',
    ],
    [
      'has boxes of another grid',
      detector(
        64,
        [
          ['f', 1, 16, 1],
          ['t', 1, 16, 1],
          ['b', 1, 64, 4],
          ['p', 1, 16, 10],
        ],
        { kind: 'yunet', layers: [yunetLayer] },
      ),
      'output "b" has the shape [1, 64, 4], which is not 4 for each of 16 anchors (stride 16, 1 a cell, input 64 × 64)',
    ],
  ])('that %s is refused', (_, contract, fault) => {
    expect(() => parseContract(JSON.stringify(contract), 'x.json')).toThrow(
      `Model "detector": ${fault}. Correct the contract x.json.`,
    );
  });
});

describe('the contract of a network that somebody owns', () => {
  it.each(OWNED.map((contract) => [(contract as { id: string }).id, contract] as const))(
    '%s can be written',
    (id, contract) => {
      expect(parseContract(JSON.stringify(contract), `${id}.json`).id).toBe(id);
    },
  );

  it('may name a decoder that is one file more', () => {
    const schema = z.strictObject({
      kind: z.literal('strides'),
      scores: z.array(z.string()),
      boxes: z.array(z.string()),
    });
    const strides: DetectionDecoder<typeof schema, z.output<typeof schema>> = {
      kind: 'strides',
      task: 'detect',
      schema,
      outputs: ({ scores, boxes }) => [...scores, ...boxes],
      decode: () => [],
    };
    const port = (name: string, ...shape: number[]) => ({ name, shape, meaning: 'an anchor a row' });
    const scrfd = {
      ...COMMON,
      id: 'scrfd-2.5g',
      task: 'detect',
      template: { name: 'letterbox' },
      inputs: [pictureIn('input', 640, { channels: 'BGR', range: [-0.99609375, 0.99609375] })],
      outputs: [port('448', 12800, 1), port('471', 3200, 1), port('451', 12800, 4), port('474', 3200, 4)],
      decoder: { kind: 'strides', scores: ['448', '471'], boxes: ['451', '474'] },
    };
    const written = JSON.stringify(scrfd);
    expect(parseContract(written, 'x.json', [...DECODERS, strides]).decoder).toEqual(scrfd.decoder);
    expect(() => parseContract(written, 'x.json')).toThrow(/at decoder\.kind/);
    expect(() => parseContract(written.replace('"474"]}', '"500"]}'), 'x.json', [...DECODERS, strides])).toThrow(
      'Model "scrfd-2.5g": its decoder reads "500", which is not among its outputs.',
    );
  });
});
