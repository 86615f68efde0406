import { Observable, type Observer, type OperatorFunction } from 'rxjs';
import type { Progress } from '../pipeline/job.ts';
import { formatSeconds } from '../report/format-seconds.ts';
import { type Pace, paceMeter } from './pace.ts';

export interface ProgressLine {
  readonly stage: Progress['stage'];
  readonly text: string;
  /** True for the first line of a stage and for the one at its end. */
  readonly turn: boolean;
}

/**
 * Turns progress into lines: one when a stage begins or is done, and in between one every `interval` seconds at most.
 *
 * @param now seconds of a clock that does not go back
 */
export function progressLines(
  interval: number,
  now: () => number = () => performance.now() / 1000,
): OperatorFunction<Progress, ProgressLine> {
  return (source) =>
    new Observable((subscriber) => {
      let stage: Progress['stage'] | undefined;
      let measure = paceMeter();
      let last = -Infinity;
      return source.subscribe({
        next(progress) {
          const seconds = now();
          const isNew = progress.stage !== stage;
          if (isNew) {
            stage = progress.stage;
            measure = paceMeter();
          }
          const pace = measure(progress.done, progress.total, seconds);
          const turn = isNew || (progress.total > 0 && progress.done >= progress.total);
          if (!turn && seconds - last < interval) return;
          last = seconds;
          subscriber.next({ stage: progress.stage, text: progressText(progress, pace), turn });
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

const LABELS: Readonly<Record<Progress['stage'], string>> = {
  models: 'Fetching models',
  reading: 'Reading',
  tracking: 'Tracking faces',
  rendering: 'Restoring',
  conforming: 'Joining',
  mastering: 'Encoding masters',
  verifying: 'Checking',
  report: 'Reporting',
  copying: 'Copying',
};

/** `Tracking faces  120/240 frames (50 %), 31.2 frames/s, 4 s left, 2 faces, 34 runs made, 326 skipped`. */
export function progressText(progress: Progress, pace: Pace): string {
  const { done, total, unit, faces, runs, skipped } = progress;
  const parts: string[] = [];
  if (total > 0) parts.push(`${amount(done)}/${amount(total)} ${unit} (${Math.floor((100 * done) / total)} %)`);
  else if (done > 0) parts.push(`${amount(done)} ${unit}`);
  if (pace.rate !== null) parts.push(`${pace.rate.toFixed(1)} ${unit}/s`);
  if (pace.remaining !== null && done < total) parts.push(`${formatSeconds(pace.remaining)} left`);
  if (faces !== undefined) parts.push(faces === 1 ? '1 face' : `${faces} faces`);
  if (runs !== undefined) parts.push(`${runs} runs made`);
  if (skipped !== undefined) parts.push(`${skipped} skipped`);
  return `${LABELS[progress.stage]}  ${parts.join(', ')}`.trimEnd();
}

/** Whole frames; megabytes to a tenth. */
function amount(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** The part of a terminal or file that progress is written to. */
export interface LineSink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** True where nobody reads any more. */
  readonly isClosed?: boolean;
}

/** One line of a terminal, rewritten in place; each stage's last state stays. Without colour, cut to the window's width. */
export function liveLine(sink: LineSink): Observer<ProgressLine> {
  let open: Progress['stage'] | undefined;
  const close = () => {
    if (open) sink.write('\n');
    open = undefined;
  };
  return {
    next({ stage, text }) {
      if (open && open !== stage) close();
      open = stage;
      // ECMA-48: carriage return, then erase to the end of the line.
      sink.write(`\r${cut(text, (sink.columns ?? 80) - 1)}\x1b[K`);
    },
    error: close,
    complete: close,
  };
}

/** A line each, for files and pipes. */
export function plainLines(sink: LineSink): Observer<ProgressLine> {
  return {
    next: ({ text }) => void sink.write(`${text}\n`),
    error: () => {},
    complete: () => {},
  };
}

function cut(text: string, columns: number): string {
  return text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text;
}
