import { searchedLevel } from '../../../motion/flow-search.ts';
import { FILTER_LOOPS } from './filter-loops.ts';
import { SAMPLING_LOOPS } from './sampling-loops.ts';
import { WINDOW_LOOPS } from './window-loops.ts';

/** The loops over samples that kernels are made of. Each has a twin of its name in `../wasm/`, which gives the same bits. */
export const PLAIN_LOOPS = { ...FILTER_LOOPS, ...SAMPLING_LOOPS, ...WINDOW_LOOPS, searchedLevel };

/** Arrays that a pool's loop is handed must be lent by that pool, or it is carried out in TypeScript, which takes several times as long. */
export type Loops = Readonly<typeof PLAIN_LOOPS>;
