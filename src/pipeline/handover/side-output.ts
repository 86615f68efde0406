import type { PatchAlpha } from '../../film/patch-alpha.ts';
import type { Region } from '../../film/plate.ts';
import type { PlateColour } from '../../film/plate-colour.ts';
import type { Reel } from '../../film/reel.ts';
import type { CompedFrame } from '../render/comp-plate.ts';

/** Files that are written beside a restored reel, one for each frame with a restored face. */
export interface SideOutput {
  readonly kind: 'mattes' | 'patches';
  /** What its files are known by, also as a folder's name: two side outputs whose bytes differ differ in it. */
  readonly id: string;
  /** Of patches. */
  readonly alpha?: PatchAlpha;
  /** Where they go, absolute. */
  readonly folder: string;
  /** True where they are made of the plate as it was, too. */
  readonly needsPlate: boolean;
  nameOf(reel: Reel, frame: number): string;
  /** True for the names of its files, of whichever reel. */
  hasName(name: string): boolean;
  /** A frame's file. The same frame makes the same bytes. */
  encode(frame: FrameToHandOver): Promise<Uint8Array>;
}

/** A frame with restored faces, before it is written. */
export interface FrameToHandOver extends Omit<CompedFrame, 'untouched'> {
  readonly reel: Reel;
  readonly colour: PlateColour;
  /** See `CompedFrame`; only where a side output needs it. */
  readonly untouched?: Region;
}
