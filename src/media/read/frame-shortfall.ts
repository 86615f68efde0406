import { frameNumber, type Reel } from '../../film/reel.ts';

/** Fewer frames came out of a decoder than the reel has. `findDamage` says why. */
export class FrameShortfall extends Error {
  override readonly name = 'FrameShortfall';
  /** Frames that were asked for and are not known as damaged. */
  readonly expected: number;
  readonly got: number;
  /** The frames that did not come, counted from the reel's first, from 0. */
  readonly missing: readonly number[];

  constructor(reel: Reel, expected: number, missing: readonly number[], log: readonly string[]) {
    const shown = missing.slice(0, 8).map((frame) => frameNumber(reel, frame));
    const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : '';
    const why = log.length > 0 ? ` ffmpeg says: ${log.slice(0, 2).join(' | ')}` : '';
    super(
      `"${reel.path}": ${expected} frames were expected, ${expected - missing.length} could be decoded; missing: ${shown.join(', ')}${more}.${why}`,
    );
    this.expected = expected;
    this.got = expected - missing.length;
    this.missing = missing;
  }
}
