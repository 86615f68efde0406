import type { EventCounts, EventLabels, RunEvent } from '../log/run-event.ts';
import type { Progress } from '../pipeline/job.ts';
import type { RunOptions } from '../pipeline/run-options.ts';
import { stageClock } from '../pipeline/work/stage-clock.ts';
import type { CliIo } from './cli-io.ts';
import { type EventSinks, openEventSinks } from './event-sinks.ts';
import { EXIT, exitCodeOf } from './exit.ts';
import type { LogWish } from './log-options.ts';
import { withProgress } from './with-progress.ts';

/** What a run is called, and who is told of it. */
export interface RunToTell extends LogWish {
  readonly labels: EventLabels;
  /** No progress. */
  readonly quiet: boolean;
  /** Those of several runs, which stay open; opened for this run alone where absent. */
  readonly sinks?: Pick<EventSinks, 'tell'>;
}

/** What is told of a result. */
export interface RunEnd {
  readonly counts: EventCounts;
  /** What happened beside, told before the end. */
  readonly events?: readonly RunEvent[];
}

/**
 * Runs `work`, shows its progress on standard error, and tells its events to log and metrics, those of its begin, its stages and its end
 * among them.
 */
export async function toldRun<Result>(
  io: CliIo,
  { labels, quiet, sinks: shared, ...wish }: RunToTell,
  work: (run: RunOptions) => Promise<Result>,
  endOf: (result: Result) => RunEnd,
): Promise<Result> {
  await using own = shared ? null : await openEventSinks(io, wish, labels);
  const { tell } = (shared ?? own) as Pick<EventSinks, 'tell'>;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  tell({ code: 'RUN_STARTED' });
  try {
    const result = await withProgress(io, quiet, async ({ onProgress, signal }) => {
      const stages = toldStages(onProgress, tell);
      const done = await work({ onProgress: stages.onProgress, onEvent: tell, signal });
      stages.seconds();
      return done;
    });
    const { counts, events = [] } = endOf(result);
    for (const event of events) tell(event);
    tell({ code: 'RUN_FINISHED', counts, seconds: seconds() });
    return result;
  } catch (error) {
    tell(
      io.signal.aborted
        ? { code: 'RUN_STOPPED', counts: { exit: EXIT.interrupted }, seconds: seconds() }
        : { code: 'E_RUN_FAILED', counts: { exit: exitCodeOf(error) }, seconds: seconds(), error },
    );
    throw error;
  }
}

/** Tells of each stage that has ended. */
function toldStages(pass: (progress: Progress) => void, tell: (event: RunEvent) => void) {
  return stageClock(pass, (stage, seconds) => tell({ code: 'STAGE_FINISHED', labels: { stage }, seconds }));
}
