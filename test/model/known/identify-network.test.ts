import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Contract, type KnownNetwork, parseContract } from '../../../src/model/contract.ts';
import { openSession } from '../../../src/model/session.ts';
import { drawnNetwork, knownNetwork } from '../drawn-network.ts';
import { identified, NETWORKS } from './identified.ts';

const fan = await knownNetwork('2dfan4');
const arcface = await knownNetwork('arcface-w600k-r50');

/** A known network with its ports changed. */
const changed = (network: KnownNetwork, change: object) => ({ ...network, ...change }) as KnownNetwork;

describe('a file', () => {
  it.each(NETWORKS.map((network) => [network.id, network] as const))(
    'with the ports of %s and its name is it',
    (_, network) => {
      for (const name of network.known.names) {
        const identity = identified(drawnNetwork(network, { rename: (port) => `x.${port}` }), name.toUpperCase());
        expect(identity).toMatchObject({ kind: 'known', network: { id: network.id }, by: 'its ports and name' });
      }
    },
  );

  it('of any name is told by ports that no other known network has', () => {
    expect(identified(drawnNetwork(fan))).toMatchObject({ kind: 'known', network: { id: '2dfan4' }, by: 'its ports' });
  });

  it('is not told by ports that others have, but by its name, whatever a browser made of it', () => {
    expect(identified(drawnNetwork(arcface), 'x', [arcface, fan])).toEqual({ kind: 'several', networks: [arcface] });
    expect(identified(drawnNetwork(arcface), 'W600K-R50 (1)', [arcface, fan])).toMatchObject({
      network: { id: arcface.id },
    });
  });

  it('is the network that explains the most of its ports', () => {
    const [landmarks] = fan.outputs;
    const less = changed(fan, { id: 'less', outputs: [landmarks] });
    expect(identified(drawnNetwork(fan), 'x', [less, fan])).toMatchObject({ network: { id: '2dfan4' } });
    expect(identified(drawnNetwork(fan), '2dfan4', [less, fan])).toMatchObject({ network: { id: '2dfan4' } });
    expect(identified(drawnNetwork(less), 'x', [less, fan])).toMatchObject({ network: { id: 'less' } });
  });

  it('is told from another with the same ports by operators that it has or has not', () => {
    const gated = changed(fan, { id: 'gated', known: { ...fan.known, operators: ['Gate'] } });
    const plain = changed(fan, { id: 'plain', known: { ...fan.known, lacks: ['Gate'] } });
    expect(identified(drawnNetwork(gated), 'x', [gated, plain])).toMatchObject({ network: { id: 'gated' } });
    expect(identified(drawnNetwork(plain), 'x', [gated, plain])).toMatchObject({ network: { id: 'plain' } });
    expect(identified(drawnNetwork(plain), 'x', [gated])).toMatchObject({ differences: ['it has no operator Gate'] });
    expect(identified(drawnNetwork(gated), 'x', [plain])).toMatchObject({ differences: ['it has the operator Gate'] });
  });

  const picture = fan.inputs[0];
  const [points, maps] = fan.outputs;
  it.each([
    [
      'another size',
      { inputs: [{ ...picture, shape: [1, 3, 192, 192] }] },
      ['its input "input" should be float32 [1, 3, 256, 256], but is float32 [1, 3, 192, 192]'],
    ],
    [
      'another layout',
      { inputs: [{ ...picture, shape: [1, 256, 256, 3] }] },
      ['its input "input" should be float32 [1, 3, 256, 256], but is float32 [1, 256, 256, 3]'],
    ],
    [
      'whole numbers',
      { inputs: [{ ...picture, type: 'uint8' }] },
      ['its input "input" should be float32 [1, 3, 256, 256], but is uint8 [1, 3, 256, 256]'],
    ],
    [
      'an input more',
      { inputs: [picture, { ...picture, name: 'mask' }] },
      ['it has one more input, "mask", float32 [1, 3, 256, 256]'],
    ],
    ['an output less', { outputs: [points] }, ['it has no output for "heatmaps", float32 [1, 68, 64, 64]']],
    [
      'more points',
      { outputs: [{ ...points, shape: [1, 98, 3] }, maps] },
      ['its output "landmarks" should be float32 [1, 68, 3], but is float32 [1, 98, 3]'],
    ],
  ])('with %s is unknown, and what differs from the nearest is said', (_, change, differences) => {
    expect(identified(drawnNetwork(changed(fan, change)), 'x', [arcface, fan])).toEqual({
      kind: 'unknown',
      nearest: fan,
      differences,
    });
  });

  it('is nearest to the network of its name, whatever else is nearer', () => {
    const other = changed(arcface, { outputs: [] });
    expect(identified(drawnNetwork(other), '2dfan4', [arcface, fan])).toMatchObject({ nearest: { id: '2dfan4' } });
    expect(identified(drawnNetwork(other), 'x', [arcface, fan])).toMatchObject({ nearest: { id: arcface.id } });
  });
});

