import { boxOfLandmarks } from '../../face/box.ts';
import { type Landmarks, NAMED_POINTS, namedPoint, type PointName } from '../../face/landmarks.ts';
import { rigidSimilarity } from '../../face/mesh.ts';
import { applyX, applyY } from '../../face/similarity.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { Rational } from '../../film/rational.ts';
import { frameNumber, type Reel, uprightPixelAspect } from '../../film/reel.ts';

/** x, y in plate pixels, upright, origin at the top-left edge of the top-left pixel. */
export type PlatePoint = readonly [x: number, y: number];

/** The points that compositors are given of a face. */
export const HANDED_POINTS = (Object.keys(NAMED_POINTS) as PointName[]).filter(
  (name) => NAMED_POINTS[name].length === 1,
);

/** A track as compositors take it: settled points, and the box of the face carried along, in every frame of the track without gaps. */
export interface TrackedFace {
  readonly id: string;
  /** The first frame in the reel's own numbering, and counted from the reel's first frame, from 0. */
  readonly number: number;
  readonly frame: number;
  /** Size of the upright plate, pixels, and the width of one by its height. */
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: number;
  readonly rate: Rational;
  /** A position a frame for each point. */
  readonly points: ReadonlyMap<PointName, readonly PlatePoint[]>;
  /** Of the track's frames, from 0: in this one the box is the upright rectangle around the face. */
  readonly reference: number;
  /** The box's corners in each frame: upper left, upper right, lower right, lower left. */
  readonly corners: readonly (readonly [PlatePoint, PlatePoint, PlatePoint, PlatePoint])[];
}

/**
 * A track for compositors. The box is moved, turned and scaled as the rigid points of the face are, by least squares, from the frame in the
 * middle of the track; on pixels that are not square, as they are seen.
 */
export function trackedFace(reel: Reel, { id, in: from, observations }: FaceTrack): TrackedFace {
  const { width, height, rate } = reel;
  const pixelAspect = uprightPixelAspect(reel);
  const reference = observations.length >> 1;
  const all = observations.map(({ landmarks }) => landmarks);
  const still = all[reference] as Landmarks;
  const [left, top, across, down] = boxOfLandmarks(still);
  const box: readonly PlatePoint[] = [
    [left, top],
    [left + across, top],
    [left + across, top + down],
    [left, top + down],
  ];
  const seen = asSeen(still, pixelAspect);
  return {
    ...{ id, number: frameNumber(reel, from), frame: from, width, height, pixelAspect, rate, reference },
    points: new Map(HANDED_POINTS.map((name) => [name, all.map((landmarks) => namedPoint(landmarks, name))])),
    corners: all.map((landmarks) => {
      const motion = rigidSimilarity(seen, asSeen(landmarks, pixelAspect));
      const carried = box.map(
        ([x, y]): PlatePoint => [applyX(motion, x * pixelAspect, y) / pixelAspect, applyY(motion, x * pixelAspect, y)],
      );
      return carried as unknown as TrackedFace['corners'][number];
    }),
  };
}

/** Landmarks on square pixels. */
function asSeen(landmarks: Landmarks, pixelAspect: number): Landmarks {
  return pixelAspect === 1 ? landmarks : landmarks.map((value, i) => (i % 3 === 0 ? value * pixelAspect : value));
}
