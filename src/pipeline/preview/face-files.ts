import type { Compute } from '../../compute/compute.ts';
import { openCpuCompute } from '../../compute/cpu/cpu-compute.ts';
import type { Region } from '../../film/plate.ts';
import type { PlateColour } from '../../film/plate-colour.ts';
import { plateColourOf } from '../../film/plate-colour.ts';
import { contains, type FrameRange, overlap } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { isEmpty } from '../../film/roi.ts';
import { displayPicture } from '../../render/display-picture.ts';
import type { PreviewFace } from '../../report/preview-page.ts';
import { type CastTrack, landmarksIn } from '../render/cast-track.ts';
import { facePart } from './face-part.ts';
import { pngOf } from './picture-files.ts';
import type { PreviewFolder } from './preview-folder.ts';
import type { RestoredFrame } from './render-frames.ts';

/** A face that is shown by itself. */
interface SeenFace {
  readonly track: CastTrack;
  readonly frame: number;
  /** See `FaceMeasure.change`. */
  readonly change: number;
  readonly before: Region;
  readonly after: Region;
}

/** Keeps each track's face in the frame that was changed most, and in the one nearest to its middle. */
export interface FaceRecord {
  add(frame: RestoredFrame): void;
  /** Track by track, a frame that is both once. */
  faces(): readonly { readonly face: SeenFace; readonly why: PreviewFace['why'] }[];
}

/** @param range from the first frame that is shown to the last */
export function faceRecord(tracks: readonly CastTrack[], range: FrameRange): FaceRecord {
  const kept = tracks.map((track) => {
    const { in: from, out } = overlap(track, range);
    return {
      track,
      middle: Math.floor((from + out) / 2),
      most: null as SeenFace | null,
      nearest: null as SeenFace | null,
    };
  });
  return {
    add({ plate: { frame }, faces }) {
      for (const { track: id, comped, before } of faces) {
        // Parts of one track have its name.
        const known = kept.find(({ track }) => track.id === id && contains(track, frame));
        if (!known || !before) continue;
        const face = { track: known.track, frame, change: comped.face.change, before, after: comped.region };
        if (face.change > (known.most?.change ?? -1)) known.most = face;
        const away = ({ frame: other }: SeenFace) => Math.abs(other - known.middle);
        if (!known.nearest || away(face) < away(known.nearest)) known.nearest = face;
      }
    },
    faces: () =>
      kept.flatMap(({ most, nearest }) => [
        ...(most ? [{ face: most, why: 'changed' as const }] : []),
        ...(nearest && nearest.frame !== most?.frame ? [{ face: nearest, why: 'middle' as const }] : []),
      ]),
  };
}

/** Plate pixels are shown one by one, and each as two by two with a bicubic filter between them. */
const SCALES = [1, 2] as const;

/** Writes a face before and after at both scales. Null where it lies outside the picture. */
export async function writeFace(
  folder: PreviewFolder,
  reel: Reel,
  { face: { track, frame, change, before, after }, why }: ReturnType<FaceRecord['faces']>[number],
): Promise<PreviewFace | null> {
  const landmarks = landmarksIn(track, frame);
  const part = landmarks && facePart(landmarks, before.roi);
  if (!part || isEmpty(part)) return null;
  const compute = computeOfThread();
  const colour = plateColourOf(reel);
  const number = reel.first + frame;
  const files: { [Scale in 1 | 2]?: { before: string; after: string } } = {};
  for (const scale of SCALES) {
    const names = await Promise.all(
      (
        [
          ['before', before],
          ['after', after],
        ] as const
      ).map(async ([which, region]) => {
        const name = `face-${fileName(track.id)}-${number}-${which}-${scale}x.png`;
        await folder.write(name, await drawn(compute, region, { part, scale, colour }));
        return name;
      }),
    );
    files[scale] = { before: names[0] as string, after: names[1] as string };
  }
  const { width, height } = part;
  return {
    track: track.id,
    person: track.person,
    frame: number,
    why,
    change,
    width,
    height,
    files: files as PreviewFace['files'],
  };
}

async function drawn(
  compute: Compute,
  region: Region,
  part: { readonly part: Region['roi']; readonly scale: number; readonly colour: PlateColour },
): Promise<Uint8Array> {
  return pngOf(await displayPicture(compute, region, part));
}

/** As a part of a file's name. */
export function fileName(text: string): string {
  return text.replace(/[^\w-]+/g, '-');
}

let opened: Compute | undefined;

/** Draws in this thread: a few pictures are not worth asking those that render. */
function computeOfThread(): Compute {
  opened ??= openCpuCompute();
  return opened;
}
