import type { PlateColour } from '../comp/plate-colour.ts';
import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import { PATCH_TEMPLATE, patchSizeFor } from '../face/patch.ts';
import type { Light } from '../face/sighting.ts';
import { fitSimilarity, type Similarity } from '../face/similarity.ts';
import type { FaceTrack } from '../face/track.ts';
import type { FrameRange } from '../film/range.ts';
import type { StillPatch } from '../restore/replace.ts';
import type { TrackToRender } from '../workers/render-service.ts';
import type { Analysis } from './analyse.ts';
import { stillPatches } from './stills-to-paint.ts';

/** A track that plays a person whose stills are known, ready to be rendered. */
export interface CastTrack extends FrameRange {
  readonly id: string;
  readonly track: FaceTrack;
  readonly person: string;
  readonly brief: TrackToRender;
}

/** Where a track's face lies in one frame. */
export interface FacePlacement {
  readonly toPatch: Similarity;
  readonly landmarks: Landmarks;
  readonly light: Light;
}

/** Null where the track does not show that frame. */
export function placementAt(cast: CastTrack, frame: number): FacePlacement | null {
  const sighting = cast.track.sightings[frame - cast.track.in];
  if (!sighting || sighting.frame !== frame) return null;
  const size = cast.brief.patchSize;
  return {
    toPatch: fitSimilarity(
      fivePoints(sighting.landmarks),
      PATCH_TEMPLATE.map((v) => v * size),
    ),
    landmarks: sighting.landmarks,
    light: sighting.light,
  };
}

/** The patch size at which the track's largest face keeps its resolution: one size for the whole track, so that nothing pops. */
function patchSizeOf(track: FaceTrack): number {
  return patchSizeFor(Math.max(...track.sightings.map((s) => interOcular(fivePoints(s.landmarks)))));
}

/** The sighting in the middle of the track, by which a still's pose is compared with the track's. */
function typicalLandmarks(track: FaceTrack): Landmarks {
  const middle = track.sightings[Math.floor(track.sightings.length / 2)];
  if (!middle) throw new Error('Unreachable: a track has at least one sighting.');
  return middle.landmarks;
}

/** What a reel's code values mean. */
export function plateColourOf({ reel }: Analysis): PlateColour {
  return { tags: reel.colour, transfer: reel.transfer, plateHeight: reel.height };
}

/** The tracks that play somebody whose stills were given, each with all that a render worker must know of it. */
export async function castTracksToRender(analysis: Analysis): Promise<CastTrack[]> {
  const stills = new Map<string, readonly StillPatch[]>();
  const cast: CastTrack[] = [];
  for (const track of analysis.sighted.tracks) {
    const person = analysis.castings.find((casting) => casting.track === track.id)?.person;
    const references = analysis.references.find(({ name }) => name === person);
    if (!references) continue;
    const patches = stills.get(references.name) ?? (await stillPatches(references, analysis.stills));
    stills.set(references.name, patches);
    cast.push({
      id: track.id,
      in: track.in,
      out: track.out,
      track,
      person: references.name,
      brief: {
        track: track.id,
        restorer: 'replace',
        options: analysis.preset.replace,
        stills: patches,
        pose: typicalLandmarks(track),
        patchSize: patchSizeOf(track),
        colour: plateColourOf(analysis),
        seed: seedOf(analysis.print),
      },
    });
  }
  return cast;
}

/** Dither and grain depend on the reel, not on when or where it is rendered. */
function seedOf(print: string): number {
  let seed = 0x811c9dc5;
  for (let i = 0; i < print.length; i++) seed = Math.imul(seed ^ print.charCodeAt(i), 0x01000193);
  return seed >>> 0;
}
