import { basename } from 'node:path';
import type { FrameRange } from '../../film/range.ts';
import { formatRational } from '../../film/rational.ts';
import { frameNumber, type Reel } from '../../film/reel.ts';
import type { BurnIn } from './master-form.ts';

/** Filters that write labels into the picture, and the files that they read. */
export interface BurnedLabels {
  readonly filters: readonly string[];
  readonly files: ReadonlyMap<string, string>;
}

/** Height of the letters and their distance from the edge, shares of the picture's height. */
const LETTERS = 1 / 22;
const MARGIN = 1 / 30;

/**
 * Timecode in the middle below, the frame's number at the lower left, the reel's name at the upper left.
 *
 * @param timecode the label of the range's first frame
 */
export function burnedLabels(
  wanted: readonly BurnIn[],
  { reel, range, timecode }: { readonly reel: Reel; readonly range: FrameRange; readonly timecode: string | undefined },
): BurnedLabels {
  const [size, margin] = [Math.round(reel.height * LETTERS), Math.round(reel.height * MARGIN)];
  const style = `fontsize=${size}:fontcolor=white:box=1:boxcolor=black@0.55:boxborderw=${Math.max(2, size >> 2)}`;
  const below = `y=h-th-${margin}`;
  const filters: Readonly<Record<BurnIn, readonly string[]>> = {
    timecode:
      timecode === undefined
        ? []
        : [
            `drawtext=timecode='${timecode.replace(/[:;.]/g, (sign) => `\\${sign}`)}':rate=${formatRational(reel.rate)}:x=(w-tw)/2:${below}:${style}`,
          ],
    frame: [`drawtext=text='%{frame_num}':start_number=${frameNumber(reel, range.in)}:x=${margin}:${below}:${style}`],
    name: [`drawtext=textfile=name.txt:expansion=none:x=${margin}:y=${margin}:${style}`],
  };
  return {
    filters: wanted.flatMap((label) => filters[label]),
    files: new Map(wanted.includes('name') ? [['name.txt', basename(reel.path)]] : []),
  };
}
