import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GraphBuilder, graphBuilder } from '../../../src/convert/graph-builder.ts';
import { ELEMENT_TYPES, encodeOnnx } from '../../../src/convert/onnx-graph.ts';
import type { KnownNetwork } from '../../../src/model/contract.ts';
import { openEnhancer } from '../../../src/model/enhancer.ts';
import { openLibrary } from '../../../src/model/library.ts';
import { openUpscaler } from '../../../src/model/upscaler.ts';
import { drawnNetwork, knownNetwork } from '../drawn-network.ts';
import { writeNetwork } from '../write-network.ts';
import { identified, NETWORKS } from './identified.ts';

const RESTORERS = NETWORKS.filter(({ task }) => task === 'restore');
const UPSCALERS = NETWORKS.filter(({ task }) => task === 'upscale');
/** A tenth of a level of eight bits. */
const CLOSE = 0.1 / 255;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-known-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A known network as a contract beside a file that `answer` draws, whose ports may be half floats. */
async function contractOf(network: KnownNetwork, type: 'float32' | 'float16', answer: (graph: GraphBuilder) => void) {
  const graph = graphBuilder();
  answer(graph);
  const bytes = encodeOnnx(graph.finish('drawn'));
  const identity = identified(bytes, network.known.names[0] as string);
  if (identity.kind !== 'known') throw new Error(JSON.stringify(identity));
  const { known: _, ...description } = network;
  const name = `${network.id}-${type}`;
  return writeNetwork(folder, name, bytes, { ...description, ...identity.bound });
}

describe('the known restorers of faces', () => {
  it('are GFPGAN, CodeFormer, RestoreFormer++ and GPEN, under the licences that they state', () => {
    expect(RESTORERS.map(({ id, licence }) => [id, licence.use])).toEqual([
      ['codeformer', 'non-commercial'],
      ['gfpgan-1.2', 'free'],
      ['gfpgan-1.3', 'free'],
      ['gfpgan-1.4', 'free'],
      ['gpen-bfr-1024', 'non-commercial'],
      ['gpen-bfr-2048', 'non-commercial'],
      ['gpen-bfr-256', 'non-commercial'],
      ['gpen-bfr-512', 'non-commercial'],
      ['restoreformer-plus-plus', 'free'],
    ]);
  });

  it.each(
    RESTORERS.filter(({ id }) => id !== 'gpen-bfr-2048' && id !== 'gpen-bfr-1024').map((n) => [n.id, n] as const),
  )('%s is shown its own range and template from half floats, and what it answers is read so', async (id, network) => {
    const side = network.inputs[0]?.shape[2] as number;
    const path = await contractOf(network, 'float16', (graph) => {
      const picture = graph.input('x', [1, 3, side, side], 'float16');
      // CodeFormer's weight is fed though nothing reads it but a sum of zeros.
      const gain =
        id === 'codeformer'
          ? graph.node('Cast', [graph.input('w', [1], 'float64')], { to: ELEMENT_TYPES.float16 })
          : graph.node('Cast', [graph.floats([1], Float32Array.of(0.5))], { to: ELEMENT_TYPES.float16 });
      graph.output('y', graph.node('Mul', [picture, gain]), [1, 3, side, side], 'float16');
    });
    await using enhancer = await openEnhancer(openLibrary(), path);
    expect(enhancer.side).toBe(side);
    // ArcFace's square is tighter around the face than FFHQ's.
    expect(enhancer.five[2] as number).toBeCloseTo(id === 'gpen-bfr-256' ? 0.6409 : 0.6229, 3);
    const picture = Float32Array.from({ length: 3 * side * side }, (_, i) => ((31 * i) % 97) / 96);
    const answer = await enhancer.enhance(picture, 0.5);
    const worst = answer.reduce((most, v, i) => Math.max(most, Math.abs(v - (0.25 + 0.5 * (picture[i] as number)))), 0);
    expect(worst).toBeLessThan(4 * CLOSE);
  });

  it('are told by their names alone where their ports are alike, CodeFormer by its weight', async () => {
    const gfpgan = await knownNetwork('gfpgan-1.4');
    const unnamed = identified(drawnNetwork(gfpgan), 'model');
    expect(unnamed.kind).toBe('several');
    expect(identified(drawnNetwork(await knownNetwork('codeformer')), 'model')).toMatchObject({
      kind: 'known',
      network: { id: 'codeformer' },
      by: 'its ports',
    });
  });

  it.each<[string, string, object, string]>([
    [
      'gfpgan-1.4',
      'an answer of another size',
      { outputs: [{ name: 'output', shape: [1, 3, 1024, 1024], type: 'float32', meaning: '' }] },
      'its output "output" should be float32 [1, 3, 512, 512], but is float32 [1, 3, 1024, 1024]',
    ],
    [
      'codeformer',
      'a vector for its weight',
      {
        inputs: [
          { kind: 'picture', name: 'input', shape: [1, 3, 512, 512], type: 'float32' },
          { kind: 'scalar', name: 'weight', shape: [2], type: 'float64' },
        ],
      },
      'its input "weight" should be float64 [1], but is float64 [2]',
    ],
    [
      'gpen-bfr-256',
      'pixels last',
      { inputs: [{ kind: 'picture', name: 'input', shape: [1, 256, 256, 3], type: 'float32' }] },
      'its input "input" should be float32 [1, 3, 256, 256], but is float32 [1, 256, 256, 3]',
    ],
    [
      'real-esrgan-x4',
      'one channel',
      { outputs: [{ name: 'output', shape: [1, 1, -1, -1], type: 'float32', meaning: '' }] },
      'its output "output" should be float32 [1, 3, ?, ?], but is float32 [1, 1, ?, ?]',
    ],
  ])('%s with %s is unknown, and says what differs', async (id, _, change, difference) => {
    const network = await knownNetwork(id);
    const bytes = drawnNetwork({ ...network, ...change } as KnownNetwork);
    // Networks of other tasks whose sizes are open take nearly any picture.
    const among = NETWORKS.filter(({ task }) => task === network.task);
    expect(identified(bytes, network.known.names[0] as string, among)).toMatchObject({
      kind: 'unknown',
      nearest: { id },
      differences: [difference],
    });
  });
});

