import type { LogLine } from './log-line.ts';

/** Events of one code on one device of one host. */
export interface CodeCount {
  readonly code: string;
  readonly level: string;
  readonly host: string;
  /** Its number where the process had one, else its name; empty where the event is of none. */
  readonly device: string;
  readonly events: number;
  readonly frames: number;
  /** Mean of those that tell one; null where none does. */
  readonly seconds: number | null;
}

/** Events of an hour, UTC. */
export interface HourCount {
  /** `2026-03-02T10`. */
  readonly hour: string;
  readonly events: number;
  readonly warnings: number;
  readonly errors: number;
  /** Frames that were finished. */
  readonly frames: number;
}

/** What logs come to. */
export interface LogSummary {
  readonly codes: readonly CodeCount[];
  readonly hours: readonly HourCount[];
  /** Frames of takes and pictures that were finished, each time that they were. */
  readonly frames: number;
  /** Frames that were passed through because of a fault, each once a reel. */
  readonly isolated: number;
}

/** Takes and pictures that count as finished. */
const FINISHED: ReadonlySet<string> = new Set([
  'TAKE_RENDERED',
  'TAKE_COPIED',
  'PICTURE_RESTORED',
  'PICTURE_UNTOUCHED',
  'E_PICTURE_DAMAGED',
]);

/** Codes that isolate frames, and the label that tells which. */
const ISOLATING: Readonly<Record<string, string>> = {
  E_FRAME_DAMAGED: 'frame',
  E_FRAME_MISSING: 'frame',
  E_PICTURE_DAMAGED: 'picture',
  E_STEP_GIVEN_UP: 'step',
};

/** Adds up lines. Memory grows with codes, devices, hours and isolated frames, not with lines. */
export function logSummary() {
  const codes = new Map<string, { of: Omit<CodeCount, 'events' | 'frames' | 'seconds'> } & Sums>();
  const hours = new Map<string, HourCount>();
  const isolated = new Map<string, number>();
  let frames = 0;
  return {
    add(line: LogLine): void {
      const { code, level, host, counts, seconds, time } = line;
      const device = deviceOf(line);
      const key = `${code}\n${host}\n${device}`;
      const known = codes.get(key) ?? { of: { code, level, host, device }, events: 0, frames: 0, seconds: 0, timed: 0 };
      const own = counts['frames'] ?? 0;
      known.events += 1;
      known.frames += own;
      if (seconds !== null) {
        known.seconds += seconds;
        known.timed += 1;
      }
      codes.set(key, known);
      const finished = FINISHED.has(code) ? own : 0;
      frames += finished;
      const hour = new Date(time).toISOString().slice(0, 13);
      hours.set(hour, addedHour(hours.get(hour), { hour, level, finished }));
      const label = ISOLATING[code];
      if (label) isolated.set(`${line.labels['reel']}\n${label}\n${line.labels[label]}`, own);
    },
    sum(): LogSummary {
      return {
        codes: [...codes.values()]
          .map(({ of, events, frames, seconds, timed }) => ({
            ...of,
            ...{ events, frames, seconds: timed > 0 ? seconds / timed : null },
          }))
          .sort(byText(({ code, host, device }) => `${code} ${host} ${device}`)),
        hours: [...hours.values()].sort(byText(({ hour }) => hour)),
        frames,
        isolated: [...isolated.values()].reduce((sum, one) => sum + one, 0),
      };
    },
  };
}

interface Sums {
  events: number;
  frames: number;
  seconds: number;
  timed: number;
}

function deviceOf({ labels: { gpu, device } }: LogLine): string {
  return gpu === undefined ? (device ?? '') : `gpu ${gpu}`;
}

function addedHour(
  before: HourCount | undefined,
  { hour, level, finished }: { readonly hour: string; readonly level: string; readonly finished: number },
): HourCount {
  const { events, warnings, errors, frames } = before ?? { events: 0, warnings: 0, errors: 0, frames: 0 };
  return {
    hour,
    events: events + 1,
    warnings: warnings + (level === 'warn' ? 1 : 0),
    errors: errors + (level === 'error' || level === 'fatal' ? 1 : 0),
    frames: frames + finished,
  };
}

function byText<Of>(text: (of: Of) => string): (a: Of, b: Of) => number {
  return (a, b) => (text(a) < text(b) ? -1 : 1);
}
