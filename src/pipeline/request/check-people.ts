import { restorerNamed } from '../../restore/restorer-choice.ts';
import type { RestorerDefinition } from '../../restore/restorer-definition.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { PersonStills, RestoreJob } from '../job.ts';
import type { FieldName } from './field-name.ts';

/** Refuses people that contradict each other or the restorer. @throws UsageError */
export function checkPeople(
  { references, find, restorer, faces }: Pick<RestoreJob, 'references' | 'find' | 'restorer' | 'faces'>,
  name: FieldName,
): void {
  const [reference, toFind] = [name('references'), name('find')];
  if (references.length === 0 && restorer !== undefined) assertNeedsNoStills(RESTORERS, restorer, name);
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

/** For a run without any stills. @throws UsageError where the restorer paints from stills. */
export function assertNeedsNoStills(restorers: readonly RestorerDefinition[], restorer: string, name: FieldName): void {
  if (restorerNamed(restorers, restorer).needs.stills === 'none') return;
  const others = restorers.filter(({ needs }) => needs.stills === 'none').map((one) => one.name);
  throw new UsageError(
    `${name('restorer')} ${restorer} needs the face to restore with. Add ${name('references')} and a still, or a folder of stills, of the actor; or take ${name('restorer')} ${others.join(' or ')}, which need none.`,
  );
}
