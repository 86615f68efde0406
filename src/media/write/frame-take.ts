import { rm } from 'node:fs/promises';
import type { Plate } from '../../film/plate.ts';
import { type FrameRange, lengthOf } from '../../film/range.ts';
import type { Alteration, Segment, TakeWriter } from './target.ts';

/** Where a take's frames are written, a file a frame. */
export interface FrameTakePlace {
  /** The folder that they are written into. */
  readonly unfinished: string;
  /** Called when all of them are there. */
  readonly finish: () => Promise<Segment>;
  readonly signal: AbortSignal;
}

/** Writes the frames of a take into a folder, each by `write` or `pass`, in order. */
export function frameTake(
  take: FrameRange,
  { write, pass }: Pick<TakeWriter, 'write' | 'pass'>,
  { unfinished, finish, signal }: FrameTakePlace,
): TakeWriter {
  let next = take.in;
  let open = true;
  const claim = (frame: number) => {
    if (!open) throw new TypeError('A take was written to after it was finished or given up.');
    if (frame !== next) throw new TypeError(`Frame ${frame} was written where frame ${next} was due.`);
    if (frame >= take.out) throw new TypeError(`Frame ${frame} is beyond the take's last, ${take.out - 1}.`);
    signal.throwIfAborted();
    next += 1;
  };
  return {
    async write(plate: Plate, changed: Alteration | null) {
      claim(plate.frame);
      await write(plate, changed);
    },
    async pass(frame) {
      claim(frame);
      await pass(frame);
    },
    async finish() {
      if (!open || next !== take.out)
        throw new TypeError(`A take of ${lengthOf(take)} frames was finished after ${next - take.in}.`);
      signal.throwIfAborted();
      const segment = await finish();
      open = false;
      return segment;
    },
    async [Symbol.asyncDispose]() {
      if (open) await rm(unfinished, { recursive: true, force: true });
      open = false;
    },
  };
}
