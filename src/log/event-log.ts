import { hostname } from 'node:os';
import { ecsFormat } from '@elastic/ecs-pino-format';
import { pino } from 'pino';
import { packageVersion } from '../disk/package-version.ts';
import { ecsFields } from './ecs-fields.ts';
import { codeMeaning } from './event-codes.ts';
import { openLogFile, standardOutput } from './log-file.ts';
import type { EventLabels, RunEvent } from './run-event.ts';

/** Where events are written. Whatever becomes of a line, writing it never throws. */
export interface EventLog extends Disposable {
  write(event: RunEvent): void;
}

/** What all lines have, beside what the process and the machine are. */
const DATASET = 'reelmend';

/**
 * A log of events: one line of JSON each, in the Elastic Common Schema. Any number of processes of a machine may share a file. A line
 * is in the file when `write` returns.
 *
 * @param path a file, which is appended to, or `-` for standard output
 * @param base labels of every event, unless the event has its own
 * @param onTrouble called with a sentence once, when a line could not be written. Later ones are tried all the same, and `E_LOG_LOST`
 * tells how many are missing when one succeeds.
 */
export function openEventLog(
  path: string,
  base: EventLabels = {},
  onTrouble: (sentence: string) => void = () => {},
): EventLog {
  const file = path === '-' ? standardOutput() : openLogFile(path);
  const name = path === '-' ? 'standard output' : `"${path}"`;
  let lost = 0;
  let isTold = false;
  const host = hostname();
  const logger = pino(
    {
      ...ecsFormat({
        serviceName: 'reelmend',
        serviceVersion: packageVersion(),
        eventDataset: DATASET,
        apmIntegration: false,
      }),
      base: { pid: process.pid, hostname: host, 'host.name': host },
    },
    { write: (line) => file.append(line) },
  );
  const written = (event: RunEvent) => {
    const { level, meaning } = codeMeaning(event.code);
    logger[level](ecsFields(event, base), event.message ?? meaning);
  };
  return {
    write(event) {
      try {
        if (lost > 0) written({ code: 'E_LOG_LOST', counts: { lines: lost } });
        lost = 0;
        written(event);
      } catch (error) {
        lost += 1;
        if (isTold) return;
        isTold = true;
        const why = error instanceof Error ? error.message : String(error);
        onTrouble(
          `Events are missing from the log: ${name} cannot be written (${why}). The run goes on, and later events are tried.`,
        );
      }
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}
