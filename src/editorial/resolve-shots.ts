import { type FrameRange, lengthOf } from '../film/range.ts';
import { type Rational, toNumber } from '../film/rational.ts';
import { plus, times } from '../film/rational-arithmetic.ts';
import { describeFrames, type Reel } from '../film/reel.ts';
import { framesFrom, isDropFrame, nominalRate, timecodeCount, timecodeFault } from '../film/timecode.ts';
import { exactly } from './otio-time.ts';
import { editorialStart, entriesOf } from './reel-source.ts';
import type { EdlSpan, ListEntry, MediaSpan, ShotList, ShotWishes } from './shot-list.ts';
import { type ListPlace, ShotListError } from './shot-list-error.ts';

/** A shot that a list names: frames of the reel, counted from its first. */
export interface ListedShot extends FrameRange {
  readonly name: string;
  /** Where its list names it. */
  readonly place: ListPlace;
  readonly wishes: ShotWishes;
}

/**
 * The shots that a list names, in order and apart from each other.
 *
 * Entries that overlap and ask for the same are joined.
 *
 * @throws ShotListError for frames that the reel does not have, and for entries that overlap and ask for different things
 */
export function resolveShots(
  list: ShotList,
  reel: Reel,
): { readonly shots: readonly ListedShot[]; readonly notes: readonly string[] } {
  const { entries, notes: left } = entriesOf(list, reel);
  const found = entries.map((entry) => resolved(entry, { file: list.file, where: entry.where }, reel));
  const { shots, joined } = apart(found, reel);
  const notes = [...list.notes, ...left];
  if (joined.length > 0) {
    const shown = `${joined.slice(0, 3).join('; ')}${joined.length > 3 ? `; and ${joined.length - 3} more` : ''}`;
    notes.push(`Shot list "${list.file}": entries that repeat or overlap others were joined with them: ${shown}.`);
  }
  return { shots, notes };
}

function apart(found: readonly ListedShot[], reel: Reel): { shots: ListedShot[]; joined: string[] } {
  const shots: ListedShot[] = [];
  const joined: string[] = [];
  for (const shot of [...found].sort((a, b) => a.in - b.in || b.out - a.out)) {
    const last = shots.at(-1);
    if (!last || shot.in >= last.out) {
      shots.push(shot);
      continue;
    }
    if (!sameWishes(last.wishes, shot.wishes)) {
      const fewer = last.wishes.handles || shot.wishes.handles ? ', or give fewer handles' : '';
      throw new ShotListError(
        shot.place,
        `"${shot.name}" overlaps "${last.name}" (${last.place.where}) in frame ${reel.first + shot.in}, and asks for something else there. Let them ask for the same, or end one before the other${fewer}.`,
      );
    }
    joined.push(`${shot.place.where} with ${last.place.where}`);
    shots[shots.length - 1] = { ...last, out: Math.max(last.out, shot.out) };
  }
  return { shots, joined };
}

/** Notes and handles change nothing of what is made of a frame. */
function sameWishes(a: ShotWishes, b: ShotWishes): boolean {
  return a.restorer === b.restorer && a.preset === b.preset && a.cast === b.cast;
}

function resolved(entry: ListEntry, place: ListPlace, reel: Reel): ListedShot {
  const { name, wishes } = entry;
  const { core, before, behind, written } = framesOf(entry, place, reel);
  if (lengthOf(core) < 0) {
    throw new ShotListError(place, `"${name}", ${written}, ends before it begins. Exchange its ends.`);
  }
  if (core.in < 0 || core.out > reel.frames || lengthOf(core) + before + behind === 0) {
    throw new ShotListError(
      place,
      `"${name}" is ${written}, but "${reel.path}" has ${describeFrames(reel)}. Correct it, or leave it out.`,
    );
  }
  const { handles = 0 } = wishes;
  const range = {
    in: Math.max(0, core.in - before - handles),
    out: Math.min(reel.frames, core.out + behind + handles),
  };
  return { ...range, name, place, wishes };
}

