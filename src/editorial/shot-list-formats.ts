import type { FoundShots } from './found-shots.ts';
import { readCsv } from './read-csv.ts';
import { readEdl } from './read-edl.ts';
import { readOtio } from './read-otio.ts';
import type { ShotList } from './shot-list.ts';
import { ShotListError } from './shot-list-error.ts';
import { writeCsv } from './write-csv.ts';
import { writeEdl } from './write-edl.ts';
import { writeOtio } from './write-otio.ts';

/** How the lists of a kind are read and written. */
interface ShotListFormat {
  readonly read: (text: string, file: string) => ShotList;
  readonly write: (shots: FoundShots) => string;
}

const FORMATS: Readonly<Record<string, ShotListFormat>> = {
  '.csv': { read: readCsv, write: writeCsv },
  '.edl': { read: readEdl, write: writeEdl },
  '.otio': { read: readOtio, write: writeOtio },
};

/** The kinds of shot lists, by the ends of their names. */
export const SHOT_LIST_KINDS: readonly string[] = Object.keys(FORMATS);

/**
 * Reads a shot list of the kind that its file's name says: `.csv`, `.edl` or `.otio`.
 *
 * @throws ShotListError that names the line or the object
 */
export function readShotList(text: string, file: string): ShotList {
  return formatOf(file).read(text, file);
}

/**
 * The text of a shot list of the kind that its file's name says.
 *
 * @throws ShotListError for another name
 */
export function shotListText(file: string, shots: FoundShots): string {
  return formatOf(file).write(shots);
}

/** @throws ShotListError for a name that is of no kind */
export function assertShotListKind(file: string): void {
  formatOf(file);
}

function formatOf(file: string): ShotListFormat {
  const format = FORMATS[/\.[^.\\/]*$/.exec(file)?.[0].toLowerCase() ?? ''];
  if (format) return format;
  throw new ShotListError({ file }, `the kinds ${SHOT_LIST_KINDS.join(', ')} are known. Give a file of one of them.`);
}
