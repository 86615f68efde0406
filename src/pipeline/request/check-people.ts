import { restorerNamed } from '../../restore/restorer-choice.ts';
import type { RestorerDefinition } from '../../restore/restorer-definition.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { PersonStills, RestoreJob } from '../job.ts';
import type { FieldName } from './field-name.ts';

/** Refuses people that contradict each other or the restorer. @throws UsageError */
export function checkPeople(
  {
    references,
    find,
    restorer,
    faces,
    except,
  }: Pick<RestoreJob, 'references' | 'find' | 'restorer' | 'faces' | 'except'>,
  name: FieldName,
): void {
  const [reference, toFind] = [name('references'), name('find')];
  if (references.length === 0 && restorer !== undefined) assertNeedsNoStills(RESTORERS, restorer, name);
  if (except) assertCanExcept({ references, find, restorer, faces }, name);
  const isUnknown = (person: PersonStills) =>
    person.frames === 'auto' && person.paths.length === 0 && !find.some((one) => one.name === person.name);
  const unknown = references.find(isUnknown);
  if (unknown && references.length + find.length > 1) {
    throw new UsageError(
      `${reference} reel:auto for "${unknown.name}" does not say who that is, and others were given. Add ${toFind} ${unknown.name}=still, or a still or frame that shows the face.`,
    );
  }
  if (faces === 'cast' && (unknown || references.length + find.length === 0)) {
    throw new UsageError(
      `${name('faces')} cast: nobody was given. Add ${reference} or ${toFind} and stills, or take ${name('faces')} all.`,
    );
  }
  // Without any reference the people are found to be repaired.
  if (references.length === 0) return;
  for (const person of find) {
    if (references.some((one) => one.name === person.name)) continue;
    const names = references.map((one) => `"${one.name}"`).join(', ');
    throw new UsageError(
      `${toFind} names "${person.name}", but ${reference} names ${names}. Give ${reference} ${person.name}=stills too, or the same name to both.`,
    );
  }
}

/** @throws UsageError where it is not said who is not to be hidden, or nobody would be hidden. */
function assertCanExcept(
  { references, find, restorer, faces }: Pick<RestoreJob, 'references' | 'find' | 'restorer' | 'faces'>,
  name: FieldName,
): void {
  const [except, toFind] = [name('except'), name('find')];
  if (restorer !== undefined && !restorerNamed(RESTORERS, restorer).hides) {
    throw new UsageError(
      `${except}: ${name('restorer')} ${restorer} hides no face. Take ${name('restorer')} anonymise, or leave ${except} out.`,
    );
  }
  if (references.length > 0) {
    throw new UsageError(
      `${except}: the people who stay as they are are found by ${toFind}, and ${name('references')} says whom to restore. Give the same stills to ${toFind} alone.`,
    );
  }
  if (find.length === 0) {
    throw new UsageError(
      `${except}: it is not said whose face stays as it is. Add ${toFind} and a still of each such person.`,
    );
  }
  if (faces === 'cast') {
    throw new UsageError(
      `${except}: with ${name('faces')} cast only the people of ${toFind} are hidden, and so nobody would be. Leave out one of both.`,
    );
  }
}

/** For a run without any stills. @throws UsageError where the restorer paints from stills. */
export function assertNeedsNoStills(restorers: readonly RestorerDefinition[], restorer: string, name: FieldName): void {
  if (restorerNamed(restorers, restorer).needs.stills === 'none') return;
  const others = restorers.filter(({ needs, hides }) => needs.stills === 'none' && !hides).map((one) => one.name);
  throw new UsageError(
    `${name('restorer')} ${restorer} needs the face to restore with. Add ${name('references')} and a still, or a folder of stills, of the actor; or take ${name('restorer')} ${others.join(' or ')}, which need none.`,
  );
}
