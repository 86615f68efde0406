import { type ListPlace, ShotListError } from './shot-list-error.ts';

/** A record of a CSV file. */
export interface CsvRecord {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The records of a text of comma-separated values (RFC 4180): cells may be quoted, and hold separators, line ends and doubled quotes
 * then. Lines may end as on any system; empty ones are left out. Cells may be separated by semicolons or tabs, as the first line has
 * them.
 *
 * @throws ShotListError for a quote that is not closed, or stands within a cell
 */
export function csvRecords(text: string, file: string): CsvRecord[] {
  const separator = separatorOf(text);
  const records: CsvRecord[] = [];
  let [at, line] = [text.startsWith('\uFEFF') ? 1 : 0, 1];
  while (at < text.length) {
    const begins = line;
    const cells: string[] = [];
    for (;;) {
      const cell =
        text[at] === '"' ? quotedCell(text, at, { file, where: `line ${line}` }) : plainCell(text, at, separator);
      cells.push(cell.value);
      line += cell.lines;
      at = cell.end;
      if (text[at] !== separator) break;
      at += 1;
    }
    if (at < text.length && !isLineEnd(text, at)) {
      throw new ShotListError(
        { file, where: `line ${line}` },
        'text follows a closing quote. Double the quotes within a quoted cell.',
      );
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line += 1;
    if (cells.some((cell) => cell.trim() !== '')) records.push({ line: begins, cells });
  }
  return records;
}

/** Records as text, lines ended as RFC 4180 has it. */
export function csvText(records: readonly (readonly string[])[]): string {
  const cell = (value: string) => (/[",\r\n;]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return records.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** The separator that the first line has most of. */
function separatorOf(text: string): string {
  const [first = ''] = text.split(/\r\n|\r|\n/, 1);
  const bare = first.replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((one) => [one, bare.split(one).length] as const);
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r';
}

interface Cell {
  readonly value: string;
  /** Where the text goes on. */
  readonly end: number;
  /** Line ends within it. */
  readonly lines: number;
}

function plainCell(text: string, from: number, separator: string): Cell {
  let end = from;
  while (end < text.length && text[end] !== separator && !isLineEnd(text, end)) end += 1;
  return { value: text.slice(from, end), end, lines: 0 };
}

function quotedCell(text: string, from: number, place: ListPlace): Cell {
  let value = '';
  for (let at = from + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new ShotListError(place, 'a quote is opened and not closed. Close it, or double it.');
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      return { value, end: quote + 1, lines: value.split(/\r\n|\r|\n/).length - 1 };
    }
    value += '"';
    at = quote + 2;
  }
}
