import { describe, expect, it } from 'vitest';
import { LEFT_BROW, LEFT_EYE, LIPS_INNER, LIPS_OUTER, RIGHT_BROW, RIGHT_EYE } from '../../../src/face/regions.ts';
import { type KnownNetwork, parseContract } from '../../../src/model/contract.ts';
import type { InputPort, OutputPort } from '../../../src/model/port.ts';
import { isHeavy } from '../../../src/model/refiner.ts';
import { drawnNetwork, knownNetwork } from '../drawn-network.ts';
import { identified } from './identified.ts';

type Ports = Pick<KnownNetwork, 'inputs' | 'outputs'>;

/** What a file of these ports is taken for. */
const identifiedAs = (ports: Ports, name: string) =>
  identified(
    drawnNetwork({ ...ports, known: { names: ['x'], named: false, operators: [], lacks: [], verified: '' } }),
    name,
  );

const picture = (name: string, ...shape: number[]): InputPort => ({
  kind: 'picture',
  name,
  shape,
  type: 'float32',
  layout: 'NCHW',
  channels: 'RGB',
  range: [0, 1],
});
const answer = (name: string, ...shape: number[]): OutputPort => ({ name, shape, type: 'float32', meaning: 'drawn' });
/** Three outputs a kind, as grids of 640 pixels have them, under numbers in place of names. */
const grids = (anchors: number, numbers: readonly number[], batch: readonly number[] = []): OutputPort[] =>
  numbers.flatMap((each, kind) =>
    [8, 16, 32].map((stride, k) => answer(`${448 + 3 * kind + k}`, ...batch, anchors * (640 / stride) ** 2, each)),
  );

/** A contract of what was identified, as importing writes it. */
const contractOf = (identity: ReturnType<typeof identified>) => {
  if (identity.kind !== 'known') throw new Error(`it is ${JSON.stringify(identity, null, 1)}`);
  const { known: _, ...description } = identity.network;
  const files = [{ source: 'file:own.onnx', sha256: '0'.repeat(64) }];
  return parseContract(JSON.stringify({ ...description, ...identity.bound, format: 'onnx', files }), 'own.json');
};

const OPEN = picture('input.1', 1, 3, -1, -1);

describe('a detector’s file', () => {
  it.each<[string, string, Ports, string, number]>([
    [
      'InsightFace’s det_10g, of an open side',
      'det_10g',
      { inputs: [OPEN], outputs: grids(2, [1, 4, 10]) },
      'retinaface-10g',
      640,
    ],
    [
      'FaceFusion’s retinaface_10g',
      'retinaface_10g',
      { inputs: [picture('input', 1, 3, 640, 640)], outputs: grids(2, [1, 4, 10]) },
      'retinaface-10g',
      640,
    ],
    [
      'a batch of SCRFD with every size open',
      'scrfd_500m_bnkps',
      {
        inputs: [picture('input.1', -1, 3, -1, -1)],
        outputs: [1, 4, 10].flatMap((each) => [8, 16, 32].map((stride) => answer(`o${each}_${stride}`, -1, -1, each))),
      },
      'scrfd-500m',
      640,
    ],
    [
      'a SCRFD of another name and a side of 320',
      'mine',
      {
        inputs: [picture('data', 1, 3, 320, 320)],
        outputs: grids(2, [1, 4, 10], [1]).map((port) => ({
          ...port,
          shape: [1, (port.shape[1] as number) / 4, port.shape[2] as number],
        })),
      },
      'scrfd',
      320,
    ],
    [
      'a SCRFD with other points than five',
      'det_10g',
      { inputs: [OPEN], outputs: grids(2, [1, 4, 12]) },
      'scrfd-boxes',
      640,
    ],
    ['a SCRFD without points', 'scrfd_10g', { inputs: [OPEN], outputs: grids(2, [1, 4]) }, 'scrfd-boxes', 640],
    [
      'YOLOv8’s face head',
      'yoloface_8n',
      { inputs: [picture('images', 1, 3, 640, 640)], outputs: [answer('output0', 1, 20, 8400)] },
      'yoloface-8n',
      640,
    ],
    [
      'YOLOv8’s face head with an anchor a row',
      'mine',
      { inputs: [picture('images', 1, 3, 640, 640)], outputs: [answer('output0', 1, 8400, 20)] },
      'yoloface-8n-rows',
      640,
    ],
    [
      'YuNet',
      'face_detection_yunet_2023mar',
      { inputs: [picture('input', 1, 3, 640, 640)], outputs: grids(1, [1, 1, 4, 10], [1]) },
      'yunet-2023mar',
      640,
    ],
  ])('that is %s is told, and bound to a contract that holds', (_, name, ports, id, side) => {
    const contract = contractOf(identifiedAs(ports, name));
    expect(contract.id).toBe(id);
    const isBatch = contract.outputs.every(({ shape }) => shape.length === 3 && shape[0] === -1);
    expect(contract.inputs[0]?.shape).toEqual([isBatch ? -1 : 1, 3, side, side]);
    const bound = contract.outputs.map(({ inFile }) => inFile);
    expect(bound).toEqual(ports.outputs.slice(0, bound.length).map((port) => port.name));
  });

  it.each<[string, string, Ports, string, string]>([
    [
      'boxes of five numbers',
      'det_10g',
      { inputs: [OPEN], outputs: grids(2, [1, 5, 10]) },
      'retinaface-10g',
      'its output "451" should be float32 [?, 4], but is float32 [12800, 5]',
    ],
    [
      'six classes',
      'yoloface_8n',
      { inputs: [picture('images', 1, 3, 640, 640)], outputs: [answer('output0', 1, 25, 8400)] },
      'yoloface-8n',
      'its output "output0" should be float32 [1, 20, ?], but is float32 [1, 25, 8400]',
    ],
    [
      'bytes for a picture',
      'yunet_2023_mar',
      { inputs: [{ ...picture('input', 1, 3, 640, 640), type: 'uint8' }], outputs: grids(1, [1, 1, 4, 10], [1]) },
      'yunet-2023mar',
      'its input "input" should be float32 [1, 3, ?, ?], but is uint8 [1, 3, 640, 640]',
    ],
  ])('with %s is told from %s, and what differs is said', (_, name, ports, id, difference) => {
    const identity = identifiedAs(ports, name);
    expect(identity.kind === 'unknown' && [identity.nearest.id, identity.differences[0]]).toEqual([id, difference]);
  });

  it('whose rows do not fit its side makes no contract', () => {
    const ports = { inputs: [picture('input', 1, 3, 320, 320)], outputs: grids(2, [1, 4, 10]) };
    expect(() => contractOf(identifiedAs(ports, 'det_10g'))).toThrow(
      'Model "retinaface-10g": output "score_8" has the shape [12800, 1], which is not 1 for each of 3200 anchors (stride 8, 2 a cell, input 320 × 320). Correct the contract own.json.',
    );
  });
});

