import { frameNumber, type Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import type { ListedFrame } from './frame-times.ts';

/**
 * Holds a frame that came out of a decoder to the bytes that its picture should have.
 *
 * @throws ReelError where the picture is of another size.
 */
export function assertPictureSize(
  reel: Reel,
  {
    time,
    frame,
    bytes,
  }: { readonly time: ListedFrame | undefined; readonly frame: number | undefined; readonly bytes: number },
): void {
  if (time === undefined || time.bytes === bytes) return;
  const where = frame === undefined ? 'one of its frames' : `frame ${frameNumber(reel, frame)}`;
  throw new ReelError(
    `"${reel.path}": ${where} is not of ${reel.width} × ${reel.height} as its first; an output has one size throughout. Cut the reel there, and restore each part by itself.`,
  );
}
