/** A line of a log, as far as questions are asked of it. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: string;
  readonly code: string;
  readonly host: string;
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly seconds: number | null;
  readonly reason: string | null;
  /** Class and message of what failed. */
  readonly error: { readonly type: string; readonly message: string } | null;
  /** The line as it was written. */
  readonly text: string;
}

/** How every line begins: what comes behind a line that a kill or a full disk cut off. */
const BEGIN = '{"log.level"';

/** What a line of a file says: an event; where it follows a cut-off line, an event behind damage; or damage alone. */
export interface FoundLine {
  readonly line: LogLine | null;
  readonly isDamaged: boolean;
}

/** Reads a line; null for an empty one. */
export function readLine(text: string): FoundLine | null {
  if (text.trim() === '') return null;
  const line = parseLine(text);
  if (line) return { line, isDamaged: false };
  const begin = text.lastIndexOf(BEGIN);
  return { line: begin > 0 ? parseLine(text.slice(begin)) : null, isDamaged: true };
}

/** Null where it is no line of a log. Fields may be dotted, as they were written, or nested, as Elasticsearch gives them back. */
function parseLine(text: string): LogLine | null {
  const fields = parsedObject(text);
  if (!fields) return null;
  const words = (path: string) => {
    const value = fieldAt(fields, path);
    return typeof value === 'string' ? value : null;
  };
  const time = Date.parse(words('@timestamp') ?? '');
  const code = words('event.code');
  if (code === null || Number.isNaN(time)) return null;
  const type = words('error.type');
  const duration = fieldAt(fields, 'event.duration');
  return {
    time,
    code,
    level: words('log.level') ?? 'info',
    host: words('host.hostname') ?? words('host.name') ?? '',
    message: words('message') ?? '',
    labels: ofKind(fieldAt(fields, 'labels'), 'string') as LogLine['labels'],
    counts: ofKind(fieldAt(fields, 'reelmend'), 'number') as LogLine['counts'],
    seconds: typeof duration === 'number' ? duration / 1e9 : null,
    reason: words('reelmend.reason'),
    error: type === null ? null : { type, message: words('error.message') ?? '' },
    text,
  };
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldAt(fields: Readonly<Record<string, unknown>>, path: string): unknown {
  if (path in fields) return fields[path];
  const dot = path.indexOf('.');
  const inner = dot < 0 ? undefined : fields[path.slice(0, dot)];
  return isRecord(inner) ? fieldAt(inner, path.slice(dot + 1)) : undefined;
}

function ofKind(value: unknown, kind: 'string' | 'number'): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one === kind));
}
