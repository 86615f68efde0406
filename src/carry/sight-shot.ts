import { associate } from '../face/associate.ts';
import { type Crop, cropOfDetection, cropOfLandmarks } from '../face/crop.ts';
import { fivePoints, type Landmarks } from '../face/landmarks.ts';
import type { Detector, Landmarker, Recogniser, RgbPicture } from '../face/networks.ts';
import type { Detection, Light } from '../face/sighting.ts';
import { IDENTITY, type Similarity, transformLandmarks } from '../face/similarity.ts';
import { carriedError } from './carried-error.ts';
import type { FaceMotion, FaceView } from './face-motion.ts';
import type { TileChange } from './face-tiles.ts';
import type { FrameLook, Search } from './frame-look.ts';
import { count, emptyCounts, type InferenceCounts, type RunReason } from './inference-counts.ts';
import {
  compare,
  type Followed,
  followTexture,
  type LiveFace,
  learn,
  likenessToLast,
  liveFace,
  seedOf,
} from './live-face.ts';
import { MOST_MISSING } from './missing-frames.ts';
import { ditheredCrop, steadiedCrop } from './moved-crop.ts';
import {
  agrees,
  append,
  emptyTrack,
  isPlausible,
  joinTo,
  lastBox,
  lastOf,
  outOf,
  overlapWith,
  prepend,
  type RawSighting,
  type RawTrack,
  shows,
} from './raw-track.ts';
import { type RestLimits, verdictOf } from './rest.ts';
import { seeded } from './seeded.ts';

export interface Networks {
  readonly detector: Detector;
  readonly landmarker: Landmarker;
  readonly recogniser: Recogniser;
}

/** What is measured on a face's pixels rather than asked of a network. */
export interface Measures {
  light(picture: RgbPicture, landmarks: Landmarks): Light;
  /** The face made ready for following, on the grid and scale of `like`; null where nothing is to be followed. */
  view(picture: RgbPicture, landmarks: Landmarks, like: FaceView | null): FaceView | null;
  /** How the face moved from one view to the next, or null where its texture cannot tell. */
  motion(from: FaceView, to: FaceView, landmarks: Landmarks): FaceMotion | null;
  /** How mouth, eyes and nose changed between two views, the second being `motion` away. */
  change(from: FaceView, landmarks: Landmarks, to: FaceView, motion: Similarity): TileChange;
  /** 0 … 1: how far an embedding of this face in this picture may be believed. */
  quality(picture: RgbPicture, landmarks: Landmarks): number;
}

export interface SightOptions {
  /** Lowest detector score, 0 … 1, that starts a track. */
  readonly detectorThreshold: number;
  /** Width in picture pixels of the smallest face to look for. */
  readonly smallestFace: number;
  /** Frames between sweeps for entrances. A face found by one is followed back to where it entered. */
  readonly sweepEvery: number;
  /** Frames between two anchors of a track. */
  readonly anchorEvery: number;
  /** Presence, 0 … 1, below which the landmarker has lost the face. */
  readonly presenceFloor: number;
  /** When the landmark network rests. */
  readonly rest: RestLimits;
  /** Extra crops over which landmarks are averaged at an anchor of a moving face. */
  readonly anchorCrops: number;
  /** Share, 0 … 1, of skipped runs that are made nevertheless. */
  readonly auditShare: number;
  /** False: every network runs on every frame, with crops from the detector. */
  readonly reuse: boolean;
}

/** Follows the faces of one shot. Frames are shown in order; numbers may skip where frames are damaged: tracks bridge a few. */
export interface ShotSighter {
  /** Looks at the next frame and returns how many faces it shows. */
  look(frame: number, picture: RgbPicture): Promise<number>;
  /** The shot's tracks, by first frame. */
  close(): RawTrack[];
  readonly counts: InferenceCounts;
  /** Searches of whole pictures so far. */
  readonly searches: readonly Search[];
  /** Detector runs that one search of a whole picture takes. */
  readonly tiles: number;
}

