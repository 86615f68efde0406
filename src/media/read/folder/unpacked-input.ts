import { rational } from '../../../film/rational.ts';
import { type FolderReel, storedAs } from '../../../film/reel.ts';
import { sampleFormat } from '../../../film/sample-format.ts';
import { rawInput } from '../../ffmpeg/raw-input.ts';
import { DamagedStill } from '../../still/damaged-still.ts';
import { type UnpackedStill, unpackStill } from '../../still/still.ts';
import type { FrameInput } from '../frame-input.ts';

/** Samples have no time of their own; each frame is given one tick of this many a second, whatever the reel's rate. */
const TICKS_A_SECOND = 25;

/**
 * How ffmpeg is handed frames of a folder whose files this program reads: their samples come through its stdin, one frame after
 * another. A file that cannot be read is left out, and the feed ends with its error.
 *
 * @param frames stored in one size
 */
export function unpackedInput(reel: FolderReel, frames: readonly number[]): FrameInput {
  const handed: number[] = [];
  return {
    ...rawInput(reel.pixelFormat, storedAs(reel, frames[0] ?? 0), rational(TICKS_A_SECOND)),
    stdin: pictures(reel, frames, handed),
    filters: [],
    frames,
    // One more than come: ffmpeg, which stops reading at its limit, then reads to the end of what it is handed.
    limit: frames.length + 1,
    frameAt: ({ ticks, timeBase }) => handed[Math.round((ticks * timeBase.num * TICKS_A_SECOND) / timeBase.den)],
    seeks: false,
  };
}

async function* pictures(
  reel: FolderReel,
  frames: readonly number[],
  handed: number[],
): AsyncGenerator<Uint8Array, void, void> {
  let damage: DamagedStill | undefined;
  for (const frame of frames) {
    const still = await pictureOf(reel, frame);
    if (still instanceof DamagedStill) {
      damage ??= still;
      continue;
    }
    handed.push(frame);
    yield still.bytes;
  }
  if (damage) throw damage;
}

async function pictureOf(reel: FolderReel, frame: number): Promise<UnpackedStill | DamagedStill> {
  try {
    const still = await unpackStill(reel.files[frame] as string, reel.still, reel.layer);
    const { width, height, pixelFormat } = still.info;
    const stored = storedAs(reel, frame);
    const samples = pixelFormat && sampleFormat(pixelFormat).name;
    if (width === stored.width && height === stored.height && samples === reel.pixelFormat) return still;
    return new DamagedStill(
      `was ${stored.width}×${stored.height} ${reel.pixelFormat} when the reel was opened and is ${width}×${height} ${samples} now`,
    );
  } catch (cause) {
    if (cause instanceof DamagedStill) return cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) throw cause;
    return new DamagedStill(`cannot be read (${code})`);
  }
}
