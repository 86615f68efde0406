import { codeMeaning } from './event-codes.ts';
import type { EventLabels, RunEvent } from './run-event.ts';

/** Fields of the Elastic Common Schema (8.10), dotted, those of this program under `reelmend`. */
export type EcsFields = Readonly<Record<string, unknown>>;

const NANOSECONDS = 1e9;

/**
 * An event as the fields of a line. An error's class is `error.type`, and never given to the formatter as `err`, which would write the
 * class over a type of one's own: what is searched for is `event.code`.
 */
export function ecsFields({ code, labels, counts, seconds, reason, error }: RunEvent, base: EventLabels): EcsFields {
  const { type } = codeMeaning(code);
  const counted = { ...withoutGaps(counts ?? {}), ...(reason === undefined ? {} : { reason }) };
  return {
    'event.kind': 'event',
    'event.category': ['process'],
    'event.type': [type],
    'event.code': code,
    'event.outcome': code.startsWith('E_') ? 'failure' : type === 'end' ? 'success' : 'unknown',
    ...(seconds === undefined ? {} : { 'event.duration': Math.round(seconds * NANOSECONDS) }),
    labels: textOf({ ...base, ...withoutGaps(labels ?? {}) }),
    ...(Object.keys(counted).length > 0 ? { reelmend: counted } : {}),
    ...(error === undefined ? {} : errorFields(error)),
  };
}

function errorFields(error: unknown): EcsFields {
  if (!(error instanceof Error)) return { 'error.type': typeof error, 'error.message': String(error) };
  const { name, message, stack, code } = error as NodeJS.ErrnoException;
  return {
    'error.type': name,
    'error.message': message,
    ...(typeof code === 'string' ? { 'error.code': code } : {}),
    ...(stack === undefined ? {} : { 'error.stack_trace': stack }),
  };
}

/** Labels are keywords: numbers in some lines and text in others would be two kinds of one field. */
function textOf(labels: EventLabels): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(withoutGaps(labels)).map(([name, value]) => [name, String(value)]));
}

function withoutGaps<Of extends object>(record: Of): Of {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Of;
}
