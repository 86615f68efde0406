import type { Ffmpeg } from '../media/ffmpeg/ffmpeg.ts';
import type { StoredPictures } from './picture-store.ts';
import { type ReelPictures, type ShownReel, shownFrames } from './reel-pictures.ts';
import { type SharedWork, sharedWork } from './shared-work.ts';
import type { Turnstile } from './turnstile.ts';

export type PictureSource = 'plate' | 'output';

/** Frames of a reel's plate and output as display-referred RGB, 8-bit, interleaved. */
export interface DecodedFrames extends Disposable {
  /** Null for a frame that cannot be read. */
  rgb(source: PictureSource, frame: number, how?: AskedFrame): Promise<Uint8Array | null>;
}

/** How a frame is asked for. */
export interface AskedFrame {
  /** Aborted by whoever does not need it any more; a decoder that nobody needs is ended. */
  readonly leaving?: AbortSignal | undefined;
  /**
   * True: its decoder leaves off where nobody waits for what follows and another decoder waits for its turn: whoever jumps about waits for
   * none of what was read ahead.
   */
  readonly yields?: boolean;
}

/** What frames are decoded with. */
export interface FrameDecoding {
  readonly ffmpeg: Ffmpeg;
  /** How many may decode at once. */
  readonly turnstile: Turnstile;
  readonly store: StoredPictures;
  /** Frames that one decoder is started for: the one asked for, and those that are likely asked for next. */
  readonly ahead: number;
  /** Waited for before a decoder goes on beyond the frame that was asked for, so that this is answered first. */
  readonly quiet: () => Promise<void>;
}

/** @param range the frames that may be asked for */
export function decodedFrames(
  pictures: ReelPictures,
  range: { readonly in: number; readonly out: number },
  { ffmpeg, turnstile, store, ahead, quiet }: FrameDecoding,
): DecodedFrames {
  const closing = new AbortController();
  /** The decoder that a frame comes from. */
  const coming = new Map<string, { readonly run: SharedWork<void>; readonly rgb: Promise<Uint8Array | null> }>();

  /** Frames that somebody waits for, and decoders that wait for their turn. */
  const awaited = new Set<string>();
  let queued = 0;
  /** Ends of the beginnings of decoders: each settles when its first frame is there. */
  const beginnings = new Set<Promise<void>>();

  /** Begins to decode from a frame on; each frame of the run can be waited for. */
  const begin = (source: PictureSource, frame: number, yields: boolean): void => {
    const shown: ShownReel = pictures[source];
    const from = shown.indexOf(frame);
    const nameOf = (at: number) => `${source} ${frame + at - from}`;
    const last = Math.min(shown.indexOf(range.out), shown.reel.frames, from + ahead);
    let until = from + 1;
    while (until < last && !store.has(nameOf(until)) && !coming.has(nameOf(until))) until += 1;
    const waiting = new Map<number, (rgb: Uint8Array | null) => void>();
    const settle = (at: number, rgb: Uint8Array | null) => {
      if (rgb) store.set(nameOf(at), rgb);
      if (coming.get(nameOf(at))?.run === run) coming.delete(nameOf(at));
      waiting.get(at)?.(rgb);
      waiting.delete(at);
    };
    const isUnwanted = () => ![...waiting.keys()].some((at) => awaited.has(nameOf(at)));
    queued += 1;
    const run = sharedWork((signal) =>
      turnstile
        .pass(async () => {
          queued -= 1;
          const ending = AbortSignal.any([closing.signal, signal]);
          ending.throwIfAborted();
          let hasBegun = () => {};
          const beginning = new Promise<void>((resolve) => {
            hasBegun = resolve;
          }).then(() => void beginnings.delete(beginning));
          beginnings.add(beginning);
          try {
            for await (const { frame: at, rgb } of shownFrames(shown.reel, { in: from, out: until }, ffmpeg, ending)) {
              settle(at, rgb);
              hasBegun();
              await quiet();
              if (!yields || !isUnwanted()) continue;
              // The other picture of a frame that is looked at goes before what is read ahead.
              await beginning;
              await Promise.all(beginnings);
              if (queued === 0 || !isUnwanted()) continue;
              // Forgotten before the decoder has ended: who asks meanwhile begins another.
              for (const rest of [...waiting.keys()]) settle(rest, null);
              break;
            }
          } finally {
            hasBegun();
          }
        })
        // Frames that do not come are told by being null.
        .catch(() => {})
        .finally(() => {
          for (const at of [...waiting.keys()]) settle(at, null);
        }),
    );
    for (let at = from; at < until; at++) {
      const rgb = new Promise<Uint8Array | null>((resolve) => waiting.set(at, resolve));
      coming.set(nameOf(at), { run, rgb });
    }
    // Who asks from now on gets another decoder.
    run.signal.addEventListener('abort', () => {
      for (const at of waiting.keys()) coming.delete(nameOf(at));
    });
  };

  return {
    async rgb(source, frame, { leaving, yields = false } = {}) {
      if (frame < range.in || frame >= range.out) return null;
      const { reel, indexOf } = pictures[source];
      const at = indexOf(frame);
      if (at < 0 || at >= reel.frames || reel.damaged.has(at)) return null;
      const name = `${source} ${frame}`;
      const known = store.get(name);
      if (known) return known;
      if (!coming.has(name)) begin(source, frame, yields);
      const { run, rgb } = coming.get(name) as NonNullable<ReturnType<typeof coming.get>>;
      void run.join(leaving).catch(() => {});
      awaited.add(name);
      try {
        return await rgb;
      } finally {
        awaited.delete(name);
      }
    },
    [Symbol.dispose]() {
      closing.abort();
    },
  };
}
