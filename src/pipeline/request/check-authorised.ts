import type { RestorerDefinition } from '../../restore/restorer-definition.ts';
import { assertCovered } from '../../settings/authorisation.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { RenderJob } from '../job.ts';
import { asFlag, type FieldName } from './field-name.ts';

/** What a job says of who may be shown with whose face. */
export type AuthorisedJob = Pick<RenderJob, 'references' | 'authorisation'>;

/**
 * Refuses a restorer that puts a face in another's place without a record that allows it.
 *
 * @param restorers those that may be taken
 * @param about.reel name of the reel's file or folder; absent where it is not known yet
 * @throws UsageError where there is no record, or one for another person or another reel
 */
export function assertAuthorised(
  restorers: readonly RestorerDefinition[],
  { references, authorisation }: AuthorisedJob,
  { name = asFlag, reel }: { readonly name?: FieldName; readonly reel?: string } = {},
): void {
  const asking = restorers.find(({ needs }) => needs.authorisation);
  if (!asking) return;
  const flag = name('authorisation');
  if (!authorisation) {
    throw new UsageError(
      `${name('restorer')} ${asking.name} shows a person with a face that is not theirs, and runs only with a record of who allowed it. Add ${flag} and the file of such a record; "reelmend restore --help" shows one.`,
    );
  }
  const people = references.map((person) => person.name);
  assertCovered(authorisation, { people, ...(reel === undefined ? {} : { reel }) }, flag);
}
