import { catchError, concat, type Observable, tap } from 'rxjs';
import type { FrameRange } from '../../film/range.ts';
import type { FolderReel, Reel } from '../../film/reel.ts';
import { decodePlates, type LentPlate } from './decode.ts';

/** Plates of a range, as `decodePlates` gives them. */
export type PlateDecoder = typeof decodePlates;

/** Frames in a row that are read from copies, or from the reel. */
interface Stretch extends FrameRange {
  readonly copied: boolean;
}

/**
 * `decodePlates` that reads frames of folders from copies of their files where there are such: the same plates. Where copies cannot be
 * read after all, it goes on with the reel's own files, of which alone an error tells.
 *
 * @param copies paths of copies by those of the reel's files
 * @param onCopied called with each frame that came from a copy
 */
export function decodeCopies(
  copies: ReadonlyMap<string, string>,
  onCopied: (reel: FolderReel, frame: number) => void,
): PlateDecoder {
  return (reel, range, decoding) => {
    if (reel.kind !== 'folder' || copies.size === 0) return decodePlates(reel, range, decoding);
    const beside = { ...reel, files: reel.files.map((file) => (file === null ? null : (copies.get(file) ?? file))) };
    const fromCopies = (stretch: Stretch): Observable<LentPlate> => {
      const awaited = framesOf(reel, stretch);
      let came = 0;
      return decodePlates(beside, stretch, decoding).pipe(
        tap(({ plate }) => {
          onCopied(reel, plate.frame);
          if (plate.frame === awaited[came]) came += 1;
          else came = awaited.length;
        }),
        catchError((error: unknown) => {
          const next = awaited[came];
          // After a hole it is too late: plates come in order.
          if (next === undefined || decoding.signal?.aborted) throw error;
          return decodePlates(reel, { in: next, out: stretch.out }, decoding);
        }),
      );
    };
    const stretches = stretchesOf(reel, range, copies);
    return concat(
      ...stretches.map((stretch) => (stretch.copied ? fromCopies(stretch) : decodePlates(reel, stretch, decoding))),
    );
  };
}

/** Frames that are read, in order. */
function framesOf(reel: Reel, { in: from, out }: FrameRange): number[] {
  return Array.from({ length: out - from }, (_, k) => from + k).filter((frame) => isRead(reel, frame));
}

function isRead(reel: Reel, frame: number): boolean {
  return !reel.damaged.has(frame) && (reel.kind !== 'folder' || typeof reel.files[frame] === 'string');
}

function stretchesOf(reel: FolderReel, { in: from, out }: FrameRange, copies: ReadonlyMap<string, string>): Stretch[] {
  const stretches: Stretch[] = [];
  for (const frame of framesOf(reel, { in: from, out })) {
    const copied = copies.has(reel.files[frame] ?? '');
    const last = stretches.at(-1);
    // What lies between two frames of a stretch is not read.
    if (last?.copied === copied) stretches[stretches.length - 1] = { ...last, out: frame + 1 };
    else stretches.push({ copied, in: frame, out: frame + 1 });
  }
  return stretches;
}
