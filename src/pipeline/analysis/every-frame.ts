import type { FaceTrack } from '../../face/track.ts';
import { type FrameRange, lengthOf } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { expectTask, pictureOf } from '../../model/contract.ts';
import { detectionTiles } from '../../model/detection-tiles.ts';
import type { ModelLibrary } from '../../model/library.ts';
import { sideOf } from '../../model/resample.ts';
import type { Preset } from '../../settings/preset.ts';
import { proxySize } from './track-reel.ts';

/** Network runs by network. */
export interface EveryFrame {
  readonly detector: number;
  readonly landmarker: number;
  readonly recogniser: number;
}

/** The runs that looking at every frame afresh would have taken: all tiles a frame, and both other networks for every face. */
export async function everyFrameRuns(
  library: ModelLibrary,
  detector: string,
  tracks: readonly FaceTrack[],
  reel: Reel,
  range: FrameRange,
  preset: Preset,
): Promise<EveryFrame> {
  const contract = expectTask(await library.contract(detector), 'detect');
  const { width, height } = proxySize(reel, preset.proxy.longSide);
  const tiles = detectionTiles(width, height, preset.tracking.smallestFace * width, sideOf(pictureOf(contract)));
  const faces = tracks.reduce((sum, track) => sum + lengthOf(track), 0);
  return { detector: tiles.length * lengthOf(range), landmarker: faces, recogniser: faces };
}
