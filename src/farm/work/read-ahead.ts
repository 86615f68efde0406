import type { HotFolder, HotHold } from '../../disk/hot-folder.ts';
import { type SourceCopy, sourceFacts } from '../../disk/source-copy.ts';
import type { FolderReel, Reel } from '../../film/reel.ts';
import type { EventLabels, RunEvent } from '../../log/run-event.ts';
import { mappedReel } from '../order/mapped-job.ts';
import { mappedPlace } from '../order/mapped-place.ts';
import { readOrderReel } from '../order/order.ts';
import type { PathMap } from '../order/path-maps.ts';
import type { Farm } from '../queue/farm.ts';
import { parseStepJob, type StepJob } from '../queue/step-job.ts';
import { readTakeList, type TakeList } from '../steps/take-list.ts';

export interface ReadAheadOptions {
  readonly farm: Farm;
  readonly queue: string;
  readonly maps: readonly PathMap[];
  /** Where copies are kept, and how many bytes of them at most, beside what else is there. */
  readonly hot: HotFolder;
  readonly most: number;
  /** Takes that are kept ready: one a slot. */
  readonly slots: number;
  readonly onEvent: (event: RunEvent) => void;
  readonly onSay: (sentence: string) => void;
}

/** Copies frames of the takes that come next to a fast disk, one file at a time, while others are rendered. */
export interface ReadAhead extends AsyncDisposable {
  /** What is ready of a step, which stays until it is disposed of. */
  claim(data: StepJob): ClaimedStep;
  /** Copies nothing more. */
  stop(): void;
}

/** A step that a slot is at. Disposing of it ends what is copied meanwhile, and lets its own copies go. */
export interface ClaimedStep extends AsyncDisposable {
  /** Copies of its take's frames, from the first one on; none where nothing was read ahead. */
  readonly copies: readonly SourceCopy[];
  /** Begins to copy the frames of the take of the same order that the queue hands out next. */
  begin(labels: EventLabels): void;
}

/** A take that is made ready. */
interface Ahead {
  readonly order: string;
  readonly index: number;
  readonly copies: SourceCopy[];
  readonly abort: AbortController;
  /** In which its copies are; ends when nothing is copied any more. */
  hold: HotHold | null;
  bytes: number;
  ended: Promise<void>;
}

/** Steps that come next in the queue, among which takes are looked for. */
const LOOKED_AT = 32;

export function openReadAhead({ farm, queue, maps, hot, most, slots, ...tell }: ReadAheadOptions): ReadAhead {
  const ready = new Map<string, Ahead>();
  /** Orders of which nothing is read ahead any more. */
  const off = new Set<string>();
  const stopping = new AbortController();
  let used = 0;
  let line: Promise<unknown> = Promise.resolve();
  let known: { readonly order: string; readonly reel: Reel } | undefined;

  /** One after another, whichever slots they are for. */
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const next = line.then(work);
    line = next.catch(() => {});
    return next;
  };
  const letGo = async (ahead: Ahead) => {
    ahead.abort.abort();
    await ahead.ended;
    try {
      await ahead.hold?.retire(ahead.copies);
      await ahead.hold?.[Symbol.asyncDispose]();
    } catch {
      // What is left behind is swept when this process has ended; no step fails for it.
    }
    used -= ahead.bytes;
    ahead.bytes = 0;
  };
  /** Takes of an order that wait, in the order in which they are handed out. */
  const waiting = async (order: string): Promise<number[]> => {
    const jobs = await farm.queue(queue).getPrioritized(0, LOOKED_AT - 1);
    return jobs.flatMap(({ data }) => {
      const { step, order: of } = parseStepJob(data);
      return of === order && step.kind === 'take' ? [step.index] : [];
    });
  };
  const reelOf = async (order: string, work: string): Promise<Reel> => {
    if (known?.order !== order) known = { order, reel: mappedReel(await readOrderReel(work), maps) };
    return known.reel;
  };

  /** @returns false where there is no room for it among what may be read ahead */
  const copyFile = async (source: string, ahead: Ahead, hold: HotHold, signal: AbortSignal): Promise<boolean> => {
    signal.throwIfAborted();
    const before = await sourceFacts(source);
    if (used + before.bytes > most) return false;
    used += before.bytes;
    ahead.bytes += before.bytes;
    const [copy] = await hold.copy([source], signal);
    // Where it was written to meanwhile, its facts are others when the copy is checked.
    if (copy) ahead.copies.push({ ...copy, ...before, source });
    return true;
  };
  const copyTake = async (ahead: Ahead, reel: FolderReel, take: TakeList[number], signal: AbortSignal) => {
    const hold = await hot.hold();
    ahead.hold = hold;
    for (let frame = take.in; frame < take.out; frame++) {
      const file = reel.files[frame];
      if (!file || reel.damaged.has(frame)) continue;
      if (!(await inLine(() => copyFile(file, ahead, hold, signal)))) return;
    }
  };

  const readNext = async ({ order, place }: StepJob, signal: AbortSignal) => {
    const { work } = mappedPlace(place, maps);
    const indices = await waiting(order);
    for (const [key, ahead] of ready) {
      if (ahead.order === order && indices.includes(ahead.index)) continue;
      ready.delete(key);
      await letGo(ahead);
    }
    const takes = await readTakeList(work, { id: order });
    const reel = await reelOf(order, work);
    if (takes === null || reel.kind !== 'folder' || signal.aborted || ready.size >= slots) return;
    // What nothing is restored in is copied, not decoded.
    const index = indices.find((one) => takes[one]?.touched && !ready.has(keyOf(order, one)));
    const take = index === undefined ? undefined : takes[index];
    if (index === undefined || !take) return;
    const abort = new AbortController();
    const ahead: Ahead = { order, index, copies: [], abort, hold: null, bytes: 0, ended: Promise.resolve() };
    ready.set(keyOf(order, index), ahead);
    const copying = copyTake(ahead, reel, take, AbortSignal.any([signal, abort.signal, stopping.signal]));
    ahead.ended = copying.catch(() => {});
    await copying;
  };

  const begin = async (data: StepJob, labels: EventLabels, signal: AbortSignal) => {
    if (off.has(data.order) || stopping.signal.aborted) return;
    try {
      await readNext(data, signal);
    } catch (error) {
      if (signal.aborted || stopping.signal.aborted || off.has(data.order)) return;
      if (error instanceof Error && error.name === 'AbortError') return;
      off.add(data.order);
      tell.onEvent({ code: 'E_READ_AHEAD_OFF', labels, error });
      tell.onSay(`Frames of "${data.place.out}" are no longer read ahead here: ${(error as Error).message}`);
    }
  };

  return {
    claim(data) {
      const key = keyOf(data.order, data.step.kind === 'take' ? data.step.index : -1);
      const own = ready.get(key);
      ready.delete(key);
      own?.abort.abort();
      const next = new AbortController();
      return {
        copies: own?.copies ?? [],
        begin(labels) {
          if (data.step.kind === 'take') void begin(data, labels, next.signal);
        },
        async [Symbol.asyncDispose]() {
          next.abort();
          if (own) await letGo(own);
        },
      };
    },
    stop: () => stopping.abort(),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      for (const ahead of ready.values()) await letGo(ahead);
      ready.clear();
    },
  };
}

function keyOf(order: string, index: number): string {
  return `${order} ${index}`;
}
