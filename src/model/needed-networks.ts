import { type Contract, neededBy } from './contract.ts';
import type { ModelLibrary } from './library.ts';
import { ModelError } from './model-error.ts';

/**
 * The contract of a network that another one asks.
 *
 * @throws ModelError where it is not there: no other will do
 */
export async function neededContract(
  library: Pick<ModelLibrary, 'contract'>,
  asking: Pick<Contract, 'id'>,
  id: string,
): Promise<Contract> {
  try {
    return await library.contract(id);
  } catch (cause) {
    if (!(cause instanceof ModelError)) throw cause;
    throw new ModelError(
      asking.id,
      `Model "${asking.id}" was trained beside "${id}", which is not here, and no other network will do. Import it ("reelmend models import <file>"), or name another model.`,
      { cause, elsewhere: cause.elsewhere },
    );
  }
}

/** The same ids and, behind each, those of the networks that it asks; each once. @throws ModelError where one is not there */
export async function withNeeded(
  library: Pick<ModelLibrary, 'contract'>,
  ids: readonly string[],
): Promise<readonly string[]> {
  const all = new Set<string>();
  for (const id of ids) {
    all.add(id);
    const contract = await library.contract(id);
    for (const needed of neededBy(contract)) {
      await neededContract(library, contract, needed);
      all.add(needed);
    }
  }
  return [...all];
}
