import { canonicalJson } from '../settings/canonical-json.ts';
import type { Contract } from './contract.ts';
import { ModelError } from './model-error.ts';

/**
 * Where two networks have one name.
 *
 * @param where the other one is, as the end of "another one of this name"
 * @param orElse what could be done beside calling one otherwise; as the end of a sentence
 * @throws ModelError unless they are one network, by all that their contracts say but for where files lie
 */
export function assertSameNetwork(contract: Contract, other: Contract, where: string, orElse = ''): void {
  const { id } = contract;
  if (withoutPlaces(contract) === withoutPlaces(other)) return;
  throw new ModelError(
    id,
    `Model "${id}": another one of this name ${where}. Call this one otherwise ("reelmend models import <file> --name ${id}-2", or "id" in its contract)${orElse}.`,
  );
}

function withoutPlaces(contract: Contract): string {
  return canonicalJson({ ...contract, files: contract.files.map(({ sha256 }) => sha256) });
}

/** The same for a contract that lies in a store. */
export function assertSameAsStored(contract: Contract, stored: Contract, path: string): void {
  assertSameNetwork(
    contract,
    stored,
    `is in the store, by its contract ${path}`,
    '; or delete that contract, if no reel that is being restored needs it',
  );
}
