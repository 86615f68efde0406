import { neededBy } from '../../model/contract.ts';
import type { ModelLibrary } from '../../model/library.ts';
import { assertAccepted } from '../../model/licence/accepted-licences.ts';
import { withNeeded } from '../../model/needed-networks.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import type { RunOptions } from '../run-options.ts';

/**
 * Fetches the models that the library lacks, and those that they ask, where their licences are free or accepted. Returns the hash of each
 * contract, by id; of a model that asks others, of theirs with it, since what it answers depends on them.
 */
export async function pullModels(
  library: ModelLibrary,
  ids: readonly string[],
  { onProgress, signal }: RunOptions,
): Promise<Record<string, string>> {
  const needed = await withNeeded(library, ids);
  await assertAccepted(library, needed);
  const hashes: Record<string, string> = {};
  for (const id of needed) {
    await library.pull(id, {
      signal,
      onProgress: ({ done, total }) =>
        onProgress({ stage: 'models', done: done / 2 ** 20, total: total / 2 ** 20, unit: 'MiB' }),
    });
    const contract = await library.contract(id);
    const needed = await Promise.all(neededBy(contract).map((other) => library.contract(other)));
    hashes[id] = hashOf(needed.length === 0 ? contract : [contract, ...needed]);
  }
  return hashes;
}
