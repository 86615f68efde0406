import type { AuthorisedUse } from '../../report/authorised-use.ts';
import { type RestorerChoice, restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { RenderJob } from '../job.ts';

/**
 * The record under which a run puts faces in others' places; null where it does not. No take is known by it: it decides whether a face
 * may be rendered, and not how.
 */
export function authorisedUse(
  { authorisation }: Pick<RenderJob, 'authorisation'>,
  tracks: readonly { readonly brief: { readonly restorer: Pick<RestorerChoice, 'name'> } }[],
): AuthorisedUse | null {
  const puts = tracks.some(({ brief }) => restorerNamed(RESTORERS, brief.restorer.name).needs.authorisation);
  if (!authorisation || !puts) return null;
  const { file: _, format: __, people, ...said } = authorisation;
  return { ...said, people: [...people] };
}

/** Those that were told of what is kept, and the one that a run was given: what is finished stays as it is, and is used under both. */
export function authorisationsNow(before: readonly AuthorisedUse[], now: AuthorisedUse | null): AuthorisedUse[] {
  return now && before.every(({ sha256 }) => sha256 !== now.sha256) ? [...before, now] : [...before];
}
