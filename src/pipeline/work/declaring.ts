import type { Declaring } from '../../media/write/target.ts';
import { digitalSourceTypeOf } from '../../provenance/digital-source-type.ts';

/** What altered pictures declare of their restorers. */
export const declareRestorers: Declaring = (restorers) => ({
  sourceType: digitalSourceTypeOf(restorers),
  comment: `Faces in this picture were restored by Reelmend (${[...restorers].sort().join(', ')}).`,
});
