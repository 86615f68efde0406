import type { Changes } from '../../film/orientation.ts';
import { cutRegion, type Plate, pasteRegion, type Region } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import { intersect, isEmpty, type Roi } from '../../film/roi.ts';
import type { Alteration } from '../../media/write/target.ts';
import type { Comped, FaceInFrame, PictureWish } from '../../render/face-rendering.ts';
import type { FacePlacement } from '../../render/placement.ts';
import type { FaceOfTeam, RenderTeam } from '../../workers/render-team.ts';
import type { FacesToDraw, KeptFaces } from '../kept/kept-faces.ts';
import type { CastTrack } from './cast-track.ts';
import { faceEdit } from './face-edit.ts';
import { isHeldOut, keepHoldouts } from './holdouts.ts';
import type { FaceEmbeddings, TakeOutcomes } from './take-faces.ts';

/** A track's face in one frame. */
export interface PlacedTrack {
  readonly track: CastTrack;
  readonly placement: FacePlacement;
}

/** A face before and after it was comped. */
export interface ComparedFace extends PlacedTrack {
  readonly before: Region;
  readonly after: Region;
}

export interface CompedFace {
  readonly track: string;
  readonly comped: Comped;
  /** The region as it was, where `FaceObserver.compares` asked for it. */
  readonly before?: Region;
}

/** A frame whose faces have been comped into the plate. */
export interface CompedFrame {
  readonly plate: Plate;
  readonly faces: readonly CompedFace[];
  /** The part of the plate that `FaceObserver.keeps` says, as it was. */
  readonly untouched?: Region;
}

/** Looks on while faces are comped: what the report and the files beside the reel are made of. */
export interface FaceObserver {
  /** The part of a plate that it wants to see as it was, by the regions of its faces; null where it wants none. */
  readonly keeps: ((regions: readonly Roi[], plate: Plate) => Roi) | null;
  /** Whether the report wants to show a face. */
  wish(track: string, frame: number): PictureWish | null;
  /** Which of the faces that are kept the report wants to show: only rendering them tells how they came to be. */
  readonly draws: FacesToDraw;
  /** Whether a face is to be compared with what it was: by `embed`, or as `CompedFace.before`. */
  compares(track: string, frame: number): boolean;
  /** Embeddings of a face before and after; null in frames that are not sampled. */
  embed(face: ComparedFace, frame: number, team: RenderTeam): Promise<FaceEmbeddings | null>;
  /** Called with every frame's comped faces before they are written. */
  comped(frame: CompedFrame, team: RenderTeam): Promise<void>;
}

export interface PlateComper {
  readonly team: RenderTeam;
  readonly observer: FaceObserver;
  /** Regions that a person forbade, plate pixels, by frame. */
  readonly holdouts: (frame: number) => readonly Roi[];
  readonly gathered: TakeOutcomes;
  readonly kept: KeptFaces;
  /** What comping did is measured and gathered, too. */
  readonly tellsEdits?: true;
  /** A face was restored; `carried`: see `RestorationFacts`. */
  readonly onFace: (carried: number | undefined, isKept: boolean) => void;
}

/**
 * Comps a plate's faces into it, one after another, since one may lie over another. Once `signal` is aborted nothing more is begun.
 * Resolves with the rows and columns that were changed, and by which restorers; null where none were.
 */
export async function compPlate(
  plate: Plate,
  faces: readonly PlacedTrack[],
  { team, observer, holdouts: holdoutsIn, gathered, kept: keptFaces, tellsEdits, onFace }: PlateComper,
  signal: AbortSignal,
): Promise<Alteration | null> {
  const { frame } = plate;
  const holdouts = holdoutsIn(frame);
  const open = faces.filter(({ placement: { roi } }) => !isEmpty(roi) && !isHeldOut(roi, holdouts));
  for (const { track } of open) {
    const face = { track: track.id, frame };
    if (!keptFaces.of(face)) team.hold(face);
  }
  const regions = open.map(({ placement: { roi } }) => roi);
  const part = open.length > 0 ? observer.keeps?.(regions, plate) : undefined;
  const untouched = part ? { untouched: cutRegion(plate, part) } : {};
  const done: (CompedFace & { readonly restorer: string })[] = [];
  const edits: Promise<void>[] = [];
  for (const { track, placement } of open) {
    const { roi } = placement;
    const face = { track: track.id, frame };
    const known = keptFaces.of(face);
    const comped = known
      ? await known.rendered(cutRegion(plate, roi))
      : await team.comp(faceOfTeam(face, roi, plate, done, observer), signal);
    signal.throwIfAborted();
    if (!known) await keptFaces.keep?.(face, comped, cutRegion(plate, roi));
    if ('refused' in comped) gathered.refused(track.id, frame, comped);
    if ('refused' in comped || !comped.changed) continue;
    const isCompared = observer.compares(track.id, frame);
    const before = isCompared || tellsEdits || holdouts.length > 0 ? cutRegion(plate, roi) : undefined;
    const kept = before ? keepHoldouts(comped, before, holdouts) : comped;
    pasteRegion(plate, kept.region);
    if (tellsEdits && before) edits.push(faceEdit(frame, before, kept).then((edit) => gathered.edited(track.id, edit)));
    const restorer = track.brief.restorer.name;
    done.push({ track: track.id, restorer, comped: kept, ...(isCompared && before ? { before } : {}) });
    const compared = isCompared && before ? { track, placement, before, after: kept.region } : null;
    const embeddings = compared && (await observer.embed(compared, frame, team));
    gathered.restored(track.id, frame, comped, embeddings);
    onFace(comped.facts?.carried, known !== null);
    signal.throwIfAborted();
  }
  if (done.length === 0) return null;
  await Promise.all(edits);
  await observer.comped({ plate, faces: done, ...untouched }, team);
  const restorers = new Set(done.map(({ restorer }) => restorer));
  return { ...changesOf(done), restorers: [...restorers] };
}

/** The region is handed over anew where a face has been comped into it. */
function faceOfTeam(
  face: FaceInFrame,
  roi: Roi,
  plate: Plate,
  done: readonly CompedFace[],
  observer: Pick<FaceObserver, 'wish'>,
): FaceOfTeam {
  const isCovered = done.some(({ comped: { region } }) => !isEmpty(intersect(region.roi, roi)));
  const show = observer.wish(face.track, face.frame);
  return { ...face, ...(isCovered ? { region: cutRegion(plate, roi) } : {}), ...(show ? { show } : {}) };
}

/** The rows and columns that any face changed. */
function changesOf(faces: readonly CompedFace[]): Changes {
  const rows = faces.flatMap(({ comped }) => (comped.changed ? [comped.changed] : []));
  const columns = faces.map(({ comped: { region } }) => ({ in: region.roi.x, out: region.roi.x + region.roi.width }));
  return { ...around(rows), columns: around(columns) };
}

function around(ranges: readonly FrameRange[]): FrameRange {
  return { in: Math.min(...ranges.map((range) => range.in)), out: Math.max(...ranges.map((range) => range.out)) };
}