describe('ports', () => {
  const grids = changed(fan, {
    outputs: ['near', 'far', 'points'].map((name, k) => ({ ...fan.outputs[0], name, shape: [-1, k < 2 ? 1 : 4] })),
  });
  const boundOf = (network: KnownNetwork, bytes: Uint8Array) => {
    const identity = identified(bytes, network.known.names[0], [network]);
    if (identity.kind !== 'known') throw new Error(JSON.stringify(identity));
    return identity.bound;
  };

  it('alike in shape and type are bound in the file’s order, and take its sizes where they are open', () => {
    const outputs = ['448', '471', '494'];
    let k = 0;
    const bytes = drawnNetwork(changed(grids, { inputs: [] }), { rename: () => outputs[k++] as string, open: 800 });
    const bound = boundOf(changed(grids, { inputs: [] }), bytes);
    expect(bound.outputs.map(({ name, inFile, shape }) => [name, inFile, shape])).toEqual([
      ['near', '448', [800, 1]],
      ['far', '471', [800, 1]],
      ['points', '494', [800, 4]],
    ]);
  });

  it('are bound by name before order', () => {
    const turned = changed(grids, { outputs: [...grids.outputs].reverse() });
    expect(boundOf(grids, drawnNetwork(turned)).outputs).toEqual(grids.outputs);
  });

  it('are floats of any width, with a batch before them or without', () => {
    const half = changed(fan, {
      inputs: [{ ...picture(fan), type: 'float16', shape: [-1, 3, 256, 256] }],
      outputs: [{ ...fan.outputs[0], shape: [68, 3] }, fan.outputs[1]],
    });
    const bound = boundOf(fan, drawnNetwork(half));
    expect(bound.inputs[0]).toMatchObject({ type: 'float16', shape: [1, 3, 256, 256] });
    expect(bound.outputs[0]).toMatchObject({ shape: [68, 3] });
  });

  it('are of any number of pictures where file and answers have it open, and of one where answers are folded', async () => {
    const sizesIn = async (id: string, open: (shape: readonly number[], isPicture: boolean) => readonly number[]) => {
      const network = await knownNetwork(id);
      const file = changed(network, {
        inputs: network.inputs.map((port) => ({ ...port, shape: open(port.shape, true) })),
        outputs: network.outputs.map((port) => ({ ...port, shape: open(port.shape, false) })),
      });
      const { inputs, outputs } = boundOf(network, drawnNetwork(file));
      return [inputs[0]?.shape, outputs[0]?.shape];
    };
    const opened = ([, ...rest]: readonly number[]) => [-1, ...rest];
    const [picture, one] = [
      [3, 640, 640],
      [20, -1],
    ];
    expect(await sizesIn('yoloface-8n', opened)).toEqual([
      [-1, ...picture],
      [-1, ...one],
    ]);
    expect(await sizesIn('yoloface-8n', (shape, isPicture) => (isPicture ? opened(shape) : shape))).toEqual([
      [1, ...picture],
      [1, ...one],
    ]);
    expect(await sizesIn('scrfd-boxes', opened)).toEqual([
      [1, ...picture],
      [-1, 1],
    ]);
    expect(await sizesIn('arcface-w600k-r50', opened)).toEqual([
      [1, 3, 112, 112],
      [1, 512],
    ]);
  });

  it('called otherwise in the file are fed and read by the contract’s names', async () => {
    const bytes = drawnNetwork(fan, { rename: (port) => `x.${port}` });
    const { known, ...description } = fan;
    const contract: Contract = parseContract(
      JSON.stringify({
        ...description,
        ...boundOf(fan, bytes),
        format: 'onnx',
        files: [{ source: 'file:x.onnx', sha256: '0'.repeat(64) }],
      }),
      'x.json',
    );
    const folder = await mkdtemp(join(tmpdir(), 'reelmend-bound-'));
    try {
      await writeFile(join(folder, 'x.onnx'), bytes);
      await using session = await openSession(join(folder, 'x.onnx'), contract);
      const outputs = await session.run({ input: new Float32Array(3 * 256 * 256) });
      expect([...outputs].map(([name, { length }]) => [name, length])).toEqual([
        ['landmarks', 204],
        ['heatmaps', 68 * 64 * 64],
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function picture({ inputs }: KnownNetwork) {
  return inputs[0] as KnownNetwork['inputs'][number];
}
