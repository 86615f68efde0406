import type { EventLabels, RunEvent } from '../log/run-event.ts';
import type { CliIo } from './cli-io.ts';
import type { LogWish } from './log-options.ts';

/** The log and the metrics that a command was asked for. */
export interface EventSinks extends AsyncDisposable {
  tell(event: RunEvent): void;
}

/**
 * Opens them. What goes wrong with the log is told on standard error, once.
 *
 * @param labels of every event
 * @throws UsageError where metrics cannot be served
 */
export async function openEventSinks(
  { stderr }: Pick<CliIo, 'stderr'>,
  { log: path, metrics: address }: LogWish,
  labels: EventLabels,
): Promise<EventSinks> {
  // Loaded on use: a command without them starts sooner.
  const metrics = address && (await (await import('../log/metrics.ts')).serveMetrics(address));
  if (metrics) stderr.write(`Metrics  ${metrics.url}\n`);
  // A live line may stand there.
  const onTrouble = (sentence: string) => void stderr.write(`${stderr.isTTY ? '\n' : ''}Note: ${sentence}\n`);
  const gpu = process.env['CUDA_VISIBLE_DEVICES'];
  const log =
    path === undefined
      ? undefined
      : (await import('../log/event-log.ts')).openEventLog(path, { gpu, ...labels }, onTrouble);
  return {
    tell(event) {
      log?.write(event);
      metrics?.observe(event);
    },
    async [Symbol.asyncDispose]() {
      log?.[Symbol.dispose]();
      await metrics?.[Symbol.asyncDispose]();
    },
  };
}
