import { parseRational } from '../film/rational.ts';
import { type EdlEvent, type EdlLine, edlEvents } from './edl-lines.ts';
import type { EdlSpan, ListEntry, ShotList, ShotWishes } from './shot-list.ts';
import { type ListPlace, ShotListError } from './shot-list-error.ts';
import { readWishes } from './shot-wishes.ts';

/** Reels that are no film: black, colour bars. */
const GENERATED = /^(BL|BLACK|BARS)$/i;
/** A reel that does not say which: an auxiliary source. */
const UNSAID = /^(AX|UNKNOWN)$/i;

/**
 * Reads a CMX3600 edit decision list: the source times of its picture events. A transition takes frames of both its sides.
 *
 * @throws ShotListError that names the line
 */
export function readEdl(text: string, file: string): ShotList {
  const transitions: string[] = [];
  const retimed: string[] = [];
  const entries = edlEvents(text, file).flatMap((event) => {
    const shown = event.lines.filter(({ channels }) => /V/i.test(channels) || /^B$/i.test(channels));
    const transition = shown.findLast(({ edit }) => edit !== 'C');
    if (transition) transitions.push(transition.event);
    const wishes = wishesOf(event, file);
    return shown.flatMap((line): ListEntry[] => {
      if (GENERATED.test(line.reel)) return [];
      // The line of a transition tells where the outgoing side ends, and it goes on for as long as the transition lasts.
      const more = transition && line !== transition ? transition.frames : 0;
      const speed = speedOf(event, line, file);
      if (speed) retimed.push(line.event);
      if (line.sourceIn === line.sourceOut && more === 0 && !speed) return [];
      const span = spanOf(line, more, speed);
      return [{ name: nameOf(event, line), where: `line ${line.line}`, sources: sourcesOf(event, line), span, wishes }];
    });
  });
  if (entries.length === 0) throw new ShotListError({ file }, 'none of its events shows a picture of a reel.');
  return {
    file,
    entries,
    notes: [
      ...notesOn(transitions, file, 'of a transition: the frames of both sides are listed, as long as it lasts'),
      ...notesOn(retimed, file, 'shown at another speed (M2): the frames that it shows at that speed are listed too'),
    ],
  };
}

function notesOn(events: readonly string[], file: string, what: string): string[] {
  const [first, ...others] = [...new Set(events)];
  if (first === undefined) return [];
  const named = [first, ...others.slice(0, 4)].join(', ');
  const more = others.length > 4 ? ` and ${others.length - 4} more` : '';
  return [
    `Shot list "${file}": ${others.length === 0 ? 'event' : 'events'} ${named}${more} ${others.length === 0 ? 'is' : 'are'} ${what}.`,
  ];
}

function spanOf(line: EdlLine, more: number, speed: EdlSpan['speed']): EdlSpan {
  const { sourceIn, sourceOut, dropFrame } = line;
  const counted = (label: string) => (dropFrame ? label.replace(/:(\d+)$/, ';$1') : label);
  return {
    by: 'edl',
    in: counted(sourceIn),
    out: counted(sourceOut),
    asReel: dropFrame === null,
    more,
    ...(speed ? { speed } : {}),
  };
}

/** What follows a word at a comment's beginning, in the first comment that has it. */
function said(event: EdlEvent, word: RegExp): string | undefined {
  for (const { text } of event.comments) {
    const found = word.exec(text);
    if (found?.[1]) return found[1].trim();
  }
  return undefined;
}

/** The incoming side of a transition is the clip that it goes to. */
function nameOf(event: EdlEvent, line: EdlLine): string {
  const from = said(event, /^FROM CLIP NAME:\s*(.*)$/i);
  const to = line.edit === 'C' ? undefined : said(event, /^TO CLIP NAME:\s*(.*)$/i);
  return to ?? from ?? `event ${line.event}`;
}

/** Its reel, or where that is not said, the file that it names. */
function sourcesOf(event: EdlEvent, line: EdlLine): string[] {
  const side = line.edit === 'C' ? 'FROM' : 'TO';
  const file =
    said(event, new RegExp(`^${side} (?:CLIP|FILE):\\s*(.*)$`, 'i')) ??
    said(event, /^(?:SOURCE FILE|MEDIA FILE|FROM CLIP|FROM FILE|OTIO REFERENCE \w+):\s*(.*)$/i);
  const isFileName = /\.\w{2,4}$/.test(nameOf(event, line));
  const names = [UNSAID.test(line.reel) ? undefined : line.reel, file, isFileName ? nameOf(event, line) : undefined];
  return names.filter((name) => name !== undefined);
}

/** `M2   REEL   048.0   01:00:00:00` below an event, about the line of that reel. */
function speedOf(event: EdlEvent, line: EdlLine, file: string): EdlSpan['speed'] {
  for (const { line: at, text } of event.comments) {
    if (!/^M2\b/.test(text)) continue;
    const place = { file, where: `line ${at}` };
    const [, reel = '', fps = ''] = /^M2\s+(.*?)\s+([+-]?\d+(?:\.\d+)?)\s+[\d:;.]+$/.exec(text) ?? [];
    if (fps === '') {
      throw new ShotListError(
        place,
        `"${text}" should be M2, a reel, frames a second and a timecode. Correct it there.`,
      );
    }
    const isAbout = event.lines.find((one) => one.reel === reel.trim()) ?? event.lines.at(-1);
    if (isAbout !== line) continue;
    if (fps.startsWith('-')) {
      throw new ShotListError(
        place,
        `event ${line.event} runs backwards (${fps} frames a second), and its source times do not tell which frames that takes. Take it out of the list, or list its frames in a CSV file.`,
      );
    }
    return { in: line.recordIn, out: line.recordOut, fps: parseRational(fps.replace(/^\+/, '')) };
  }
  return undefined;
}

/** `* REELMEND: restorer=detail cast="anna k"` below an event. */
function wishesOf(event: EdlEvent, file: string): ShotWishes {
  const texts: Record<string, string> = {};
  let place: ListPlace = { file };
  for (const { line, text } of event.comments) {
    const asked = /^REELMEND:\s*(.*)$/i.exec(text)?.[1];
    if (asked === undefined) continue;
    place = { file, where: `line ${line}` };
    const rest = asked.replace(
      /([\w-]+)=(?:"([^"]*)"|(\S+))\s*/g,
      (_, name: string, quoted?: string, plain?: string) => {
        texts[name.toLowerCase()] = quoted ?? plain ?? '';
        return '';
      },
    );
    if (rest.trim() !== '') {
      throw new ShotListError(place, `"${rest.trim()}" is not name=value. Write it as restorer=detail cast="anna k".`);
    }
  }
  return readWishes(texts, place);
}
