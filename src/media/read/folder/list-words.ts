/** What to do with a folder of stills that may be no reel. */
export const UNRELATED = 'For pictures that have nothing to do with each other there is reelmend restore --each.';

/** Whole numbers as people write them, neighbours joined: `1003, 1007 to 1009`; at most `limit` runs. */
export function describeNumbers(numbers: readonly number[], limit = 8): string {
  const runs = runsOf(numbers);
  const shown = runs.slice(0, limit).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  return runs.length > limit ? `${shown.join(', ')} and more` : shown.join(', ');
}

/** The runs of neighbours in rising numbers, each its first and last. */
export function runsOf(numbers: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && run[1] + 1 === number) run[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

/** Names one after another, at most `limit` of them. */
export function listNames(names: readonly string[], limit = 6): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
