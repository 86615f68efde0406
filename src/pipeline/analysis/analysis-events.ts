import { contains, type FrameRange, lengthOf } from '../../film/range.ts';
import { frameNumber, type Reel } from '../../film/reel.ts';
import type { RunEvent } from '../../log/run-event.ts';
import type { TrackedReel } from './tracked-reel.ts';

/** Tells of each frame of a range that is damaged or has no file. */
export function damageEvents(reel: Reel, range: FrameRange): RunEvent[] {
  return [...reel.damaged]
    .filter(([frame]) => contains(range, frame))
    .sort(([a], [b]) => a - b)
    .map(([frame, reason]) => ({
      code: reel.kind === 'folder' && !reel.files[frame] ? 'E_FRAME_MISSING' : 'E_FRAME_DAMAGED',
      labels: { frame: frameNumber(reel, frame) },
      counts: { frames: 1 },
      reason,
    }));
}

/** Tells how many shots and tracks were found. */
export function trackedEvent({ shots, tracks }: TrackedReel, range: FrameRange): RunEvent {
  return { code: 'REEL_TRACKED', counts: { frames: lengthOf(range), shots: shots.length, tracks: tracks.length } };
}
