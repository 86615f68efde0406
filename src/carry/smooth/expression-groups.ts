import { CANONICAL_POINTS } from '../../face/canonical-face.ts';
import { EXPRESSIVENESS, LEFT_BROW, LEFT_EYE, LIDS, RIGHT_BROW, RIGHT_EYE } from '../../face/regions.ts';

const sideOf = (i: number) => ((CANONICAL_POINTS[3 * i] as number) < 0 ? 0 : 1);
const eyes = [
  [...LEFT_EYE, ...LIDS.filter((i) => sideOf(i) === 0)],
  [...RIGHT_EYE, ...LIDS.filter((i) => sideOf(i) === 1)],
];
const brows = [LEFT_BROW, RIGHT_BROW];
const upper = new Set([...eyes.flat(), ...brows.flat()]);

/**
 * Landmarks that move together, each group on its own: two eyes with their lids, two brows, and all else that expression moves,
 * which is mouth and jaw.
 */
export const EXPRESSION_GROUPS: readonly (readonly number[])[] = [
  ...eyes,
  ...brows,
  [...EXPRESSIVENESS.keys()].filter((i) => !upper.has(i) && (EXPRESSIVENESS[i] as number) > 0),
];
