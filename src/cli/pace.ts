/** How fast a stage goes. */
export interface Pace {
  /** Units a second over the last seconds; null until enough is done. */
  readonly rate: number | null;
  /** Seconds to the stage's end at that rate. */
  readonly remaining: number | null;
}

/** Seconds over which the rate is taken: long enough to bridge a take's start, short enough to follow a change of pace. */
const WINDOW = 15;
/** Seconds before a first rate is given: the first frames wait for the decoder. */
const WARM_UP = 2;

/** Measures a stage's pace from its progress over time. Times are seconds of any clock that does not go back. */
export function paceMeter(): (done: number, total: number, seconds: number) => Pace {
  const marks: { readonly done: number; readonly seconds: number }[] = [];
  return (done, total, seconds) => {
    marks.push({ done, seconds });
    while (marks.length > 2 && seconds - (marks[1]?.seconds ?? 0) >= WINDOW) marks.shift();
    const first = marks[0] ?? { done, seconds };
    const elapsed = seconds - first.seconds;
    if (elapsed < WARM_UP || done <= first.done) return { rate: null, remaining: null };
    const rate = (done - first.done) / elapsed;
    return { rate, remaining: Math.max(0, total - done) / rate };
  };
}
