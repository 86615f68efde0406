import type { PlateColour } from '../../film/plate-colour.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { plateUnder } from '../handover/patch-picture.ts';
import { keepSides } from '../handover/side-files.ts';
import type { SideOutput } from '../handover/side-output.ts';
import type { CastTrack } from '../render/cast-track.ts';
import type { FaceObserver } from '../render/comp-plate.ts';
import { evidenceIn } from '../work/take-folders.ts';
import type { TakeFace } from '../work/take-record.ts';
import type { FaceSampler } from './face-sampler.ts';
import { takeSheets } from './face-sheets.ts';
import { framePictured, writePair } from './pictures.ts';

/** Looks on while a take is rendered, and keeps in its folder what the report is made of, and the files beside the reel. */
export interface TakeEvidence extends FaceObserver {
  /** What is kept of each of the take's tracks, in their order. Nothing more may be shown to it then. */
  finish(): Promise<Pick<TakeFace, 'pair' | 'sheets'>[]>;
}

export interface EvidenceOptions {
  readonly reel: Reel;
  readonly colour: PlateColour;
  readonly sampler: Pick<FaceSampler, 'embed' | 'samples'>;
  /** What is to be written beside the reel. */
  readonly sides: readonly SideOutput[];
}

/** @param tracks those in the take, in order */
export function takeEvidence(
  folder: string,
  take: FrameRange,
  tracks: readonly CastTrack[],
  { reel, colour, sampler, sides }: EvidenceOptions,
): TakeEvidence {
  const sheets = takeSheets(take, tracks);
  const pairs = new Map<string, number>();
  const pictured = new Map(tracks.map((track) => [track.id, framePictured(take, track)]));
  return {
    wish: sheets.wish,
    draws: sheets.draws,
    compares: (track, frame) => pictured.get(track) === frame || sampler.samples(track, frame),
    embed: sampler.embed,
    keeps: sides.some(({ needsPlate }) => needsPlate) ? plateUnder : null,
    async comped({ plate, faces, ...rest }, team) {
      const { frame } = plate;
      for (const { track, comped, before } of faces) {
        sheets.keep(track, frame, comped);
        if (!before || pictured.get(track) !== frame) continue;
        const place = tracks.findIndex(({ id }) => id === track);
        await writePair(evidenceIn(folder), { track: place, before, after: comped.region, colour, team });
        pairs.set(track, frame);
      }
      await keepSides(folder, sides, { plate, faces, reel, colour, ...rest });
    },
    async finish() {
      const written = await sheets.write(evidenceIn(folder));
      return tracks.map(({ id }, k) => ({ pair: pairs.get(id) ?? null, sheets: written[k] ?? [] }));
    },
  };
}
