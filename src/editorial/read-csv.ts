import { isTimecode } from '../film/timecode.ts';
import { type CsvRecord, csvRecords } from './csv-records.ts';
import type { EntrySpan, ListEntry, ShotList } from './shot-list.ts';
import { type ListPlace, ShotListError } from './shot-list-error.ts';
import { readWishes, unknownName, WISHES } from './shot-wishes.ts';

/** Columns that say which frames are meant, both included; the first pair that a file has counts. */
const ENDS = [
  ['in', 'out'],
  ['start', 'end'],
  ['first', 'last'],
] as const;

/** Columns of lists that were written by this program, which tell and do not ask. */
const TOLD = ['faces', 'restored', 'worst', 'refused', 'damaged'] as const;

const COLUMNS: readonly string[] = ['name', ...ENDS.flat(), ...WISHES, ...TOLD];

/**
 * Reads a shot list of comma-separated values: a row a shot, under a row of names.
 *
 * @throws ShotListError that names the line
 */
export function readCsv(text: string, file: string): ShotList {
  const [header, ...rows] = csvRecords(text, file);
  if (!header) throw new ShotListError({ file }, 'it is empty. Its first line names the columns: name,in,out.');
  const columns = columnsOf(header, file);
  const ends = endsOf(columns, { file, where: `line ${header.line}` });
  const entries = rows.map((row): ListEntry => {
    const place = { file, where: `line ${row.line}` };
    if (row.cells.length > columns.length) {
      throw new ShotListError(
        place,
        `it has ${row.cells.length} cells, and the first line names ${columns.length} columns. Quote cells that hold a separator.`,
      );
    }
    const cell = (name: string) => row.cells[columns.indexOf(name)]?.trim() ?? '';
    const wishes = Object.fromEntries(
      WISHES.filter((name) => columns.includes(name)).map((name) => [name, cell(name)]),
    );
    return {
      name: cell('name') || `row ${row.line}`,
      where: place.where,
      sources: [],
      span: spanOf([ends[0], cell(ends[0])], [ends[1], cell(ends[1])], place),
      wishes: readWishes(wishes, place),
    };
  });
  if (entries.length === 0) throw new ShotListError({ file }, 'it lists no shot. Add a row for each.');
  return { file, entries, notes: [] };
}

function columnsOf({ cells, line }: CsvRecord, file: string): string[] {
  const place = { file, where: `line ${line}` };
  const columns = cells.map((cell) => cell.trim().toLowerCase());
  while (columns.at(-1) === '') columns.pop();
  for (const [k, column] of columns.entries()) {
    if (!COLUMNS.includes(column)) throw unknownName(cells[k]?.trim() ?? '', COLUMNS, place);
    if (columns.indexOf(column) !== k) {
      throw new ShotListError(place, `the column "${column}" is named twice. Leave one out.`);
    }
  }
  return columns;
}

function endsOf(columns: readonly string[], place: ListPlace): (typeof ENDS)[number] {
  const found = ENDS.find(([first, last]) => columns.includes(first) && columns.includes(last));
  if (found) return found;
  throw new ShotListError(
    place,
    `the columns "in" and "out" were expected, but its columns are: ${columns.join(', ') || 'none'}. Name them in the first line.`,
  );
}

function spanOf(
  [firstName, first]: readonly [string, string],
  [lastName, last]: readonly [string, string],
  place: ListPlace,
): EntrySpan {
  for (const [name, value] of [
    [firstName, first],
    [lastName, last],
  ] as const) {
    if (/^\d+$/.test(value) || isTimecode(value)) continue;
    throw new ShotListError(
      place,
      `"${name}" should be a frame number such as 1001, or a timecode such as 01:00:10:00, but is ${value === '' ? 'empty' : `"${value}"`}. Correct it there.`,
    );
  }
  if (isTimecode(first) !== isTimecode(last)) {
    throw new ShotListError(
      place,
      `"${first}" and "${last}" are a frame number and a timecode. Write both in the same way.`,
    );
  }
  if (isTimecode(first)) return { by: 'label', first, last };
  if (Number(last) < Number(first)) {
    throw new ShotListError(
      place,
      `it ends at ${last}, before it begins at ${first}. Both are included; exchange them.`,
    );
  }
  return { by: 'number', first: Number(first), last: Number(last) };
}
