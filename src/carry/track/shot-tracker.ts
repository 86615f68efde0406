import type { RgbPicture } from '../../face/networks.ts';
import type { Detection } from '../../face/observation.ts';
import type { Luma } from '../../motion/luma.ts';
import type { Similarity3 } from '../../motion/similarity3.ts';
import { refineFace } from '../skip/refine-face.ts';
import type { BackgroundView } from './background.ts';
import { backtrack } from './backtrack.ts';
import { countedNetworks, type Networks } from './counted-networks.ts';
import { findFace } from './find-face.ts';
import { followFace, type LostFace } from './follow-face.ts';
import type { Search } from './frame-decision.ts';
import { isIdentitySampleDue, takeIdentitySample } from './identity-sample.ts';
import type { InferenceCounts } from './inference-counts.ts';
import { keepFace } from './keep-face.ts';
import type { LiveFace } from './live-face.ts';
import { doubtedFaces, matchFaces, mergedFaces, sameFace } from './live-faces.ts';
import { MOST_MISSING } from './missing-frames.ts';
import { lastBox, outOf, type RawTrack, withdrawLast } from './raw-track.ts';
import type { ShownFrame } from './shown-frame.ts';
import { inOrder } from './track-id.ts';
import type { Measures, ShotTrackingOptions, TrackingContext } from './tracking-context.ts';

/** Follows the faces of one shot. Frames come in order; damaged ones may be missing, and tracks bridge a few of them. */
export interface ShotTracker {
  /**
   * Tracks the next frame and returns how many faces it shows.
   *
   * @param small luma of the whole picture, some 160 pixels wide
   */
  track(frame: number, picture: RgbPicture, small: Luma): Promise<number>;
  /** The shot's tracks, in order. */
  close(): RawTrack[];
  readonly counts: InferenceCounts;
  /** Searches of whole pictures so far. */
  readonly searches: readonly Search[];
  /** Detector runs that one search of a whole picture takes. */
  readonly tiles: number;
  /** Lengths of its tracks so far, frames. */
  readonly faces: number;
}

/**
 * In every frame the known faces are followed. Where one is lost, or a sweep is due, the whole picture is searched, and a new
 * face is followed back to the frame where it entered. Last, the recogniser and the heavy landmark network run on the faces for
 * which they are due.
 */
export function shotTracker(opened: Networks, measures: Measures, options: ShotTrackingOptions): ShotTracker {
  const networks = countedNetworks(opened, {
    threshold: options.detectorThreshold,
    smallestFace: options.smallestFace,
  });
  const context: TrackingContext = { networks, measures, options };
  const live: LiveFace[] = [];
  const ended: RawTrack[] = [];
  let endedFaces = 0;
  /** The last frames, for backtracking and for the heavy network: as many as the longer of their intervals. */
  let recent: ShownFrame[] = [];
  const kept = Math.max(options.sweepEvery, networks.refine ? options.refine.every : 0) + 1;
  /** The last picture's background, where there was a face before it. */
  let background: BackgroundView | null = null;
  let lastSweep = -Infinity;
  let lostAt = -Infinity;

  const end = (face: LiveFace) => {
    live.splice(live.indexOf(face), 1);
    ended.push(face.track);
    endedFaces += face.track.observations.length;
  };

  /** After a loss, sweeps come after 1, 2, 4, 8 … frames, until the usual interval is reached. */
  const isSweepDue = (frame: number): boolean =>
    !options.reuse || frame - lastSweep >= Math.min(options.sweepEvery, Math.max(1, (frame - lostAt) / 2));

  /** Follows every live face into the frame, and returns those that are lost. */
  const follow = async (
    shown: ShownFrame,
    seen: ReadonlyMap<LiveFace, Detection>,
  ): Promise<Map<LiveFace, LostFace | null>> => {
    const before = recent.at(-1)?.picture;
    const lost = new Map<LiveFace, LostFace | null>();
    for (const face of live) {
      const isOld = shown.frame - outOf(face.track) > MOST_MISSING;
      const gone = isOld ? null : await followFace(face, { shown, before, detection: seen.get(face) }, context);
      if (isOld || gone) lost.set(face, gone);
    }
    return lost;
  };

  /** Ends the tracks of lost faces, but of those that the detector still sees; true where it sees one of them no more. */
  const endUnlessSeen = async (
    lost: ReadonlyMap<LiveFace, LostFace | null>,
    shown: ShownFrame,
    found: readonly Detection[],
  ): Promise<boolean> => {
    const seen = matchFaces(live, found);
    let isOneGone = false;
    for (const [face, gone] of lost) {
      const detection = seen.get(face);
      if (gone && detection && (await keepFace(face, gone, { shown, detection }, context))) continue;
      end(face);
      isOneGone = true;
    }
    return isOneGone;
  };

  /** Ends the tracks of faces that ran onto another one's. */
  const endMerged = (): void => {
    for (const face of mergedFaces(live)) {
      withdrawLast(face.track);
      end(face);
    }
  };

  /** Motion of the film since the last picture; measured only while there are faces. */
  const filmTo = (small: Luma, width: number): Similarity3 | null => {
    const before = background;
    background = live.length > 0 ? measures.background(small, width) : null;
    return (
      before &&
      background &&
      measures.film(
        before,
        background,
        live.map(({ track }) => lastBox(track)),
      )
    );
  };

  const start = async (shown: ShownFrame, detection: Detection): Promise<void> => {
    const face = await findFace(shown, detection, context);
    if (!face || sameFace(face, live)) return;
    live.push(face);
    await takeIdentitySample(face, shown, options.reuse ? 'identity' : 'every', context);
    if (!options.reuse) return;
    const unswept = recent.filter((one) => one.frame >= lastSweep);
    const continued = await backtrack(face, unswept, ended, context);
    if (!continued) return;
    ended.splice(ended.indexOf(continued), 1);
    endedFaces -= continued.observations.length;
  };

  return {
    counts: networks.counts,
    searches: networks.searches,
    get tiles() {
      return networks.tiles;
    },
    get faces() {
      return live.reduce((sum, { track }) => sum + track.observations.length, endedFaces);
    },
    async track(frame, picture, small) {
      const shown = { frame, picture, film: filmTo(small, picture.width) };
      let found = isSweepDue(frame) ? await networks.detect(shown, options.reuse ? 'sweep' : 'every') : undefined;
      // Where reuse is off, crops come from the detector; otherwise tracking gives a steadier crop.
      let seen = options.reuse ? new Map<LiveFace, Detection>() : matchFaces(live, found ?? []);
      const lost = await follow(shown, seen);
      recent.push(shown);
      if (lost.size > 0) {
        found ??= await networks.detect(shown, 'loss');
        if (await endUnlessSeen(lost, shown, found)) lostAt = frame;
      }
      endMerged();
      if (found) {
        if (options.reuse) {
          seen = matchFaces(live, found);
          for (const face of doubtedFaces(live, seen)) end(face);
        }
        const taken = new Set(seen.values());
        for (const detection of found) if (!taken.has(detection)) await start(shown, detection);
        lastSweep = frame;
      }
      for (const face of live) {
        if (isIdentitySampleDue(face, shown, context)) {
          await takeIdentitySample(face, shown, options.reuse ? 'identity' : 'every', context);
        }
      }
      if (networks.refine) for (const face of live) await refineFace(face.track, recent, context);
      if (recent.length > kept) recent.shift();
      return live.length;
    },
    close() {
      for (const face of [...live]) end(face);
      recent = [];
      return inOrder(ended);
    },
  };
}
