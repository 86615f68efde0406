import type { PatchAlpha } from '../../film/patch-alpha.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { FieldName } from './field-name.ts';
import { DEFAULTS } from './request.ts';

/** Fields of a request that say something of what others ask for. */
interface Details {
  readonly as?: string | undefined;
  readonly startNumber?: number | undefined;
  readonly patches?: string | undefined;
  readonly patchAlpha: PatchAlpha;
  readonly masters?: readonly string[];
  readonly mastersFolder?: string | undefined;
}

/** Refuses a detail of what is not asked for: it would do nothing. @throws UsageError */
export function checkNeeded(
  { as, startNumber, patches, patchAlpha, masters = [], mastersFolder }: Details,
  name: FieldName,
): void {
  // Only frames that are converted get new numbers.
  if (startNumber !== undefined && as === undefined) {
    throw new UsageError(
      `${name('startNumber')} ${startNumber}: only frames that are written as another kind of stills are numbered anew. Add ${name('as')} dpx, tiff or exr and a folder as ${name('out')}, or leave it out.`,
    );
  }
  if (patchAlpha !== DEFAULTS.patchAlpha && patches === undefined) {
    throw new UsageError(
      `${name('patchAlpha')} ${patchAlpha}: no patches are written. Add ${name('patches')} and a folder for them, or leave it out.`,
    );
  }
  if (mastersFolder !== undefined && masters.length === 0) {
    throw new UsageError(
      `${name('mastersFolder')} "${mastersFolder}": no masters are made. Add ${name('masters')} and a preset such as prores-422-hq, or leave it out.`,
    );
  }
}
