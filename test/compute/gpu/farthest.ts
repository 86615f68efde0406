/** How far two rows of numbers lie apart: the most, not a number where one is none, and the share that lies more than `most` apart. */
export function farthest(here: ArrayLike<number>, there: ArrayLike<number>, most: number) {
  if (here.length !== there.length) throw new RangeError(`${here.length} numbers were compared with ${there.length}.`);
  let worst = 0;
  let beyond = 0;
  for (let i = 0; i < here.length; i++) {
    const off = Math.abs((here[i] as number) - (there[i] as number));
    worst = Math.max(worst, off);
    if (!(off <= most)) beyond += 1;
  }
  return { worst, share: beyond / here.length };
}
