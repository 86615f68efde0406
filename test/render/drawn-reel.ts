import { openReelTruth } from '../../samples/reel-truth.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { cutRegion, type Plate, planesOf } from '../../src/film/plate.ts';
import { pictureBytes, sampleFormat } from '../../src/film/sample-format.ts';
import type { FaceToLift, TrackToRender } from '../../src/render/face-rendering.ts';
import { placementIn } from '../../src/render/placement.ts';
import { trackOf } from '../pipeline/face-tracks.ts';

/** Side of the patches, pixels. */
export const SIZE = 128;
const FORMAT = sampleFormat('gbrpf32le');
const WIDTH = 480;
const HEIGHT = 270;
const LIGHT = { exposure: 0.5, colour: [0, 0, 0, 1, 1, 1], band: new Float32Array(192), blur: 1, grain: 0.02 };

/** A few frames of the sample reel's first shot, worn, with the track of its face and how it is repaired. */
export interface DrawnReel {
  readonly plates: readonly Plate[];
  readonly track: FaceTrack;
  readonly brief: TrackToRender;
  /** The face of a frame, its region newly cut. */
  face(frame: number): FaceToLift;
}

export async function drawnReel(frames: number): Promise<DrawnReel> {
  const truth = await openReelTruth({ only: 'static', length: 24, width: WIDTH, height: HEIGHT });
  const plates = Array.from({ length: frames }, (_, frame): Plate => {
    const { rgb } = truth.renderWorn(frame);
    const bytes = new Uint8Array(pictureBytes(FORMAT, WIDTH, HEIGHT));
    const planes = planesOf(FORMAT, bytes, WIDTH, HEIGHT);
    FORMAT.planes.forEach(({ component }, k) => {
      const from = 'RGB'.indexOf(component) * WIDTH * HEIGHT;
      planes[k]?.samples.set(rgb.subarray(from, from + WIDTH * HEIGHT));
    });
    return { frame, format: FORMAT, width: WIDTH, height: HEIGHT, bytes };
  });
  const empty = trackOf('t1', 0, frames);
  const observations = empty.observations.map((observation) => {
    const landmarks = truth.frame(observation.frame).face?.landmarks;
    if (!landmarks) throw new Error(`Frame ${observation.frame} shows no face.`);
    return { ...observation, landmarks, light: LIGHT };
  });
  const track = { ...empty, observations };
  return {
    plates,
    track,
    brief: {
      track: track.id,
      restorer: { name: 'repair', settings: { window: 2, matteSoftness: 0.16, grainRatio: 1 } },
      device: 'cpu',
      stills: [],
      pose: observations[0]?.landmarks as Float32Array,
      patchSize: SIZE,
      colour: { tags: {}, transfer: 'rec709', plateHeight: HEIGHT },
      seed: 7,
    },
    face(frame) {
      const plate = plates[frame];
      const placement = plate && placementIn(track, SIZE, frame, plate);
      if (!placement) throw new Error(`Frame ${frame} was not drawn.`);
      const { roi, toPatch, landmarks, light } = placement;
      return { track: track.id, frame, region: cutRegion(plate, roi), toPatch, landmarks, light };
    },
  };
}
