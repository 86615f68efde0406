import { z } from 'zod';
import { type Rational, rational } from '../film/rational.ts';
import { earliest, isLess, latest, minus, plus, times, ZERO } from '../film/rational-arithmetic.ts';
import { type OtioNode, otioField, otioNode } from './otio-node.ts';
import { exactly, exactNumber, readRange, readTime, type Seconds } from './otio-time.ts';
import type { ListEntry, MediaSpan, ShotList } from './shot-list.ts';
import { ShotListError } from './shot-list-error.ts';
import { readWishes, unknownName, WISHES } from './shot-wishes.ts';

const ITEMS = ['Clip', 'Gap', 'Stack', 'Track', 'Transition'];
const REFERENCES = ['ExternalReference', 'ImageSequenceReference', 'GeneratorReference', 'MissingReference'];
const COMPOSITIONS = ['Stack', 'Track'];

const childrenSchema = z.array(z.unknown(), { error: 'a list' });
const frameSchema = z.int({ error: 'a frame number' });
const numberSchema = z.number({ error: 'a number' });

/** What a written list tells beside what it asks. */
const FOUND = 'found';

/** The part of an item that is seen, in seconds from its own beginning. */
interface Window {
  readonly from: Rational;
  readonly to: Rational;
  /** Time that transitions take beside it. */
  readonly before: Rational;
  readonly behind: Rational;
}

/**
 * Reads an OpenTimelineIO file: what its picture clips take of their media, wherever they are nested.
 *
 * @throws ShotListError that names the object
 */
export function readOtio(text: string, file: string): ShotList {
  const timeline = otioNode(parsed(text, file), 'the timeline', file, ['Timeline']);
  const reader = otioReader(file);
  const tracks = otioNode(timeline.value['tracks'], 'tracks', file, ['Stack']);
  reader.read(tracks, null);
  const { entries, transitions, retimed } = reader;
  if (entries.length === 0) throw new ShotListError({ file }, 'it has no picture clip. Add one for each shot.');
  const counted = ({ size }: ReadonlySet<string>) => `${size} ${size === 1 ? 'clip' : 'clips'}`;
  const notes = [
    ...(transitions.size > 0 ? [`what transitions take beside the cuts of ${counted(transitions)} is listed too`] : []),
    ...(retimed.size > 0
      ? [`what ${counted(retimed)} of another speed shows is listed, and no less than its range`]
      : []),
  ];
  return { file, entries, notes: notes.map((note) => `Shot list "${file}": ${note}.`) };
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const message = (cause as Error).message;
    const at = /position (\d+)/.exec(message)?.[1];
    const before = at === undefined ? text : text.slice(0, Number(at));
    throw new ShotListError(
      { file, where: `line ${before.split('\n').length}` },
      `it is not valid JSON: ${message}. It may be cut off; write it again.`,
      { cause },
    );
  }
}

