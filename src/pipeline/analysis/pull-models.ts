import type { ModelLibrary } from '../../model/library.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import type { RunOptions } from '../run-options.ts';

/** Fetches the models that the library lacks. Returns the hash of each contract, by id. */
export async function pullModels(
  library: ModelLibrary,
  ids: readonly string[],
  { onProgress, signal }: RunOptions,
): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const id of ids) {
    await library.pull(id, {
      signal,
      onProgress: ({ done, total }) =>
        onProgress({ stage: 'models', done: done / 2 ** 20, total: total / 2 ** 20, unit: 'MiB' }),
    });
    hashes[id] = hashOf(await library.contract(id));
  }
  return hashes;
}
