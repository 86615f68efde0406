import { basename } from 'node:path';
import { sha256Of } from '../disk/sha256.ts';
import type { PersonStills } from '../pipeline/job.ts';
import type { RestoreRequest } from '../pipeline/request/request.ts';
import { stillFiles } from '../pipeline/stills/read-still.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { ReviewStill } from './api.ts';

/** The stills of a run's files that a person may leave out. */
export async function reviewStills(
  request: RestoreRequest | null,
  leftOut: ReadonlySet<string>,
): Promise<readonly ReviewStill[]> {
  const stills: ReviewStill[] = [];
  for (const person of peopleIn(request)) {
    for (const path of await filesOf(person)) {
      const id = stillId(person.name, path);
      stills.push({ id, person: person.name, name: basename(path), leftOut: leftOut.has(id) });
    }
  }
  return stills;
}

/** The same people without the stills that were left out. @throws UsageError where none is left of a person */
export async function referencesWithout(
  request: RestoreRequest,
  leftOut: ReadonlySet<string>,
): Promise<NonNullable<RestoreRequest['references']>> {
  if (leftOut.size === 0) return request.references ?? [];
  const kept: PersonStills[] = [];
  for (const person of peopleIn(request)) {
    const paths = (await filesOf(person)).filter((path) => !leftOut.has(stillId(person.name, path)));
    if (paths.length === 0 && person.frames === undefined) {
      throw new UsageError(`Every still of "${person.name}" is left out. Take one back, or choose another restorer.`);
    }
    kept.push({ ...person, paths });
  }
  return kept;
}

/** `request.json` has people as objects. */
function peopleIn(request: RestoreRequest | null): readonly PersonStills[] {
  return (request?.references ?? []).filter((one) => typeof one !== 'string');
}

function filesOf({ paths }: PersonStills): Promise<readonly string[]> {
  return paths.length === 0 ? Promise.resolve([]) : stillFiles(paths).catch(() => []);
}

function stillId(person: string, path: string): string {
  return sha256Of(`${person}\0${path}`).slice(0, 16);
}
