import type { KeyGroup } from '../keys.ts';
import { review } from '../state.ts';
import { ACT, LAYOUTS, TOOLS, ZOOMED } from './viewer-actions.ts';

/** What keys do in the picture, for `listenToKeys` and the list of keys. */
export function viewerKeys(): KeyGroup {
  const kinds = review.value?.kinds ?? [];
  const layouts = Object.values(LAYOUTS).filter((action) => action !== LAYOUTS.matte || kinds.includes('matte'));
  return { name: 'Picture', actions: [...layouts, ...ZOOMED, ...Object.values(ACT), ...TOOLS] };
}
