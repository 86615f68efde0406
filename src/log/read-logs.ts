import { linesOf } from './log-files.ts';
import { type LogLine, readLine } from './log-line.ts';

/** What is wrong with a file of a log. */
export interface FileFault {
  readonly path: string;
  /** Lines that are none of a log's, or were cut off. */
  damaged: number;
  /** Why reading it ended early. */
  early: string | null;
}

/** Lines of logs in the order of their times, and what was wrong, to be asked when they have ended. */
export interface LogReading {
  readonly lines: AsyncIterable<LogLine>;
  faults(): readonly FileFault[];
}

/** One file, whose next line waits. */
interface OpenFile {
  readonly lines: AsyncGenerator<LogLine>;
  next: LogLine | undefined;
}

/**
 * Reads files of logs line by line, and their lines together in the order of their times, as far as each file is in order. A file is
 * opened when its first line comes, so that a year of rotated files needs few at a time.
 */
export function readLogs(paths: readonly string[]): LogReading {
  const faults = paths.map((path): FileFault => ({ path, damaged: 0, early: null }));
  return {
    lines: merged(faults),
    faults: () => faults.filter(({ damaged, early }) => damaged > 0 || early !== null),
  };
}

async function* merged(files: readonly FileFault[]): AsyncGenerator<LogLine> {
  const begins: { readonly file: FileFault; readonly time: number }[] = [];
  for (const file of files) {
    const time = await firstTime(file.path);
    // Read all the same: what is wrong with it is told.
    begins.push({ file, time: time ?? -Infinity });
  }
  begins.sort((a, b) => a.time - b.time);
  const open: OpenFile[] = [];
  try {
    for (;;) {
      let [earliest] = open;
      for (const one of open) if (earliest && timeOf(one) < timeOf(earliest)) earliest = one;
      const begin = begins[0];
      if (begin && (!earliest || begin.time <= timeOf(earliest))) {
        begins.shift();
        const lines = eventsOf(begin.file);
        const file: OpenFile = { lines, next: await nextOf(lines) };
        if (file.next) open.push(file);
        continue;
      }
      if (!earliest?.next) return;
      yield earliest.next;
      earliest.next = await nextOf(earliest.lines);
      if (!earliest.next) open.splice(open.indexOf(earliest), 1);
    }
  } finally {
    for (const { lines } of open) await lines.return(undefined);
  }
}

function timeOf({ next }: OpenFile): number {
  return next?.time ?? Number.POSITIVE_INFINITY;
}

async function nextOf(lines: AsyncGenerator<LogLine>): Promise<LogLine | undefined> {
  const { value, done } = await lines.next();
  return done ? undefined : value;
}

async function firstTime(path: string): Promise<number | null> {
  for await (const text of linesOf(path, () => {})) {
    const time = text === null ? undefined : readLine(text)?.line?.time;
    if (time !== undefined) return time;
  }
  return null;
}

async function* eventsOf(file: FileFault): AsyncGenerator<LogLine> {
  const early = (why: string) => {
    file.early = why;
  };
  for await (const text of linesOf(file.path, early)) {
    const found = text === null ? { line: null, isDamaged: true } : readLine(text);
    if (found?.isDamaged) file.damaged += 1;
    if (found?.line) yield found.line;
  }
}
