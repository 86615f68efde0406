import type { FaceBox, ReviewTrack } from '../../review/api.ts';
import type { Point } from './placement.ts';

/** Frames of the smoothing's standard deviation: slower than breathing, quicker than walking out of the picture. */
const SIGMA = 6;

/**
 * Middles of a track's boxes, smoothed in both directions of time, so that the view neither jitters nor lags.
 *
 * @param boxes one a frame; never empty
 */
export function followedCentres(boxes: readonly FaceBox[]): readonly Point[] {
  const reach = 3 * SIGMA;
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-((k - reach) ** 2) / (2 * SIGMA ** 2)));
  return boxes.map((_, frame) => {
    let [sum, x, y] = [0, 0, 0];
    weights.forEach((weight, k) => {
      const [left, top, width, height] = boxes[mirrored(frame + k - reach, boxes.length)] as FaceBox;
      sum += weight;
      x += weight * (left + width / 2);
      y += weight * (top + height / 2);
    });
    return [x / sum, y / sum];
  });
}

/** An index that runs out of the row comes back into it, as from a mirror behind its end. */
function mirrored(index: number, length: number): number {
  const period = 2 * length;
  const at = ((index % period) + period) % period;
  return at < length ? at : period - 1 - at;
}

/** What belongs to a frame of a track, of a row that has one of each; outside of the track the nearest. */
export function ofNearestFrame<T>(
  track: Pick<ReviewTrack, 'in' | 'out'>,
  row: readonly T[],
  frame: number,
): T | undefined {
  return row[Math.min(track.out - 1, Math.max(track.in, frame)) - track.in];
}
