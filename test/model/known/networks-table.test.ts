import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFolder } from '../../../src/disk/package-folder.ts';
import { knownNetworks } from '../../../src/model/known/known-networks.ts';
import { licenceUse } from '../../../src/model/licence/licence-use.ts';

it('docs/networks.md has a row for every known network, which says what its entry says', async () => {
  const text = await readFile(join(packageFolder(), 'docs', 'networks.md'), 'utf8');
  const written = text.split('\n').filter((line) => line.startsWith('| `'));
  const rows = (await knownNetworks()).map((network) => {
    const { id, task, known, licence } = network;
    const files = known.names.map((name) => `\`${name}\``).join(', ');
    return `| \`${id}\` | ${task} | ${files} | ${licence.stated} (${licenceUse(network)}) | ${known.verified} |`;
  });
  expect(written).toEqual(rows);
});
