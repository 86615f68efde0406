import { associate } from '../face/associate.ts';
import { type Crop, cropOfDetection, cropOfLandmarks } from '../face/crop.ts';
import { fivePoints, type Landmarks } from '../face/landmarks.ts';
import type { Detector, Landmarker, Recogniser, RgbPicture } from '../face/networks.ts';
import type { Detection, Light } from '../face/sighting.ts';
import { type Similarity, transformLandmarks } from '../face/similarity.ts';
import { count, emptyCounts, type InferenceCounts, type RunReason } from './inference-counts.ts';
import { agrees, isPlausible, joinTo, lastBox, outOf, overlapWith, type RawTrack, shows } from './raw-track.ts';

export interface Networks {
  readonly detector: Detector;
  readonly landmarker: Landmarker;
  readonly recogniser: Recogniser;
}

/** What is measured on a face's pixels rather than asked of a network. */
export interface Measures {
  light(picture: RgbPicture, landmarks: Landmarks): Light;
  /** How the face moved from one picture to the next, or null where its texture cannot tell. */
  motion(from: RgbPicture, to: RgbPicture, landmarks: Landmarks): Similarity | null;
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
  /** False: every network runs on every frame, with crops from the detector. */
  readonly reuse: boolean;
}

/** Follows the faces of one shot. Frames are shown in order; numbers may skip where a frame is damaged. */
export interface ShotSighter {
  /** Looks at the next frame and returns how many faces it shows. */
  look(frame: number, picture: RgbPicture): Promise<number>;
  /** The shot's tracks, by first frame. */
  close(): RawTrack[];
  readonly counts: InferenceCounts;
  /** Detector runs that one search of a whole picture takes. */
  readonly tiles: number;
}