/** The frames of an entry as it is written, and those that it takes beside them where the reel has them. */
interface Frames {
  readonly core: FrameRange;
  readonly before: number;
  readonly behind: number;
  /** How the entry names them. */
  readonly written: string;
}

function framesOf({ span }: ListEntry, place: ListPlace, reel: Reel): Frames {
  const alone = { before: 0, behind: 0 };
  switch (span.by) {
    case 'number':
      return {
        core: { in: span.first - reel.first, out: span.last + 1 - reel.first },
        written: `frames ${span.first} to ${span.last}`,
        ...alone,
      };
    case 'label': {
      if (reel.timecode === undefined || timecodeCount(reel.timecode, reel.rate) === null) {
        throw new ShotListError(
          place,
          `it names frames by timecode, and "${reel.path}" has none that can be read. Give frame numbers: it has ${describeFrames(reel)}.`,
        );
      }
      const at = (label: string) => labelled(label, reel.timecode as string, place, reel);
      return {
        core: { in: at(span.first), out: at(span.last) + 1 },
        written: `${span.first} to ${span.last}`,
        ...alone,
      };
    }
    case 'edl':
      return edlFrames(span, place, reel);
    case 'time':
      return exactly(() => mediaFrames(span, reel), place);
  }
}

function labelled(label: string, start: string, place: ListPlace, reel: Reel): number {
  const fault = timecodeFault(label, start, reel.rate);
  if (fault === null) return framesFrom(start, label, reel.rate);
  throw new ShotListError(place, `no frame of "${reel.path}" is labelled ${label}: ${fault}.`);
}

function edlFrames({ in: from, out, asReel, more, speed }: EdlSpan, place: ListPlace, reel: Reel): Frames {
  const start = editorialStart(reel);
  const counted = (label: string) => (asReel && isDropFrame(start) ? label.replace(/:(\d+)$/, ';$1') : label);
  const core = {
    in: labelled(counted(from), start, place, reel),
    out: labelled(counted(out), start, place, reel),
  };
  return {
    core,
    before: 0,
    behind: more + (speed ? Math.max(0, shownAt(speed, reel) - lengthOf(core)) : 0),
    written: `${from} up to ${out}`,
  };
}

/** Source frames that an event shows at its speed; a frozen one shows one. */
function shownAt({ in: from, out, fps }: NonNullable<EdlSpan['speed']>, reel: Reel): number {
  const frames = framesFrom(from, out, reel.rate);
  return Math.max(1, Math.ceil((frames * fps.num) / (fps.den * nominalRate(reel.rate))));
}

/** A stretch of media time as whole frames: those of which it has a part. */
function mediaFrames({ from, length, before, behind, rate, zero }: MediaSpan, reel: Reel): Frames {
  // A file that rounds 24000/1001 to 24 counts the same frames.
  const counting = nominalRate(rate) === nominalRate(reel.rate) ? rate : reel.rate;
  const frames = (seconds: Rational) => times(seconds, counting);
  const offset =
    zero === 'timecode'
      ? -(timecodeCount(editorialStart(reel), reel.rate) ?? 0)
      : zero === 'first'
        ? 0
        : zero - reel.first;
  const begin = frames(from);
  const end = frames(plus(from, length));
  return {
    core: { in: floor(begin) + offset, out: ceil(end) + offset },
    before: ceil(frames(before)),
    behind: ceil(frames(behind)),
    written: `${shown(frames(from))} to ${shown(end)} frames of its media`,
  };
}

function floor({ num, den }: Rational): number {
  return Math.floor(num / den);
}

function ceil({ num, den }: Rational): number {
  return Math.ceil(num / den);
}

function shown(value: Rational): string {
  return String(Math.round(1000 * toNumber(value)) / 1000);
}
