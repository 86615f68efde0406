/** How far two rows of numbers lie apart. */
export interface Apart {
  /** Numbers that were compared. */
  readonly count: number;
  /** Not a number where one of them is none. */
  readonly worst: number;
  /** Of them those that lie more than `bound` apart, and their share. */
  readonly beyond: number;
  readonly share: number;
}

export interface ApartOptions {
  /** Above 0 where a number counts, plane by plane of its length; default: all do. */
  readonly counts?: ArrayLike<number>;
  /** Whether what is above 1 is compared as a share of the first. */
  readonly relative?: boolean;
  /** Whether two that are no numbers are alike. */
  readonly noneIsAlike?: boolean;
}

/** @throws RangeError where one row is longer */
export function apart(
  here: ArrayLike<number>,
  there: ArrayLike<number>,
  bound: number,
  { counts, relative = false, noneIsAlike = false }: ApartOptions = {},
): Apart {
  if (here.length !== there.length) throw new RangeError(`${here.length} numbers were compared with ${there.length}.`);
  let count = 0;
  let worst = 0;
  let beyond = 0;
  for (let i = 0; i < here.length; i++) {
    if (counts && !((counts[i % counts.length] as number) > 0)) continue;
    count += 1;
    const [a, b] = [here[i] as number, there[i] as number];
    if (noneIsAlike && Number.isNaN(a) && Number.isNaN(b)) continue;
    const off = Math.abs(a - b) / (relative ? Math.max(1, Math.abs(a)) : 1);
    worst = Math.max(worst, off);
    if (!(off <= bound)) beyond += 1;
  }
  return { count, worst, beyond, share: count > 0 ? beyond / count : 0 };
}
