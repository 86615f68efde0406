import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import type { Ffmpeg } from '../../media/ffmpeg/ffmpeg.ts';
import { findDamage } from '../../media/read/find-damage.ts';

/** Why frames of a range are damaged, to be asked after decoding was suspicious: of those that did not come, and of those with an error. */
export async function decodedDamage(
  reel: Reel,
  range: FrameRange,
  missing: readonly number[],
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const found = await findDamage(reel, range, ffmpeg, signal);
  return new Map([...missing.map((frame) => [frame, 'it cannot be decoded'] as const), ...found]);
}

/** The reel with the damage that only decoding showed. @throws ReelError where nothing of the range can be decoded. */
export function withDamage(reel: Reel, range: FrameRange, found: ReadonlyMap<number, string>): Reel {
  const damaged = new Map([...found, ...reel.damaged]);
  const bad = [...damaged].filter(([frame]) => contains(range, frame));
  if (bad.length >= lengthOf(range)) {
    throw new ReelError(
      `"${reel.path}": none of the ${lengthOf(range)} frames asked for can be decoded. The first: ${bad[0]?.[1]}. Check that the files are whole and of the kind that their names say.`,
    );
  }
  return { ...reel, damaged };
}
