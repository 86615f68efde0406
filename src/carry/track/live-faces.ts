import { associate } from '../../face/associate.ts';
import type { Detection } from '../../face/observation.ts';
import type { LiveFace } from './live-face.ts';
import { lastBox, lastOf, overlapWith } from './raw-track.ts';

/** Overlap from which two tracks show one face. */
const MERGED = 0.7;
/**
 * A track is dropped after this many sweeps in a row that miss it, where the landmark network's presence is also below
 * LOW_CONFIDENCE.
 */
const UNSEEN_SWEEPS = 2;
const LOW_CONFIDENCE = 0.9;

/** Pairs of live faces and their detections, one to one. */
export function matchFaces(live: readonly LiveFace[], found: readonly Detection[]): Map<LiveFace, Detection> {
  const { pairs } = associate(
    live.map((face) => lastBox(face.track)),
    found.map((detection) => detection.box),
  );
  return new Map(pairs.map(({ track, detection }) => [live[track] as LiveFace, found[detection] as Detection]));
}

/** The first of the others that overlaps this face. */
export function sameFace(face: LiveFace, others: readonly LiveFace[]): LiveFace | undefined {
  const { landmarks } = lastOf(face.track);
  return others.find((other) => overlapWith(other.track, landmarks) >= MERGED);
}

/** Faces that overlap one that has been followed for as long or longer. */
export function mergedFaces(live: readonly LiveFace[]): LiveFace[] {
  const kept: LiveFace[] = [];
  return live.filter((face) => {
    const isMerged =
      sameFace(
        face,
        kept.filter((other) => other.track.in <= face.track.in),
      ) !== undefined;
    if (!isMerged) kept.push(face);
    return isMerged;
  });
}

/** Faces that several sweeps missed and for which the landmark network's presence is low. */
export function doubtedFaces(live: readonly LiveFace[], seen: ReadonlyMap<LiveFace, Detection>): LiveFace[] {
  for (const face of live) face.unseen = seen.has(face) ? 0 : face.unseen + 1;
  return live.filter((face) => face.unseen >= UNSEEN_SWEEPS && lastOf(face.track).presence < LOW_CONFIDENCE);
}
