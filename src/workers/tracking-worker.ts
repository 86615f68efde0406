import type { Networks } from '../carry/track/counted-networks.ts';
import { type ReelTracker, reelTracker, type TrackingProgress } from '../carry/track/reel-tracker.ts';
import { cropOfDetection } from '../face/crop.ts';
import { fivePoints } from '../face/landmarks.ts';
import { packedLength, packTrack } from '../face/packed-track.ts';
import { placeSurely } from '../face/second-look.ts';
import { openDetector } from '../model/detector.ts';
import { openLandmarker } from '../model/landmarker.ts';
import { openLibrary } from '../model/library.ts';
import { openRecogniser } from '../model/recogniser.ts';
import { openRefiner } from '../model/refiner.ts';
import { FACE_MEASURES } from './face-measures.ts';
import { moved, serve } from './rpc.ts';
import type { Size, StillFace, TrackingService } from './tracking-service.ts';

/** Share of a still's width that a face must cover to be its subject; smaller ones are passers-by. */
const SMALLEST_IN_STILL = 0.05;
/** Presence from which a detection in a still is a face. */
const STILL_PRESENCE = 0.5;

let networks: Networks | undefined;
let reel: { readonly proxy: Size; readonly tracker: ReelTracker } | undefined;

const service: TrackingService = {
  async open({ device, ...models }) {
    const library = openLibrary();
    const detector = await openDetector(library, models.detector, { device });
    // Where "auto" came to, so that all of a run is by one kind of arithmetic.
    const options = { device: detector.device };
    const landmarker = await openLandmarker(library, models.landmarker, options);
    const recogniser = await openRecogniser(library, models.recogniser, options);
    const refiner =
      models.refiner === undefined ? {} : { refiner: await openRefiner(library, models.refiner, options) };
    networks = { detector, landmarker, recogniser, ...refiner };
    return detector.device;
  },

  async still({ threshold, ...picture }) {
    const { detector, landmarker, recogniser } = opened();
    const { detections } = await detector.detect(picture, {
      threshold,
      smallestFace: SMALLEST_IN_STILL * picture.width,
    });
    const faces: StillFace[] = [];
    for (const detection of detections) {
      const { landmarks, presence } = await placeSurely(landmarker, picture, cropOfDetection(detection));
      if (presence < STILL_PRESENCE) continue;
      const embedding = await recogniser.embed(picture, fivePoints(landmarks));
      faces.push({ score: detection.score, box: detection.box, landmarks, embedding });
    }
    return faces;
  },

  async begin({ proxy, options, span }) {
    reel = { proxy, tracker: reelTracker(opened(), FACE_MEASURES, options, span) };
  },

  async track({ frame, rgb }) {
    if (!reel) throw new Error('Unreachable: frames are tracked after "begin".');
    return packed(await reel.tracker.track(frame, { ...reel.proxy, rgb }));
  },

  async end() {
    if (!reel) throw new Error('Unreachable: a reel ends after "begin".');
    return packed(await reel.tracker.end());
  },
};

/** Progress with the tracks packed into memory that moves to the caller. */
function packed<T extends TrackingProgress>(progress: T): T {
  const memories: ArrayBuffer[] = [];
  const shots = progress.shots.map((shot) => ({
    ...shot,
    tracks: shot.tracks.map((track) => {
      const memory = new Float32Array(packedLength(track));
      memories.push(memory.buffer);
      return packTrack(track, memory);
    }),
  }));
  return moved({ ...progress, shots }, memories);
}

function opened(): Networks {
  if (!networks) throw new Error('Unreachable: networks are used after "open".');
  return networks;
}

serve(service);