/** Share of overlap from which two tracks have run onto one face. */
const MERGED = 0.7;
/** A track that this many sweeps in a row did not see, and that its landmarker hardly believes, is no face. */
const UNSEEN_SWEEPS = 2;
const HARDLY_BELIEVED = 0.9;
/** Frames after which a track whose anchors are all poor is looked at again, once it is better to see. */
const RETRY_ANCHOR = 6;
const POOR_QUALITY = 0.5;
const BETTER = 0.1;
/** A face whose landmarks were placed in at least this share of an anchor's frames moves; one at rest needs no mean of crops. */
const MOVING = 0.5;

export function sightShot(networks: Networks, measures: Measures, options: SightOptions): ShotSighter {
  const counts = emptyCounts();
  const searches: Search[] = [];
  const live: LiveFace[] = [];
  const ended: RawTrack[] = [];
  /** The frames since the last sweep, for looking back. */
  let recent: Array<{ readonly frame: number; readonly picture: RgbPicture }> = [];
  let lastSweep = -Infinity;
  let lostAt = -Infinity;
  let tiles = 1;

  const place = async (picture: RgbPicture, crop: Crop, reason: RunReason) => {
    count(counts.landmarker, reason);
    return networks.landmarker.landmarks(picture, crop);
  };

  const embed = async (picture: RgbPicture, landmarks: Landmarks, reason: RunReason) => {
    count(counts.recogniser, reason);
    return networks.recogniser.embed(picture, fivePoints(landmarks));
  };

  const detect = async (frame: number, picture: RgbPicture, reason: RunReason): Promise<Detection[]> => {
    const { detections, runs } = await networks.detector.detect(picture, {
      threshold: options.detectorThreshold,
      smallestFace: options.smallestFace,
    });
    count(counts.detector, reason, runs);
    searches.push({ frame, reason });
    tiles = runs;
    return detections;
  };

  const anchor = async (face: LiveFace, frame: number, picture: RgbPicture, reason: RunReason) => {
    const { track } = face;
    const last = lastOf(track);
    const quality = measures.quality(picture, last.landmarks);
    track.anchors.push({ frame, embedding: await embed(picture, last.landmarks, reason), quality });
    last.look = { ...last.look, recogniser: reason };
    if (options.reuse && last.origin === 'detected' && face.looks >= MOVING * options.anchorEvery) {
      const mean = await meanOverCrops(face, frame, picture);
      if (mean) track.means.push({ frame, landmarks: mean });
    }
    face.looks = 0;
    face.lastAnchor = frame;
    face.bestQuality = Math.max(face.bestQuality, quality);
  };

  /** What the network says of the face, whatever the crop: the mean over crops that differ at random. */
  const meanOverCrops = async (face: LiveFace, frame: number, picture: RgbPicture): Promise<Landmarks | null> => {
    const random = seeded(face.seed, frame, 1);
    const sum = new Float64Array(lastOf(face.track).landmarks.length);
    let seen = 0;
    for (let k = 0; k < options.anchorCrops; k++) {
      const { landmarks, presence } = await place(picture, ditheredCrop(face.crop, random), 'anchor');
      if (presence < options.presenceFloor) continue;
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (landmarks[i] as number);
      seen += 1;
    }
    return seen > 0 ? Float32Array.from(sum, (v) => v / seen) : null;
  };

  const isAnchorDue = (face: LiveFace, frame: number, picture: RgbPicture): boolean => {
    const age = frame - face.lastAnchor;
    if (!options.reuse || age >= options.anchorEvery) return true;
    if (age < RETRY_ANCHOR || face.bestQuality >= POOR_QUALITY) return false;
    return measures.quality(picture, lastOf(face.track).landmarks) > face.bestQuality + BETTER;
  };

  const end = (face: LiveFace) => {
    live.splice(live.indexOf(face), 1);
    ended.push(face.track);
  };

  /** Which detection shows which live face, one to one. */
  const match = (found: readonly Detection[]): Map<LiveFace, Detection> => {
    const { pairs } = associate(
      live.map((face) => lastBox(face.track)),
      found.map((detection) => detection.box),
    );
    return new Map(pairs.map(({ track, detection }) => [live[track] as LiveFace, found[detection] as Detection]));
  };

  /** Follows a live face into this frame; false where it is lost. */
  const follow = async (
    face: LiveFace,
    frame: number,
    picture: RgbPicture,
    detection: Detection | undefined,
  ): Promise<boolean> => {
    const followed = followTexture(face, frame, recent.at(-1)?.picture, picture, measures);
    const verdict = options.reuse ? verdictOf(followed.evidence, options.rest, face.caution) : 'every';
    const before = lastOf(face.track);
    const { age, motion, tiles: change } = followed.evidence;
    const look: FrameLook = {
      landmarker: verdict,
      recogniser: null,
      age,
      motion: Number.isFinite(motion) ? motion : null,
      tiles: Number.isFinite(change) ? change : null,
      disagreement: null,
    };
    face.view = followed.view;
    if (verdict === 'rest') {
      face.since = followed.since;
      face.crop = followed.crop;
      append(face.track, frame, {
        landmarks: followed.carried,
        presence: before.presence,
        light: measures.light(picture, followed.carried),
        step: followed.step,
        origin: 'carried',
        look,
      });
      await audit(face, frame, picture, followed);
      return true;
    }
    const seen = await place(
      picture,
      detection ? cropOfDetection(detection) : followed.crop,
      options.reuse ? 'follow' : 'every',
    );
    if (seen.presence < options.presenceFloor || !isPlausible(before.landmarks, seen.landmarks)) return false;
    const agreed = followed.step && agrees(followed.step, before.landmarks, seen.landmarks) ? followed.step : null;
    append(face.track, frame, {
      landmarks: seen.landmarks,
      presence: seen.presence,
      light: measures.light(picture, seen.landmarks),
      step: agreed,
      origin: 'detected',
      look: agreed ? { ...look, disagreement: carriedError(followed.carried, seen.landmarks).all } : look,
    });
    if (agreed) compare(face, carriedError(followed.carried, seen.landmarks).rigid);
    // After a rest that its age ended, nothing should have changed.
    if (verdict === 'age' && age > 1) learn(face, followed.carried, seen.landmarks);
    const own = cropOfLandmarks(seen.landmarks);
    face.crop = agreed ? steadiedCrop(followed.crop, own) : own;
    face.placed = { frame, landmarks: seen.landmarks, view: followed.view };
    face.since = IDENTITY;
    face.looks += 1;
    return true;
  };

  /** Makes some of the skipped runs nevertheless: their answers are compared, not used. */
  const audit = async (face: LiveFace, frame: number, picture: RgbPicture, { carried, crop }: Followed) => {
    if (seeded(face.seed, frame, 2)() >= options.auditShare) return;
    const seen = await place(picture, crop, 'audit');
    const embedding = await embed(picture, carried, 'audit');
    const { rigid, lips, lids } = carriedError(carried, seen.landmarks);
    face.track.audits.push({ frame, rigid, lips, lids, cosine: likenessToLast(face.track, embedding) });
    learn(face, carried, seen.landmarks);
  };

  /**
   * Follows a new face back through the frames since the last sweep, to where it entered, or to the track that it continues: a
   * face that was lost for a moment is one track.
   */
  const lookBack = async (face: LiveFace): Promise<void> => {
    const { track } = face;
    let later = (recent.at(-1) as (typeof recent)[number]).picture;
    for (let k = recent.length - 2; k >= 0; k--) {
      const { frame, picture } = recent[k] as (typeof recent)[number];
      if (track.in - 1 - frame > MOST_MISSING) return;
      const first = track.sightings[0] as (typeof track.sightings)[number];
      const next = first.landmarks;
      const back = motionOf(later, picture, next);
      const seen = await place(
        picture,
        back ? cropOfLandmarks(transformLandmarks(back, next)) : cropOfLandmarks(next),
        'lookBack',
      );
      if (seen.presence < options.presenceFloor || !isPlausible(next, seen.landmarks)) return;
      const forth = motionOf(picture, later, seen.landmarks);
      const step = forth && agrees(forth, seen.landmarks, next) ? forth : null;
      const continued = ended.find((earlier) => shows(earlier, frame, seen.landmarks));
      if (continued) {
        joinTo(continued, track, step);
        ended.splice(ended.indexOf(continued), 1);
        return;
      }
      const sighting: RawSighting = {
        landmarks: seen.landmarks,
        presence: seen.presence,
        light: measures.light(picture, seen.landmarks),
        step: null,
        origin: 'detected',
        look: lookFor('lookBack'),
      };
      prepend(track, frame, sighting, step);
      later = picture;
    }
  };

  const motionOf = (from: RgbPicture, to: RgbPicture, landmarks: Landmarks): Similarity | null => {
    const before = measures.view(from, landmarks, null);
    const after = measures.view(to, landmarks, before);
    return (before && after && measures.motion(before, after, landmarks)?.step) ?? null;
  };

  const start = async (frame: number, picture: RgbPicture, detection: Detection): Promise<void> => {
    const reason = options.reuse ? 'anchor' : 'every';
    let seen = await place(picture, cropOfDetection(detection), reason);
    if (seen.presence < options.presenceFloor) return;
    // What the network says depends on the crop: every later one comes from landmarks, so the first shall too.
    if (options.reuse) seen = await place(picture, cropOfLandmarks(seen.landmarks), reason);
    if (seen.presence < options.presenceFloor) return;
    if (live.some((other) => overlapWith(other.track, seen.landmarks) >= MERGED)) return;
    const track = emptyTrack(frame);
    track.sightings.push({
      landmarks: seen.landmarks,
      presence: seen.presence,
      light: measures.light(picture, seen.landmarks),
      step: null,
      origin: 'detected',
      look: lookFor(reason),
    });
    const face = liveFace(track, seedOf(frame, detection), frame, picture, measures);
    live.push(face);
    await anchor(face, frame, picture, reason);
    if (options.reuse) await lookBack(face);
  };

  /** After a loss the sweeps come after 1, 2, 4, 8 … frames, until they are as rare as elsewhere. */
  const isSweepDue = (frame: number): boolean => {
    const sinceLoss = frame - lostAt;
    return frame - lastSweep >= Math.min(options.sweepEvery, Math.max(1, sinceLoss / 2));
  };

  const dropMerged = () => {
    for (const face of [...live]) {
      const elder = live.find(
        (other) =>
          other !== face &&
          other.track.in <= face.track.in &&
          live.indexOf(other) < live.indexOf(face) &&
          overlapWith(other.track, lastOf(face.track).landmarks) >= MERGED,
      );
      if (elder) end(face);
    }
  };

  return {
    counts,
    searches,
    get tiles() {
      return tiles;
    },
    async look(frame, picture) {
      const sweep = !options.reuse || isSweepDue(frame);
      let detections = sweep ? await detect(frame, picture, options.reuse ? 'sweep' : 'every') : undefined;
      // Reuse off takes its crops from the detector; otherwise tracking gives the steadier crop.
      let matched = options.reuse ? new Map<LiveFace, Detection>() : match(detections ?? []);

      let lost = false;
      for (const face of [...live]) {
        if (frame - outOf(face.track) > MOST_MISSING || !(await follow(face, frame, picture, matched.get(face)))) {
          end(face);
          lost = true;
        }
      }
      dropMerged();
      recent.push({ frame, picture });
      if (lost) {
        lostAt = frame;
        detections ??= await detect(frame, picture, 'loss');
      }
      if (detections) {
        const found = detections;
        if (options.reuse) {
          matched = match(found);
          for (const face of [...live]) {
            face.unseen = matched.has(face) ? 0 : face.unseen + 1;
            if (face.unseen >= UNSEEN_SWEEPS && lastOf(face.track).presence < HARDLY_BELIEVED) end(face);
          }
        }
        const taken = new Set(matched.values());
        for (const detection of found) if (!taken.has(detection)) await start(frame, picture, detection);
        lastSweep = frame;
        recent = recent.slice(-1);
      }
      for (const face of live) {
        if (face.track.anchors.at(-1)?.frame !== frame && isAnchorDue(face, frame, picture)) {
          await anchor(face, frame, picture, options.reuse ? 'anchor' : 'every');
        }
      }
      // One sweep interval is all that looking back can use.
      if (recent.length > options.sweepEvery + 1) recent.shift();
      return live.length;
    },
    close() {
      for (const face of [...live]) end(face);
      recent = [];
      return ended.sort((a, b) => a.in - b.in);
    },
  };
}

/** The look of a frame in which a track was found rather than followed. */
function lookFor(landmarker: RunReason): FrameLook {
  return { landmarker, recogniser: null, age: 0, motion: null, tiles: null, disagreement: null };
}
