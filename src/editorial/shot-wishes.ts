import { closestName } from '../settings/closest-name.ts';
import type { ShotWishes } from './shot-list.ts';
import { type ListPlace, ShotListError } from './shot-list-error.ts';

/** What an entry may ask for, by its name in every format. */
export const WISHES = ['restorer', 'preset', 'cast', 'handles', 'note'] as const;

/** Says that nobody is restored. */
export const NOBODY = 'nobody';

/** Most frames that handles may have. */
const MOST_HANDLES = 10_000;

/**
 * What an entry asks for, as texts by name; empty texts ask for nothing.
 *
 * @throws ShotListError for a name that is not known, and for handles that are no number of frames
 */
export function readWishes(texts: Readonly<Record<string, string | undefined>>, place: ListPlace): ShotWishes {
  for (const name of Object.keys(texts)) {
    if (!WISHES.some((known) => known === name)) throw unknownName(name, WISHES, place);
  }
  const given = (name: (typeof WISHES)[number]) => texts[name]?.trim() || undefined;
  const [restorer, preset, cast, handles, note] = WISHES.map(given);
  return {
    ...(restorer === undefined ? {} : { restorer }),
    ...(preset === undefined ? {} : { preset }),
    ...(cast === undefined ? {} : { cast: cast.toLowerCase() === NOBODY ? null : cast }),
    ...(handles === undefined ? {} : { handles: readHandles(handles, place) }),
    ...(note === undefined ? {} : { note }),
  };
}

/** The error for a name that no format knows there. */
export function unknownName(name: string, known: readonly string[], place: ListPlace): ShotListError {
  const meant = closestName(name, known);
  const advice = meant ? `Did you mean "${meant}"?` : `Known are: ${known.join(', ')}.`;
  return new ShotListError(place, `"${name}" is not known there. ${advice}`);
}

function readHandles(text: string, place: ListPlace): number {
  const handles = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (handles <= MOST_HANDLES) return handles;
  throw new ShotListError(
    place,
    `"handles" should be a number of frames from 0 to ${MOST_HANDLES}, but is "${text}". Correct it there.`,
  );
}
