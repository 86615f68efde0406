import type { StillKind } from '../../film/reel.ts';
import { declareStill } from '../still/still.ts';
import type { Alteration, Declaring, TakePlace } from './target.ts';

/** Raised whenever the same altered frame declares otherwise: takes are known by it. */
export const DECLARING_VERSION = 1;

/** The bytes of an altered frame's file, with its declaration where it is to have one; where something stands in its way, that is noted. */
export async function declaredFrame(
  { kind, file, layer }: { readonly kind: StillKind; readonly file: Buffer; readonly layer?: string | undefined },
  { restorers = [] }: Pick<Alteration, 'restorers'>,
  { declaring, note }: { readonly declaring: Declaring | undefined } & Pick<TakePlace, 'note'>,
): Promise<Buffer> {
  if (!declaring) return file;
  const { declared, kept } = await declareStill(kind, file, declaring(restorers), layer);
  if (kept !== null) note(undeclaredNote('An altered frame', kept));
  return declared;
}

/** Why something does not declare that it was altered, as a sentence. */
export function undeclaredNote(what: string, kept: string): string {
  return `${what} does not declare that it was altered: its ${kept}, which stays.`;
}
