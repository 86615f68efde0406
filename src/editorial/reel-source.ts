import type { Reel } from '../film/reel.ts';
import { lastPart, numberedName, reelFileName, reelStem } from '../film/reel-name.ts';
import { advanceTimecode } from '../film/timecode.ts';
import type { ListEntry, ShotList } from './shot-list.ts';
import { ShotListError } from './shot-list-error.ts';

/** Letters and digits of a reel's name in an edit decision list, at most. */
const REEL_NAME = 8;

/**
 * The timecode by which edit decision lists name a reel's frames: its own, or where it has none 00:00:00:00 for the first frame of a
 * movie and for number 0 of a folder.
 */
export function editorialStart(reel: Reel): string {
  const own = reel.timecode === undefined ? null : advanceTimecode(reel.timecode, 0, reel.rate);
  const zero = '00:00:00:00';
  return own ?? (reel.kind === 'folder' ? advanceTimecode(zero, reel.first, reel.rate) : null) ?? zero;
}

/** The name of a reel as an edit decision list may have it: eight capital letters and digits. */
export function edlReelName(reel: Pick<Reel, 'path'>): string {
  return plain(reelStem(reel)).slice(0, REEL_NAME) || 'REEL';
}

/**
 * The entries that are cut from the reel. A list that names one source alone, or none, is about the reel; of several, those of the
 * reel's name are taken.
 *
 * @throws ShotListError where several are named and none is the reel
 */
export function entriesOf({ file, entries }: ShotList, reel: Reel): { entries: readonly ListEntry[]; notes: string[] } {
  const named = new Map(
    entries.flatMap(({ sources }) =>
      sources[0] === undefined ? [] : [[plain(stemOf(lastPart(sources[0]))), sources[0]]],
    ),
  );
  const own = entries.filter(({ sources }) => sources.length === 0 || sources.some((source) => isNameOf(source, reel)));
  const others = [...named.values()]
    .filter((source) => !isNameOf(source, reel))
    .map((source) => `"${lastPart(source)}"`);
  const shown = `${others.slice(0, 5).join(', ')}${others.length > 5 ? ` and ${others.length - 5} more` : ''}`;
  if (named.size <= 1) {
    const note = `Shot list "${file}" is of ${shown}; its entries were taken as this reel's.`;
    return { entries, notes: others.length > 0 ? [note] : [] };
  }
  if (own.length === 0) {
    throw new ShotListError(
      { file },
      `it is cut from several reels, ${shown}, and none is called as "${reelFileName(reel)}". Name the reel in it, or leave the entries of others out.`,
    );
  }
  const left = entries.length - own.length;
  const note = `Shot list "${file}": ${left} of ${entries.length} entries are of other reels (${shown}) and were left out.`;
  return { entries: own, notes: left > 0 ? [note] : [] };
}

function isNameOf(source: string, reel: Reel): boolean {
  const names = [reelFileName(reel), reelStem(reel), numberedName(reel)?.prefix ?? ''].map(plain).filter(Boolean);
  const asked = [plain(lastPart(source)), plain(stemOf(lastPart(source)))];
  return names.some((name) => asked.includes(name) || asked.includes(name.slice(0, REEL_NAME)));
}

function stemOf(name: string): string {
  return name.replace(/\.\w{2,5}$/, '');
}

function plain(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '');
}
