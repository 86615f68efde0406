import { basename } from 'node:path';
import { type SourceCopy, stateOfCopy } from '../../disk/source-copy.ts';
import { decodeCopies, type PlateDecoder } from '../../media/read/decode-copies.ts';
import type { StepContext } from './step-context.ts';

/** The frames of a take that are read from copies on a fast disk. */
export interface CopiedFrames {
  readonly decode: PlateDecoder;
  /** Tells how many were, when the take is rendered. */
  tell(): void;
}

/** Checks the copies of a take's frames: those that are not whole are not used, and the reel's own files are read. */
export async function copiedFrames({ copies = [], onEvent, signal }: StepContext): Promise<CopiedFrames> {
  const whole = new Map<string, SourceCopy>();
  for (const copy of copies) {
    signal.throwIfAborted();
    const state = await stateOfCopy(copy, signal);
    if (state === 'whole') whole.set(copy.source, copy);
    else if (state === 'damaged') {
      const name = basename(copy.source);
      onEvent({ code: 'E_HOT_DAMAGED', reason: `${name} is not what its SHA-256 ${copy.sha256} says` });
    }
  }
  const read = new Map<number, number>();
  return {
    decode: decodeCopies(new Map([...whole].map(([source, { path }]) => [source, path])), ({ files }, frame) => {
      read.set(frame, whole.get(files[frame] ?? '')?.bytes ?? 0);
    }),
    tell() {
      const bytes = [...read.values()].reduce((sum, size) => sum + size, 0);
      if (read.size > 0) onEvent({ code: 'FRAMES_READ_AHEAD', counts: { frames: read.size, bytes } });
    },
  };
}
