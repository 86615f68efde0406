import { describe, expect, it } from 'vitest';
import type { KnownNetwork } from '../../../src/model/contract.ts';
import { bisenetGraph, xsegGraph } from '../drawn-maskers.ts';
import { drawnNetwork, knownNetwork } from '../drawn-network.ts';
import { identified, NETWORKS } from './identified.ts';

const MASKERS = NETWORKS.filter(({ task }) => task === 'mask');

describe('the known maskers', () => {
  it('are BiSeNet and XSeg, under the licences that they state', () => {
    expect(MASKERS.map(({ id, licence }) => [id, licence.use])).toEqual([
      ['bisenet-resnet-18', 'free'],
      ['bisenet-resnet-34', 'free'],
      ['xseg-1', 'copyleft'],
      ['xseg-2', 'copyleft'],
      ['xseg-3', 'copyleft'],
    ]);
  });

  it.each(MASKERS.map((network) => [network.id, network] as const))(
    '%s is recognised by its ports and its name, whatever its file calls its ports',
    (id, network) => {
      const bytes = drawnNetwork(network, { rename: (port) => `${port}.1` });
      const named = identified(bytes, network.known.names[0] as string);
      expect(named).toMatchObject({ kind: 'known', network: { id } });
    },
  );

  it('are what the graphs of other tests draw', () => {
    expect(identified(xsegGraph('xseg_2'), 'xseg_2')).toMatchObject({ kind: 'known', network: { id: 'xseg-2' } });
    const bisenet = identified(bisenetGraph('bisenet_resnet_34'), 'bisenet_resnet_34');
    expect(bisenet).toMatchObject({ kind: 'known', network: { id: 'bisenet-resnet-34' } });
  });

  it.each<[string, string, object, string]>([
    [
      'xseg-1',
      'its planes first',
      { inputs: [{ kind: 'picture', name: 'input', shape: [1, 3, 256, 256], type: 'float32' }] },
      'its input "input" should be float32 [1, 256, 256, 3], but is float32 [1, 3, 256, 256]',
    ],
    [
      'bisenet-resnet-18',
      'eleven classes',
      { outputs: [{ name: 'output', shape: [1, 11, 512, 512], type: 'float32', meaning: '' }] },
      'its output "output" should be float32 [1, 19, 512, 512], but is float32 [1, 11, 512, 512]',
    ],
  ])('%s with %s is unknown, and says what differs', async (id, _, change, difference) => {
    const network = await knownNetwork(id);
    const bytes = drawnNetwork({ ...network, ...change } as KnownNetwork);
    expect(identified(bytes, network.known.names[0] as string, MASKERS)).toMatchObject({
      kind: 'unknown',
      nearest: { id },
      differences: [difference],
    });
  });
});
