import { anonymise } from './anonymise.ts';
import { detail } from './detail.ts';
import { enhance } from './enhance.ts';
import { repair } from './repair.ts';
import { replace } from './replace.ts';
import type { RestorerDefinition } from './restorer-definition.ts';
import { swap } from './swap.ts';

/** Every restorer that there is, in the order in which people are told of them. */
export const RESTORERS = [
  detail,
  repair,
  enhance,
  replace,
  swap,
  anonymise,
] as const satisfies readonly RestorerDefinition[];

export type RestorerName = (typeof RESTORERS)[number]['name'];
