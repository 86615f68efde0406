import { CANONICAL_POINTS } from '../../face/canonical-face.ts';
import { EXPRESSIVENESS, EYE_CORNERS, LEFT_BROW, LEFT_EYE, LIDS, RIGHT_BROW, RIGHT_EYE } from '../../face/regions.ts';

const sideOf = (i: number) => ((CANONICAL_POINTS[3 * i] as number) < 0 ? 0 : 1);
const eyes = [
  [...LEFT_EYE, ...LIDS.filter((i) => sideOf(i) === 0)],
  [...RIGHT_EYE, ...LIDS.filter((i) => sideOf(i) === 1)],
];
const brows = [LEFT_BROW, RIGHT_BROW];
const upper = new Set([...eyes.flat(), ...brows.flat()]);

/** Groups of landmarks that move together: two eyes with their lids, two brows, and mouth with jaw. */
export const EXPRESSION_GROUPS: readonly (readonly number[])[] = [
  ...eyes,
  ...brows,
  [...EXPRESSIVENESS.keys()].filter((i) => !upper.has(i) && (EXPRESSIVENESS[i] as number) > 0),
];

/** An eye's group and its corners, which lie still in it. */
export const EYES: readonly { readonly group: readonly number[]; readonly corners: readonly number[] }[] = eyes.map(
  (group, side) => ({ group, corners: EYE_CORNERS.filter((i) => sideOf(i) === side) }),
);
