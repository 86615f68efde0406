import { PATCH_INTER_OCULAR } from '../../face/patch.ts';

/** Deviation of the picture, 0 … 1, below which neither likeness nor contrast is judged: what differs there is grain. */
export const FLOOR = 3 / 255;
/** Standard deviation of the window in which likeness is judged, inter-ocular distances. */
const WINDOW = 0.055;

/** How likeness is judged in a patch of this side, in a window `wider` times as wide as usual. */
export function likenessOptions(side: number, wider = 1) {
  return { sigma: wider * (WINDOW * PATCH_INTER_OCULAR * side), floor: FLOOR };
}
