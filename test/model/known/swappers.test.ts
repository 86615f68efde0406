import { describe, expect, it } from 'vitest';
import type { KnownNetwork } from '../../../src/model/contract.ts';
import { drawnNetwork, knownNetwork } from '../drawn-network.ts';
import { identified, NETWORKS } from './identified.ts';

const ours = NETWORKS.filter(({ task }) => task === 'swap' || task === 'translate');

/** What its drawn file is taken for. */
const identifiedAs = (network: KnownNetwork, name: string, rename?: (port: string) => string) =>
  identified(drawnNetwork(network, rename ? { rename } : {}), name);

/** The same with its picture or vector of another size. */
function resized(network: KnownNetwork, port: string, shape: readonly number[]): KnownNetwork {
  const inputs = network.inputs.map((input) => (input.name === port ? { ...input, shape: [...shape] } : input));
  return { ...network, inputs } as KnownNetwork;
}

describe('a swapper’s file', () => {
  it.each(ours.map((network) => [network.id, network] as const))('is told by its ports and name: %s', (id, network) => {
    for (const name of network.known.names) {
      expect(identifiedAs(network, name)).toMatchObject({ kind: 'known', network: { id } });
    }
    const renamed = identifiedAs(network, network.known.names[0] as string, (port) => `${port}.1`);
    expect(renamed).toMatchObject({ kind: 'known', network: { id }, bound: { outputs: [{ inFile: 'output.1' }] } });
  });

  it('without its name is told where no other has such ports, and else is one of several', async () => {
    for (const id of ['inswapper-128', 'simswap-unofficial-512', 'blendswap-256', 'uniface-256']) {
      expect(identifiedAs(await knownNetwork(id), 'model')).toMatchObject({ kind: 'known', network: { id } });
    }
    for (const id of ['hyperswap-1a-256', 'ghost-2-256', 'hififace-unofficial-256', 'simswap-256', 'crossface-ghost']) {
      const found = identifiedAs(await knownNetwork(id), 'model');
      expect(found.kind).toBe('several');
      expect('networks' in found && found.networks.map((one) => one.id)).toContain(id);
    }
  });

  it.each([
    [
      'inswapper-128',
      'target',
      [1, 3, 96, 96],
      'its input "target" should be float32 [1, 3, 128, 128], but is float32 [1, 3, 96, 96]',
    ],
    ['inswapper-128', 'source', [1, 256], 'its input "source" should be float32 [1, 512], but is float32 [1, 256]'],
    [
      'blendswap-256',
      'source',
      [1, 3, 128, 128],
      'its input "source" should be float32 [1, 3, 112, 112], but is float32 [1, 3, 128, 128]',
    ],
    ['crossface-ghost', 'input', [1, 128], 'its input "input" should be float32 [?, 512], but is float32 [1, 128]'],
  ])('that misses by a size is not taken for %s: its %s', async (id, port, shape, difference) => {
    const known = await knownNetwork(id);
    const miss = identifiedAs(resized(known, port, shape), known.known.names[0] as string);
    expect(miss).toMatchObject({ kind: 'unknown', nearest: { id }, differences: [difference] });
  });

  it('names a recogniser, and a network between them, that are known too and fit', () => {
    for (const network of ours) {
      if (network.task !== 'swap' || network.decoder.source.from !== 'embedding') continue;
      const { recogniser, through, input } = network.decoder.source;
      const given = NETWORKS.find(({ id }) => id === recogniser);
      expect(given).toMatchObject({ task: 'recognise', outputs: [{ shape: [1, 512] }] });
      expect(network.inputs.find(({ name }) => name === input)?.shape).toEqual([1, 512]);
      if (through?.kind !== 'model') continue;
      expect(NETWORKS.find(({ id }) => id === through.id)).toMatchObject({ task: 'translate' });
    }
  });
});
