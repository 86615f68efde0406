import type { StillKind } from '../../../src/film/reel.ts';

/** A layout that `docs/formats.md` claims, and a file of it. */
export interface StillCase {
  readonly kind: StillKind;
  /** The cells of the claim, as the document spells them. */
  readonly claim: readonly [samples: string, bits: string, packing: string, order: string];
  /** A file of that layout, `WIDTH` × `HEIGHT`, full of noise. */
  readonly draw: () => Buffer | Promise<Buffer>;
  /** Samples outside the changed rows, where units of so many rows change as a whole; 1 where absent. */
  readonly block?: number;
  /** True where a sample is written back in fewer bits than ffmpeg decodes it to. */
  readonly rounded?: boolean;
}

/** A layout that is refused, with a file of it. */
export interface RefusedCase {
  readonly kind: StillKind;
  /** True where it is read, and a movie holds what is made of it. */
  readonly toMovie?: boolean;
  readonly claim: string;
  readonly draw: () => Buffer | Promise<Buffer>;
}

export const WIDTH = 36;
export const HEIGHT = 32;

/** Bytes that look like noise, the same for the same seed. */
export function noise(length: number, seed = 7): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