describe('a landmarker’s file', () => {
  const crop = (side: number) => [picture('data', -1, 3, side, side)];
  it.each<[string, Ports]>([
    ['2d106det', { inputs: crop(192), outputs: [answer('fc1', 1, 212)] }],
    ['peppa_wutz', { inputs: crop(256), outputs: [answer('output', 1, 68, 3)] }],
    ['2dfan4', { inputs: crop(256), outputs: [answer('landmarks', 1, 68, 3), answer('heatmaps', 1, 68, 64, 64)] }],
  ])('of %s is told by its ports alone', (name, ports) => {
    expect(contractOf(identifiedAs(ports, 'mine')).id).toBe(name.replace('_', '-'));
  });

  it.each<[string, Ports, string]>([
    [
      '2d106det',
      { inputs: crop(192), outputs: [answer('fc1', 1, 3309)] },
      'its output "fc1" should be float32 [1, 212], but is float32 [1, 3309]',
    ],
    [
      'peppa_wutz',
      { inputs: crop(256), outputs: [answer('output', 1, 98, 3)] },
      'its output "output" should be float32 [1, 68, 3], but is float32 [1, 98, 3]',
    ],
  ])('of %s with other points is not', (name, ports, difference) => {
    const identity = identifiedAs(ports, name);
    expect(identity.kind === 'unknown' && identity.differences).toEqual([difference]);
  });

  it('that guesses 68 points from five is known, and refused as a landmarker', async () => {
    const { inputs, outputs } = await knownNetwork('fan-68-5');
    const contract = contractOf(identifiedAs({ inputs, outputs }, 'fan_68_5'));
    expect(() => isHeavy(contract as Parameters<typeof isHeavy>[0])).toThrow(
      'Model "fan-68-5" guesses its points from five others and looks at no picture: it can neither place landmarks nor correct them. Name another landmarker.',
    );
  });
});

describe('the 106 points of InsightFace', () => {
  it('are landmarks of their own, in the regions of the face that they outline', async () => {
    const { decoder } = await knownNetwork('2d106det');
    if (decoder.kind !== 'face-points') throw new Error('its decoder is another');
    const { mesh } = decoder;
    expect(mesh).toHaveLength(106);
    const landmarks = mesh.filter((index) => index !== null);
    expect(new Set(landmarks).size).toBe(landmarks.length);
    const isIn = (region: readonly number[], from: number, to: number) =>
      mesh.slice(from, to + 1).every((index) => index === null || region.includes(index));
    expect(mesh.slice(1, 33).every((index) => index === null)).toBe(true);
    expect(isIn(LEFT_EYE, 33, 42) && isIn(LEFT_BROW, 43, 51)).toBe(true);
    expect(isIn([...LIPS_OUTER, ...LIPS_INNER], 52, 71)).toBe(true);
    expect(isIn(RIGHT_EYE, 87, 96) && isIn(RIGHT_BROW, 97, 105)).toBe(true);
  });
});

describe('a recogniser’s file', () => {
  const face = [picture('input.1', -1, 3, 112, 112)];
  it.each([
    ['w600k_r50', 512, 'arcface-w600k-r50'],
    ['arcface_w600k_r50', 512, 'arcface-w600k-r50'],
    ['w600k_mbf', 512, 'arcface-w600k-mbf'],
    ['mine', 512, 'arcface'],
    ['mine', 256, 'arcface'],
  ])('called %s, of %i numbers, is %s', (name, numbers, id) => {
    const contract = contractOf(identifiedAs({ inputs: face, outputs: [answer('683', 1, numbers)] }, name));
    expect([contract.id, contract.outputs[0]?.shape]).toEqual([id, [1, numbers]]);
  });

  it('of another side is unknown', () => {
    const ports = { inputs: [picture('input.1', 1, 3, 160, 160)], outputs: [answer('683', 1, 512)] };
    const identity = identifiedAs(ports, 'w600k_r50');
    expect(identity.kind === 'unknown' && identity.differences).toEqual([
      'its input "input.1" should be float32 [1, 3, 112, 112], but is float32 [1, 3, 160, 160]',
    ]);
  });
});
