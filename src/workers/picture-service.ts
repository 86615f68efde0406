import type { Changes, PictureSize } from '../film/orientation.ts';
import type { FolderReel } from '../film/reel.ts';
import type { PictureOptions } from '../media/read/pictures/read-picture.ts';

/** A picture that was read, or why it came to none. */
export type OpenedPicture = {
  /** SHA-256 of its file, lower-case hex; null where no byte of it could be had. */
  readonly sha256: string | null;
  readonly bytes: number;
} & (
  | {
      /** A reel of this picture alone. */
      readonly reel: FolderReel;
      /** Why a changed picture cannot be written back into its file; null where it can. */
      readonly obstacle: string | null;
      /** What it loses when it is; null when nothing. */
      readonly note: string | null;
    }
  | { readonly damage: string }
);

/** A file that was written. */
export interface WrittenPicture {
  readonly sha256: string;
  readonly bytes: number;
}

/** Reads and writes pictures one after another, off the main thread. What is asked for is of the picture that was opened last. */
export type PictureService = {
  /**
   * Reads a picture, and decodes it.
   *
   * @param picture.ffmpeg the one to use for what this program does not read; undefined = as `findFfmpeg` finds it
   */
  open(
    picture: PictureOptions & { readonly path: string; readonly ffmpeg: string | undefined },
  ): Promise<OpenedPicture>;
  /** A small picture of it: see `plateProxy`. */
  proxy(size: PictureSize): Promise<Uint8Array<ArrayBuffer>>;
  /** Its plate's memory, which is the caller's from then on. */
  plate(nothing: null): Promise<Uint8Array<ArrayBuffer>>;
  /** Writes a copy of its file in which what `changed` names is the plate's. @throws DamagedStill, OutputError */
  write(copy: { readonly bytes: Uint8Array; readonly changed: Changes; readonly to: string }): Promise<WrittenPicture>;
};
