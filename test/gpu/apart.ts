/** How far two computations of the same samples lie apart. */
export interface Apart {
  readonly count: number;
  /** Not a number where one of them is none. */
  readonly worst: number;
  /** Samples that lie more than `bound` apart. */
  readonly beyond: number;
}

/** @param counts above 0 where a sample counts, plane by plane of its length; absent: all do */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>, bound: number, counts?: ArrayLike<number>): Apart {
  if (a.length !== b.length) throw new RangeError(`${a.length} samples were compared with ${b.length}.`);
  let count = 0;
  let worst = 0;
  let beyond = 0;
  for (let i = 0; i < a.length; i++) {
    if (counts && !((counts[i % counts.length] as number) > 0)) continue;
    count += 1;
    const off = Math.abs((a[i] as number) - (b[i] as number));
    worst = Math.max(worst, off);
    if (!(off <= bound)) beyond += 1;
  }
  return { count, worst, beyond };
}
