import { readChain } from './chain.ts';
import { type EditLine, type EditLog, editLineSchema } from './edit-log.ts';

/** A log as it was read. */
export interface ReadLog {
  /** What it says; null where it says too little to hold anything to it. */
  readonly log: EditLog | null;
  /** What is wrong with it, a sentence each: nothing where every line is the one that was written. */
  readonly faults: readonly string[];
  /** SHA-256 of the last line: whoever has noted it elsewhere knows the whole log by it. */
  readonly seal: string;
}

/** Reads `edit-log.jsonl`, and proves its chain to its last line. */
export function readEditLog(text: string): ReadLog {
  const { lines, faults: broken } = readChain(text);
  const faults = [...broken];
  const said: EditLine[] = [];
  for (const line of lines) {
    const one = editLineSchema.safeParse(line.said);
    if (one.success) said.push(one.data);
    else faults.push(`Line ${line.at} says what no line of an edit log says.`);
  }
  const end = said.at(-1);
  const frames = said.filter((line) => line.kind === 'frame');
  if (end?.kind !== 'end') {
    faults.push(`The log has no last line: lines at its end were cut off after line ${lines.length}.`);
  } else if (broken.length === 0 && (end.lines !== lines.length || end.altered !== frames.length)) {
    faults.push(
      `The last line closes a log of ${end.lines} lines and ${end.altered} altered frames; it has ${lines.length} and ${frames.length}.`,
    );
  }
  const header = said.find((line) => line.kind === 'header');
  const log = header
    ? {
        header,
        treatments: said.filter((line) => line.kind === 'treatment'),
        takes: said.filter((line) => line.kind === 'take'),
        frames,
      }
    : null;
  if (!log) faults.push('The log has no first line, which says what it is of.');
  return { log, faults, seal: lines.at(-1)?.sha256 ?? '' };
}
