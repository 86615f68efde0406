import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chainReader } from './chain.ts';
import {
  type EditedFrame,
  type EditedTake,
  type EditHeader,
  type EditLine,
  type EditLog,
  editLineSchema,
  type Treatment,
} from './edit-log.ts';

/** A log as it was read. */
export interface ReadLog {
  /** What it says; null where it says too little to hold anything to it. */
  readonly log: EditLog | null;
  /** What is wrong with it, a sentence each: nothing where every line is the one that was written. */
  readonly faults: readonly string[];
  /** SHA-256 of the last line: whoever has noted it elsewhere knows the whole log by it. */
  readonly seal: string;
}

/** Bytes of a log that are read at a time. */
const READ_AT_ONCE = 1 << 20;

/**
 * Reads `edit-log.jsonl`, of any length, and proves its chain to its last line. What it says is kept, its text is not; `sha256` is of the whole file.
 *
 * @throws the system's error where it cannot be read
 */
export async function readEditLogFile(path: string): Promise<ReadLog & { readonly sha256: string }> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const reader = editLogReader();
  let rest = '';
  for await (const bytes of createReadStream(path, { highWaterMark: READ_AT_ONCE })) {
    hash.update(bytes as Buffer);
    const texts = (rest + decoder.decode(bytes as Buffer, { stream: true })).split('\n');
    rest = texts.pop() ?? '';
    for (const one of texts) reader.add(one);
  }
  return { ...reader.end(rest + decoder.decode()), sha256: hash.digest('hex') };
}

/** Sorts a log's lines as they come. */
function editLogReader() {
  const chain = chainReader();
  const strange: string[] = [];
  const treatments: Treatment[] = [];
  const takes: EditedTake[] = [];
  const frames: EditedFrame[] = [];
  let header: EditHeader | null = null;
  let last: EditLine | null = null;
  let lines = 0;
  let seal = '';
  return {
    add(text: string): void {
      const line = chain.add(text);
      if (!line) return;
      lines += 1;
      seal = line.sha256;
      const said = editLineSchema.safeParse(line.said);
      if (!said.success) {
        strange.push(`Line ${line.at} says what no line of an edit log says.`);
        return;
      }
      last = said.data;
      if (last.kind === 'header') header ??= last;
      else if (last.kind === 'treatment') treatments.push(last);
      else if (last.kind === 'take') takes.push(last);
      else if (last.kind === 'frame') frames.push(last);
    },
    end(cut: string): ReadLog {
      const broken = chain.faults(cut);
      const faults = [...broken, ...strange];
      const end = last as EditLine | null;
      if (end?.kind !== 'end') {
        faults.push(`The log has no last line: lines at its end were cut off after line ${lines}.`);
      } else if (broken.length === 0 && (end.lines !== lines || end.altered !== frames.length)) {
        faults.push(
          `The last line closes a log of ${end.lines} lines and ${end.altered} altered frames; it has ${lines} and ${frames.length}.`,
        );
      }
      if (!header) faults.push('The log has no first line, which says what it is of.');
      return { log: header ? { header, treatments, takes, frames } : null, faults, seal };
    },
  };
}
