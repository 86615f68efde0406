import { ecsFields } from '../../src/log/ecs-fields.ts';
import { codeMeaning } from '../../src/log/event-codes.ts';
import type { RunEvent } from '../../src/log/run-event.ts';

/** A line as a log of a machine has it, at a time, without what it is not asked for. */
export function drawnLine(time: string, event: RunEvent, host = 'render-01'): string {
  const { level, meaning } = codeMeaning(event.code);
  const head = { 'log.level': level, '@timestamp': time, 'host.hostname': host };
  return `${JSON.stringify({ ...head, ...ecsFields(event, {}), message: event.message ?? meaning })}\n`;
}