describe('the known upscalers', () => {
  it.each(
    UPSCALERS.flatMap((network) => [[network.id, 'open', network] as const, [network.id, 'fixed', network] as const]),
  )(
    '%s of %s sizes enlarges a picture that is larger than it takes, to a tenth of a level',
    async (id, sizes, network) => {
      const factor = id.endsWith('x4') ? 4 : 2;
      const side = sizes === 'open' ? -1 : 64;
      const path = await contractOf(network, sizes === 'open' ? 'float32' : 'float16', (graph) => {
        const picture = graph.input('x', [1, 3, side, side]);
        const larger = graph.node('Resize', [picture, '', graph.floats([4], Float32Array.of(1, 1, factor, factor))], {
          mode: 'nearest',
          coordinate_transformation_mode: 'asymmetric',
          nearest_mode: 'floor',
        });
        const half = graph.node('Mul', [larger, graph.floats([1], Float32Array.of(0.5))]);
        graph.output('y', half, [1, 3, side < 0 ? -1 : factor * side, side < 0 ? -1 : factor * side]);
      });
      await using upscaler = await openUpscaler(openLibrary(), path);
      const [width, height] = sizes === 'open' ? [301, 33] : [85, 33];
      const picture = Float32Array.from({ length: 3 * width * height }, (_, i) => ((31 * i) % 97) / 96);
      const answer = await upscaler.upscale(picture, width, height);
      expect(answer).toHaveLength(3 * width * height * factor ** 2);
      const at = (o: number) => {
        const [x, y] = [o % (factor * width), Math.floor(o / (factor * width))];
        return picture[Math.floor(y / factor) * width + Math.floor(x / factor)] as number;
      };
      const worst = answer.reduce((most, v, o) => Math.max(most, Math.abs(v - 0.5 * at(o))), 0);
      expect(worst).toBeLessThan(CLOSE);
    },
  );
});
