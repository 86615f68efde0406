/** A time of day where the program runs. */
export interface TimeOfDay {
  /** 0 … 23. */
  readonly hour: number;
  /** 0 … 59. */
  readonly minute: number;
}

/** Reads `02:00`; null for what is no time of day. */
export function parseTimeOfDay(text: string): TimeOfDay | null {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined ? null : { hour: Number(hour), minute: Number(minute) };
}

/**
 * The next moment behind `after` at which clocks here show a time of day. Where they are put forward over it, the moment is as long
 * behind the change as the time is behind the beginning of the hour that is left out; where they show it twice, it is the first.
 */
export function nextTime({ hour, minute }: TimeOfDay, after: Date): Date {
  // Days are counted by the calendar: one of them may have 23 or 25 hours.
  for (let day = 0; ; day++) {
    const at = new Date(after.getFullYear(), after.getMonth(), after.getDate() + day, hour, minute);
    if (at > after) return at;
  }
}

/** A clock, and what waits by it. */
export interface Clock {
  now(): Date;
  /** Waits for some milliseconds, or less, until `signal` is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Milliseconds after which the clock is looked at again: it may be set, and a machine may sleep. */
const LOOK = 60_000;

/**
 * Does something every day at a time of day, until it is stopped; while it is at work, times that pass are left out.
 *
 * @param onNext told when the next time is
 */
export async function everyDay(
  time: TimeOfDay,
  work: () => Promise<void>,
  {
    clock,
    signal,
    onNext,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly onNext: (at: Date) => void },
): Promise<void> {
  while (!signal.aborted) {
    const due = nextTime(time, clock.now());
    onNext(due);
    for (let left = LOOK; left > 0 && !signal.aborted; ) {
      left = due.getTime() - clock.now().getTime();
      if (left > 0) await clock.wait(Math.min(left, LOOK), signal);
    }
    if (!signal.aborted) await work();
  }
}