function otioReader(file: string) {
  const entries: ListEntry[] = [];
  const transitions = new Set<string>();
  const retimed = new Set<string>();

  const placeOf = ({ where }: OtioNode) => ({ file, where });

  const childrenOf = (node: OtioNode): OtioNode[] =>
    otioField(node, 'children', childrenSchema, file).map((child, k) => {
      const name = (child as { readonly name?: unknown } | null)?.name;
      const called = typeof name === 'string' && name !== '' ? ` "${name}"` : '';
      return otioNode(child, `${node.where}.children[${k}]${called}`, file, ITEMS);
    });

  const referenceOf = (clip: OtioNode): OtioNode | null => {
    const key = clip.value['active_media_reference_key'] ?? 'DEFAULT_MEDIA';
    const all = clip.value['media_references'] as Readonly<Record<string, unknown>> | undefined;
    const value = all ? all[String(key)] : clip.value['media_reference'];
    return value === null || value === undefined
      ? null
      : otioNode(value, `${clip.where}.media_reference`, file, REFERENCES);
  };

  /** What an item takes of itself before anybody trims it. */
  const rangeOf = (node: OtioNode): Seconds => {
    const own = readRange(node, 'source_range', file);
    if (own) return own;
    if (node.schema === 'Clip') {
      const reference = referenceOf(node);
      const available = reference && readRange(reference, 'available_range', file);
      if (available) return available;
      throw new ShotListError(
        placeOf(node),
        'neither "source_range" nor the "available_range" of its media says which frames are meant. Add one.',
      );
    }
    if (!COMPOSITIONS.includes(node.schema)) return { from: ZERO, length: ZERO, rate: rational(1) };
    const lengths = childrenOf(node).map((child) => (child.schema === 'Transition' ? ZERO : rangeOf(child).length));
    const length = exactly(() => lengths.reduce(node.schema === 'Track' ? plus : latest, ZERO), placeOf(node));
    return { from: ZERO, length, rate: rational(1) };
  };

  const read = (node: OtioNode, window: Window | null): void => {
    if (node.value['enabled'] === false || node.value['kind'] === 'Audio') return;
    const own = rangeOf(node);
    const seen = window ?? { from: ZERO, to: own.length, before: ZERO, behind: ZERO };
    if (node.schema === 'Clip') clip(node, own, seen);
    if (!COMPOSITIONS.includes(node.schema)) return;
    const [from, to] = exactly(() => [plus(own.from, seen.from), plus(own.from, seen.to)] as const, placeOf(node));
    const children = childrenOf(node);
    let at = ZERO;
    for (const [k, child] of children.entries()) {
      if (child.schema === 'Transition') continue;
      const { length } = rangeOf(child);
      const end = exactly(() => plus(at, length), placeOf(child));
      const [first, last] = [latest(at, from), earliest(end, to)];
      if (isLess(first, last)) {
        const offset = (neighbour: OtioNode | undefined, name: string, isWhole: boolean) =>
          neighbour?.schema === 'Transition' && isWhole
            ? readTime(neighbour.value[name], `${neighbour.where}.${name}`, file).seconds
            : ZERO;
        const before = offset(children[k - 1], 'in_offset', !isLess(at, from));
        const behind = offset(children[k + 1], 'out_offset', !isLess(to, end));
        read(child, { from: minus(first, at), to: minus(last, at), before, behind });
      }
      if (node.schema === 'Track') at = end;
    }
  };

  const clip = (node: OtioNode, own: Seconds, window: Window): void => {
    const reference = referenceOf(node);
    if (reference?.schema === 'GeneratorReference') return;
    if (window.before.num > 0 || window.behind.num > 0) transitions.add(node.where);
    const available = reference && readRange(reference, 'available_range', file);
    const span = exactly(() => {
      const start = plus(own.from, window.from);
      const length = minus(window.to, window.from);
      const behind = plus(window.behind, minus(retimedLength(node, length), length));
      const number = reference?.schema === 'ImageSequenceReference' ? startNumber(reference) : null;
      const zero: MediaSpan['zero'] = available ? (number ?? 'first') : 'timecode';
      const from = available ? minus(start, available.from) : start;
      return { by: 'time', from, length, before: window.before, behind, rate: own.rate, zero } as const;
    }, placeOf(node));
    if (span.length.num === 0) return;
    entries.push({
      name: nameOf(node) ?? `clip ${entries.length + 1}`,
      where: node.where,
      sources: sourcesOf(node, reference),
      span,
      wishes: wishesOf(node),
    });
  };

  /** The time of the media that is shown in `length` at the clip's speed, and no less than it says itself. */
  const retimedLength = (node: OtioNode, length: Rational): Rational => {
    const effects = node.value['effects'];
    for (const [k, value] of (Array.isArray(effects) ? effects : []).entries()) {
      const schema = String((value as { readonly OTIO_SCHEMA?: unknown } | null)?.OTIO_SCHEMA);
      if (!/^(LinearTimeWarp|FreezeFrame)\.\d+$/.test(schema)) continue;
      const effect = otioNode(value, `${node.where}.effects[${k}]`, file, ['LinearTimeWarp', 'FreezeFrame']);
      const scalar = otioField(effect, 'time_scalar', numberSchema, file);
      if (scalar < 0) {
        throw new ShotListError(
          placeOf(node),
          `it runs backwards (time_scalar ${scalar}), and its range does not tell which frames that takes. Take it out of the list, or list its frames in a CSV file.`,
        );
      }
      if (scalar !== 1) retimed.add(node.where);
      return latest(length, times(length, exactNumber(scalar)));
    }
    return length;
  };

  const startNumber = (reference: OtioNode): number => otioField(reference, 'start_frame', frameSchema, file);

  const wishesOf = (node: OtioNode) => {
    const metadata = node.value['metadata'] as { readonly reelmend?: unknown } | null | undefined;
    const asked = metadata?.reelmend;
    if (asked === undefined || asked === null) return {};
    const place = { file, where: `${node.where}.metadata.reelmend` };
    if (typeof asked !== 'object')
      throw new ShotListError(place, 'an object was expected, such as { "restorer": "detail" }.');
    const texts: Record<string, string> = {};
    for (const [name, value] of Object.entries(asked)) {
      if (name === FOUND) continue;
      if (!WISHES.some((known) => known === name)) throw unknownName(name, WISHES, place);
      if (value !== null) texts[name] = String(value);
    }
    return readWishes(texts, place);
  };

  return { entries, transitions, retimed, read };
}

function nameOf({ value }: OtioNode): string | undefined {
  return typeof value['name'] === 'string' && value['name'] !== '' ? value['name'] : undefined;
}

function sourcesOf(clip: OtioNode, reference: OtioNode | null): string[] {
  const reel = (clip.value['metadata'] as { readonly cmx_3600?: { readonly reel?: unknown } } | undefined)?.cmx_3600
    ?.reel;
  const url = reference?.schema === 'ExternalReference' ? reference.value['target_url'] : undefined;
  const base = reference?.schema === 'ImageSequenceReference' ? reference.value['target_url_base'] : undefined;
  const prefix = reference?.schema === 'ImageSequenceReference' ? reference.value['name_prefix'] : undefined;
  const names = [url, base, prefix, reel].filter((name): name is string => typeof name === 'string' && name !== '');
  return names.map(decoded);
}

/** `file:///a%20b.mov` as a path; what is no such text as it is. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replace(/^file:\/\/(localhost)?/, ''));
  } catch {
    return name;
  }
}
