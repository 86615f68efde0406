import type { Networks } from '../../src/carry/track/counted-networks.ts';
import type { Measures, ShotTrackingOptions } from '../../src/carry/track/tracking-context.ts';
import { boxOfLandmarks } from '../../src/face/box.ts';
import { fivePoints, type Landmarks } from '../../src/face/landmarks.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { HEAD } from './drawn-head.ts';

/** A face on the stage in one frame. */
export interface Actor {
  readonly name: 'a' | 'b' | 'c';
  readonly landmarks: Landmarks;
  /** Presence from the landmark network; 0.99 unless given. */
  readonly presence?: number;
  /** Presence from its run on the crop's mirror image; the same unless given. */
  readonly mirroredPresence?: number;
  /** False where the detector overlooks the face. */
  readonly detected?: boolean;
}

/** The head moved by (x, y) pixels; 60 between the eyes. */
export function headAt(x: number, y = 0): Landmarks {
  return HEAD.map((v, i) => (i % 3 === 0 ? v + x : i % 3 === 1 ? v + y : v));
}

/** Networks that see exactly what is on the stage, whatever a picture shows: it is only the frame's name. */
export interface Stage {
  readonly networks: Networks;
  /** The picture of a frame, always the same for the same frame. */
  picture(frame: number): RgbPicture;
}

const LIKENESSES = { a: [1, 0, 0], b: [0, 1, 0], c: [0, 0, 1] } as const;

const BLANK: RgbPicture = { width: 1, height: 1, rgb: new Uint8Array(3) };

/**
 * @param show who is on the stage in a frame
 * @param draw what a picture of it shows to those who measure
 */
export function stageOf(
  show: (frame: number) => readonly Actor[],
  draw: (frame: number) => RgbPicture = () => BLANK,
): Stage {
  const pictures = new Map<number, RgbPicture>();
  const frames = new Map<RgbPicture, number>();
  const actorsIn = (picture: RgbPicture) => show(frames.get(picture) as number);
  const nearest = (picture: RgbPicture, x: number, y: number) => {
    const apart = ({ landmarks }: Actor) => {
      const [left, top, width, height] = boxOfLandmarks(landmarks);
      return Math.hypot(left + width / 2 - x, top + height / 2 - y) / width;
    };
    const [actor] = [...actorsIn(picture)].sort((p, q) => apart(p) - apart(q));
    return actor && apart(actor) < 0.7 ? actor : undefined;
  };
  return {
    picture(frame) {
      const picture = pictures.get(frame) ?? { ...draw(frame) };
      pictures.set(frame, picture);
      frames.set(picture, frame);
      return picture;
    },
    networks: {
      detector: {
        id: 'stage',
        threshold: 0.5,
        async detect(picture) {
          const seen = actorsIn(picture).filter(({ detected }) => detected !== false);
          return {
            detections: seen.map(({ landmarks }) => ({
              score: 0.9,
              box: boxOfLandmarks(landmarks),
              five: fivePoints(landmarks),
            })),
            runs: 1,
          };
        },
      },
      landmarker: {
        id: 'stage',
        async landmarks(picture, { x, y }, isMirrored = false) {
          const actor = nearest(picture, x, y);
          if (!actor) return { landmarks: headAt(0), presence: 0.05 };
          const presence = actor.presence ?? 0.99;
          return {
            landmarks: actor.landmarks,
            presence: isMirrored ? (actor.mirroredPresence ?? presence) : presence,
          };
        },
      },
      recogniser: {
        id: 'stage',
        threshold: 0.5,
        floor: 0.38,
        async embed(picture, five) {
          const actor = nearest(picture, five[4] as number, five[5] as number);
          return Float32Array.from(actor ? LIKENESSES[actor.name] : [0, 0, 0]);
        },
      },
    },
  };
}

/** Measures on a stage: none, so that networks run in every frame; `quality` is 1 unless given. */
export function stageMeasures(quality: (frame: Landmarks) => number = () => 1): Measures {
  return {
    light: () => ({ exposure: 0.4, colour: [0, 0, 0, 0, 0, 0], band: new Float32Array(3), blur: 0, grain: 0 }),
    background: () => null,
    film: () => null,
    view: () => null,
    motion: () => null,
    change: () => ({ mouth: 0, eyes: 0, nose: 0 }),
    quality: (_, landmarks) => quality(landmarks),
  };
}

export const STAGE_OPTIONS: ShotTrackingOptions = {
  detectorThreshold: 0.6,
  smallestFace: 20,
  sweepEvery: 24,
  identityEvery: 24,
  presenceFloor: 0.5,
  skip: { age: 12, motion: 0.04, tiles: 0.03, disagreement: 0.012 },
  averagedCrops: 0,
  refine: { every: 8, least: 4, disagreement: 0.015 },
  auditShare: 0,
  reuse: true,
};
