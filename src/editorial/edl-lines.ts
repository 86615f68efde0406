import { type ListPlace, ShotListError } from './shot-list-error.ts';

/** A line of a CMX3600 edit decision list that names frames. */
export interface EdlLine {
  readonly line: number;
  readonly event: string;
  readonly reel: string;
  /** `V`, `B`, `A2/V` … */
  readonly channels: string;
  /** `C`, `D`, `W001`, `K` … */
  readonly edit: string;
  /** Frames of a transition; 0 for a cut. */
  readonly frames: number;
  readonly sourceIn: string;
  readonly sourceOut: string;
  readonly recordIn: string;
  readonly recordOut: string;
  /** What the file said of counting before it: `FCM: DROP FRAME`, `FCM: NON-DROP FRAME`, or nothing. */
  readonly dropFrame: boolean | null;
}

/** An event: its lines, of which a transition has two, and what is said of them below. */
export interface EdlEvent {
  readonly lines: readonly [EdlLine, ...EdlLine[]];
  /** Without their star, with the number of their line. */
  readonly comments: readonly { readonly line: number; readonly text: string }[];
}

const TIME = /^\d{1,2}[:;.]\d\d[:;.]\d\d[:;.]\d{2,3}$/;
const EDIT = /^(C|D|W\d{1,3}|K[BO]?)$/;

/**
 * The events of an edit decision list.
 *
 * @throws ShotListError that names the line, for an event that lacks something, and for a file without any
 */
export function edlEvents(text: string, file: string): EdlEvent[] {
  const events: { lines: [EdlLine, ...EdlLine[]]; comments: { line: number; text: string }[] }[] = [];
  let dropFrame: boolean | null = null;
  for (const [k, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const [line, written] = [k + 1, raw.trim()];
    const counting = /^FCM:\s*(NON)?[\s-]*DROP/i.exec(written);
    if (counting) {
      dropFrame = counting[1] === undefined;
    } else if (/^\d/.test(written)) {
      const read = { ...eventLine(written, { file, where: `line ${line}` }), line, dropFrame };
      const last = events.at(-1);
      if (last && last.lines[0].event === read.event) last.lines.push(read);
      else events.push({ lines: [read], comments: [] });
    } else if (written !== '') {
      events.at(-1)?.comments.push({ line, text: written.replace(/^\*\s*/, '') });
    }
  }
  if (events.length === 0) {
    throw new ShotListError(
      { file },
      'it has no event. A line such as "001  REEL V C 01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00" was expected.',
    );
  }
  return events;
}

function eventLine(written: string, place: ListPlace): Omit<EdlLine, 'line' | 'dropFrame'> {
  const words = written.split(/\s+/);
  const times = words.slice(-4);
  const [event = '', reel = '', channels = '', edit = '', frames = '0', ...more] = words.slice(0, -4);
  if (words.length < 8 || more.length > 0 || !times.every((time) => TIME.test(time))) {
    const found = words.filter((word) => TIME.test(word)).length;
    throw new ShotListError(
      place,
      `an event with number, reel, channels, edit and four timecodes was expected, but "${written}" has ${found} timecodes${found === 4 ? ` and ${words.length - 4} other words` : ''}. Complete it.`,
    );
  }
  if (!EDIT.test(edit)) {
    throw new ShotListError(place, `"${edit}" is no kind of edit. C, D, W and a number, K, KB and KO are known.`);
  }
  if (!/^\d+$/.test(frames)) {
    throw new ShotListError(place, `"${frames}" should be the number of frames of the transition. Correct it there.`);
  }
  const [sourceIn, sourceOut, recordIn, recordOut] = times.map(withColons) as [string, string, string, string];
  return { event, reel, channels, edit, frames: Number(frames), sourceIn, sourceOut, recordIn, recordOut };
}

/** `01;00;10;00` is `01:00:10;00`. */
function withColons(label: string): string {
  const [hours, minutes, seconds, frames] = label.split(/[:;.]/);
  return `${hours}:${minutes}:${seconds}${/[;.]\d+$/.test(label) ? ';' : ':'}${frames}`;
}
