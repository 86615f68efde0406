import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { publishFile } from '../../disk/publish-file.ts';
import { configFolder } from '../../disk/user-folders.ts';
import type { Contract } from '../contract.ts';
import type { ModelLibrary } from '../library.ts';
import { ModelError } from '../model-error.ts';
import { LicenceError } from './licence-error.ts';
import { licenceUse } from './licence-use.ts';

const acceptedSchema = z.strictObject({
  accepted: z.array(
    z.strictObject({
      id: z.string(),
      /** As it was stated then: another one must be accepted anew. */
      licence: z.string(),
      /** Year, month and day, UTC. */
      date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date such as 2026-03-01 was expected'),
    }),
  ),
});

type Accepted = z.output<typeof acceptedSchema>['accepted'];

/** The file in which a user's accepted licences are. */
export function acceptedFile(): string {
  return join(configFolder(), 'licences.json');
}

/** The day on which the user accepted a network's licence, such as `2026-03-01`; null where that was not, or another licence then. */
export async function acceptedOn({ id, licence }: Pick<Contract, 'id' | 'licence'>): Promise<string | null> {
  const accepted = await readAccepted();
  return accepted.find((one) => one.id === id && one.licence === licence.stated)?.date ?? null;
}

/**
 * Notes that the user accepts the licences of these networks, in the user's configuration with today's date. What is accepted already
 * keeps its date.
 *
 * @returns those that were not accepted before, with the licence as stated
 * @throws ModelError for a network that is not known, OutputError where it cannot be noted.
 */
export async function acceptLicences(
  library: ModelLibrary,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly licence: string }[]> {
  if (ids.length === 0) return [];
  const before = await readAccepted();
  const date = new Date().toISOString().slice(0, 10);
  const added: Accepted = [];
  for (const id of new Set(ids)) {
    const contract = await library.contract(id);
    const licence = contract.licence.stated;
    if (before.some((one) => one.id === contract.id && one.licence === licence)) continue;
    added.push({ id: contract.id, licence, date });
  }
  if (added.length === 0) return [];
  const kept = before.filter(({ id }) => !added.some((one) => one.id === id));
  await publishFile(acceptedFile(), `${JSON.stringify({ accepted: [...kept, ...added] }, null, 2)}\n`);
  return added;
}

/**
 * Holds a run to what the user accepted: of each network the licence is free, or accepted.
 *
 * @throws LicenceError naming every network that lacks it, with its licence and the flags.
 */
export async function assertAccepted(library: Pick<ModelLibrary, 'contract'>, ids: readonly string[]): Promise<void> {
  const lacking: Contract[] = [];
  for (const id of new Set(ids)) {
    const contract = await library.contract(id);
    if (licenceUse(contract) !== 'free' && (await acceptedOn(contract)) === null) lacking.push(contract);
  }
  if (lacking.length > 0) throw new LicenceError(lacking);
}

async function readAccepted(): Promise<Accepted> {
  const path = acceptedFile();
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new ModelError('', `The accepted licences in ${path} cannot be read: ${error.message}.`, { cause: error });
  });
  if (text === null) return [];
  try {
    return acceptedSchema.parse(JSON.parse(text)).accepted;
  } catch (cause) {
    throw new ModelError(
      '',
      `The accepted licences in ${path} are damaged. Remove the file, and accept them anew with --accept-licence.`,
      { cause },
    );
  }
}