interface Live {
  readonly track: RawTrack;
  lastAnchor: number;
  bestQuality: number;
  /** Sweeps in a row that found no face where this track is. */
  unseen: number;
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

export function sightShot(networks: Networks, measures: Measures, options: SightOptions): ShotSighter {
  const counts = emptyCounts();
  const live: Live[] = [];
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

  const detect = async (picture: RgbPicture, reason: RunReason): Promise<Detection[]> => {
    const { detections, runs } = await networks.detector.detect(picture, {
      threshold: options.detectorThreshold,
      smallestFace: options.smallestFace,
    });
    count(counts.detector, reason, runs);
    tiles = runs;
    return detections;
  };

  const append = (
    track: RawTrack,
    picture: RgbPicture,
    seen: { landmarks: Landmarks; presence: number },
    step: Similarity | null,
    origin: 'detected' | 'carried',
  ) => {
    track.landmarks.push(seen.landmarks);
    track.presence.push(seen.presence);
    track.lights.push(measures.light(picture, seen.landmarks));
    track.steps.push(step);
    track.origins.push(origin);
  };

  const anchor = async (face: Live, frame: number, picture: RgbPicture, reason: RunReason) => {
    const landmarks = face.track.landmarks.at(-1) as Landmarks;
    const quality = measures.quality(picture, landmarks);
    count(counts.recogniser, reason);
    const embedding = await networks.recogniser.embed(picture, fivePoints(landmarks));
    face.track.anchors.push({ frame, embedding, quality });
    face.lastAnchor = frame;
    face.bestQuality = Math.max(face.bestQuality, quality);
  };

  const isAnchorDue = (face: Live, frame: number, picture: RgbPicture): boolean => {
    const age = frame - face.lastAnchor;
    if (!options.reuse || age >= options.anchorEvery) return true;
    if (age < RETRY_ANCHOR || face.bestQuality >= POOR_QUALITY) return false;
    return measures.quality(picture, face.track.landmarks.at(-1) as Landmarks) > face.bestQuality + BETTER;
  };

  const end = (face: Live) => {
    live.splice(live.indexOf(face), 1);
    ended.push(face.track);
  };

  /** Which detection shows which live face, one to one. */
  const match = (found: readonly Detection[]): Map<Live, Detection> => {
    const { pairs } = associate(
      live.map((face) => lastBox(face.track)),
      found.map((detection) => detection.box),
    );
    return new Map(pairs.map(({ track, detection }) => [live[track] as Live, found[detection] as Detection]));
  };

  /** Follows a live face into this frame; false where it is lost. */
  const follow = async (face: Live, picture: RgbPicture, detection: Detection | undefined): Promise<boolean> => {
    const before = recent.at(-1)?.picture;
    const last = face.track.landmarks.at(-1) as Landmarks;
    const step = before ? measures.motion(before, picture, last) : null;
    const crop = detection ? cropOfDetection(detection) : cropOfLandmarks(step ? transformLandmarks(step, last) : last);
    const seen = await place(picture, crop, options.reuse ? 'follow' : 'every');
    if (seen.presence < options.presenceFloor || !isPlausible(last, seen.landmarks)) return false;
    const agreed = step && agrees(step, last, seen.landmarks) ? step : null;
    append(face.track, picture, seen, agreed, detection ? 'detected' : 'carried');
    return true;
  };

  /**
   * Follows a new face back through the frames since the last sweep, to where it entered, or to the track that it continues: a
   * face that was lost for a moment is one track.
   */
  const lookBack = async (face: Live): Promise<void> => {
    const { track } = face;
    let later = (recent.at(-1) as (typeof recent)[number]).picture;
    for (let k = recent.length - 2; k >= 0; k--) {
      const { frame, picture } = recent[k] as (typeof recent)[number];
      if (frame !== track.in - 1) return;
      const next = track.landmarks[0] as Landmarks;
      const back = measures.motion(later, picture, next);
      const seen = await place(picture, cropOfLandmarks(back ? transformLandmarks(back, next) : next), 'lookBack');
      if (seen.presence < options.presenceFloor || !isPlausible(next, seen.landmarks)) return;
      const forth = measures.motion(picture, later, seen.landmarks);
      track.steps[0] = forth && agrees(forth, seen.landmarks, next) ? forth : null;
      const continued = ended.find((earlier) => shows(earlier, frame, seen.landmarks));
      if (continued) {
        joinTo(continued, track);
        ended.splice(ended.indexOf(continued), 1);
        return;
      }
      track.in = frame;
      track.landmarks.unshift(seen.landmarks);
      track.presence.unshift(seen.presence);
      track.lights.unshift(measures.light(picture, seen.landmarks));
      track.steps.unshift(null);
      track.origins.unshift('carried');
      later = picture;
    }
  };

  const start = async (frame: number, picture: RgbPicture, detection: Detection): Promise<void> => {
    const seen = await place(picture, cropOfDetection(detection), options.reuse ? 'anchor' : 'every');
    if (seen.presence < options.presenceFloor) return;
    if (live.some((other) => overlapWith(other.track, seen.landmarks) >= MERGED)) return;
    const track: RawTrack = { in: frame, landmarks: [], presence: [], lights: [], steps: [], origins: [], anchors: [] };
    append(track, picture, seen, null, 'detected');
    const face: Live = { track, lastAnchor: -Infinity, bestQuality: 0, unseen: 0 };
    live.push(face);
    await anchor(face, frame, picture, options.reuse ? 'anchor' : 'every');
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
          overlapWith(other.track, face.track.landmarks.at(-1) as Landmarks) >= MERGED,
      );
      if (elder) end(face);
    }
  };

  return {
    counts,
    get tiles() {
      return tiles;
    },
    async look(frame, picture) {
      const sweep = !options.reuse || isSweepDue(frame);
      let detections = sweep ? await detect(picture, options.reuse ? 'sweep' : 'every') : undefined;
      // Reuse off takes its crops from the detector; otherwise tracking gives the steadier crop.
      let matched = options.reuse ? new Map<Live, Detection>() : match(detections ?? []);

      let lost = false;
      for (const face of [...live]) {
        if (frame !== outOf(face.track) || !(await follow(face, picture, matched.get(face)))) {
          end(face);
          lost = true;
        }
      }
      dropMerged();
      recent.push({ frame, picture });
      if (lost) {
        lostAt = frame;
        detections ??= await detect(picture, 'loss');
      }
      if (detections) {
        const found = detections;
        if (options.reuse) {
          matched = match(found);
          for (const face of [...live]) {
            face.unseen = matched.has(face) ? 0 : face.unseen + 1;
            const presence = face.track.presence.at(-1) as number;
            if (face.unseen >= UNSEEN_SWEEPS && presence < HARDLY_BELIEVED) end(face);
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
