import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type JpegOptions } from 'sharp';
import { makeFolder, writeDurably } from '../../disk/durable.ts';
import { type FrameRange, overlap } from '../../film/range.ts';
import type { FacePictures } from '../../render/face-pictures.ts';
import type { Comped, PictureWish } from '../../render/face-rendering.ts';
import { FACE_JPEG } from '../../report/face-jpeg.ts';
import { type FaceSheet, faceSheetSchema, SHEET_KINDS, type SheetKind } from '../../report/face-sheet.ts';
import { heatOf } from '../../report/heat.ts';
import type { FacesToDraw, ShownFace } from '../kept/kept-faces.ts';
import { type CastTrack, tracksIn } from '../render/cast-track.ts';
import { evidenceIn, type FinishedTake } from '../work/take-folders.ts';
import type { TakeFace } from '../work/take-record.ts';

/** Most tracks whose faces are shown step by step. */
const SHOWN_TRACKS = 24;

/**
 * The faces of a take that the report may show step by step: of each track a typical frame, the one that was changed most, and the
 * one that the stills agreed with least. They are drawn while the take is rendered, and written when it is finished; which of all
 * takes' faces are shown is decided when the report is written.
 */
export interface TakeSheets {
  /** What a worker has to know before it comps a face. */
  wish(track: string, frame: number): PictureWish | null;
  /** Those of the faces that are kept which would be among them, so that they are to be drawn all the same. */
  readonly draws: FacesToDraw;
  /** Keeps a face that was drawn where it surpasses those that are kept. */
  keep(track: string, frame: number, comped: Pick<Comped, 'pictures' | 'face' | 'facts'>): void;
  /** Writes the faces that were kept into `folder`, and says of each track which there are, in the order of the tracks. */
  write(folder: string): Promise<TakeFace['sheets'][]>;
}

/** A track that may be shown. */
type ShownTrack = FrameRange & { readonly id: string };

/** A face that is kept: what it was chosen by, and its pictures. */
interface Kept {
  readonly frame: number;
  readonly value: number | null;
  readonly pictures: FacePictures;
}

/** @param tracks those in the take, in order */
export function takeSheets(take: FrameRange, tracks: readonly ShownTrack[]): TakeSheets {
  const kept = new Map(tracks.map(({ id }) => [id, new Map<SheetKind, Kept>()]));
  const typical = new Map(tracks.map((track) => [track.id, typicalFrame(take, track)]));
  return {
    wish(track, frame) {
      const known = kept.get(track);
      if (!known) return null;
      return {
        changeAbove: typical.get(track) === frame ? -1 : (known.get('changed')?.value ?? -1),
        gateBelow: known.get('disagreed')?.value ?? Infinity,
      };
    },
    draws: (faces) =>
      tracks.flatMap(({ id }) => {
        const own = faces.filter(({ track }) => track === id);
        const middle = own.filter(({ frame }) => frame === typical.get(id));
        return [...middle, ...highest(own, ({ change }) => change), ...highest(own, ({ gate }) => gate && -gate)];
      }),
    keep(track, frame, { pictures, face, facts }) {
      const known = kept.get(track);
      if (!pictures || !known) return;
      if (typical.get(track) === frame) known.set('typical', { frame, value: null, pictures });
      if (face.change > (known.get('changed')?.value ?? -1)) {
        known.set('changed', { frame, value: face.change, pictures });
      }
      const gate = facts?.gate;
      if (gate !== undefined && gate < (known.get('disagreed')?.value ?? Infinity)) {
        known.set('disagreed', { frame, value: gate, pictures });
      }
    },
    async write(folder) {
      const written: TakeFace['sheets'][] = [];
      for (const [k, { id }] of tracks.entries()) {
        const sheets: TakeFace['sheets'] = [];
        for (const [kind, { frame, value, pictures }] of kept.get(id) ?? []) {
          await makeFolder(folder);
          await writeDurably(sheetPath(folder, k, kind), Buffer.from(JSON.stringify(await drawnSheet(pictures))));
          sheets.push({ kind, frame, value });
        }
        written.push(sheets);
      }
      return written;
    },
  };
}

/** The face with the highest value, the first of those that have it; none where none has a value. */
function highest(faces: readonly ShownFace[], scoreOf: (face: ShownFace) => number | undefined): ShownFace[] {
  const values = faces.map((face) => scoreOf(face) ?? -Infinity);
  const most = Math.max(...values);
  return most === -Infinity ? [] : faces.slice(values.indexOf(most)).slice(0, 1);
}

/** The middle of the track where it is in the take, else of the track's part of the take. */
function typicalFrame(take: FrameRange, track: FrameRange): number {
  const middle = Math.floor((track.in + track.out) / 2);
  if (middle >= take.in && middle < take.out) return middle;
  const part = overlap(take, track);
  return Math.floor((part.in + part.out) / 2);
}

/** In the take's own folder; by the track's place among the take's, as its id may be another in the next run. */
function sheetPath(folder: string, track: number, kind: SheetKind): string {
  return join(folder, `${track}-${kind}.json`);
}

/** What a sheet's file holds; the take's record holds the rest. */
const drawnSheetSchema = faceSheetSchema.pick({ width: true, height: true, layers: true });
type DrawnSheet = Pick<FaceSheet, 'width' | 'height' | 'layers'>;

/** A face that a take has a sheet of. */
interface Candidate {
  readonly kind: SheetKind;
  readonly frame: number;
  readonly value: number | null;
  readonly path: string;
}

/**
 * The faces to show of all takes, track by track, typical ones first; a frame that stands for several things once. Of many tracks
 * those of some, spread over the reel.
 */
export async function bestSheets(takes: readonly FinishedTake[], tracks: readonly CastTrack[]): Promise<FaceSheet[]> {
  const sheets: FaceSheet[] = [];
  for (const track of spread(tracks, SHOWN_TRACKS)) {
    const candidates = takes.flatMap((take) => {
      const k = tracksIn(tracks, take.record).indexOf(track);
      const folder = evidenceIn(take.segment.folder);
      const own = take.faces.faces[k]?.sheets ?? [];
      return own.map((sheet) => ({ ...sheet, path: sheetPath(folder, k, sheet.kind) }));
    });
    const chosen = SHEET_KINDS.flatMap((kind) => best(kind, candidates, track) ?? []);
    const shown = chosen.filter((sheet, k) => chosen.findIndex(({ frame }) => frame === sheet.frame) === k);
    for (const { kind, frame, value, path } of shown) {
      const drawn = await readSheet(path);
      if (drawn) sheets.push({ track: track.id, kind, frame, value, ...drawn });
    }
  }
  return sheets;
}

/** Null where the file is gone: a page without a picture is better than no report. */
async function readSheet(path: string): Promise<DrawnSheet | null> {
  try {
    return drawnSheetSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

/** The candidate of a kind that tells most. */
function best(kind: SheetKind, candidates: readonly Candidate[], track: FrameRange): Candidate | null {
  const middle = Math.floor((track.in + track.out) / 2);
  const merit = ({ frame, value }: Candidate) => {
    if (kind === 'typical') return -Math.abs(frame - middle);
    return kind === 'changed' ? (value ?? 0) : -(value ?? 0);
  };
  return candidates
    .filter((candidate) => candidate.kind === kind)
    .reduce<Candidate | null>((a, b) => (a && merit(a) >= merit(b) ? a : b), null);
}

/** Mattes and gates are judged by their shape. */
const PLANE_QUALITY = { quality: 85 } as const;

async function drawnSheet({
  width,
  height,
  plate,
  repaired,
  restored,
  matte,
  gate,
}: FacePictures): Promise<DrawnSheet> {
  const jpeg = async (bytes: Uint8Array, channels: 1 | 3, options: JpegOptions) =>
    (await sharp(bytes, { raw: { width, height, channels } }).jpeg(options).toBuffer()).toString('base64');
  return {
    width,
    height,
    layers: {
      plate: await jpeg(plate, 3, FACE_JPEG),
      ...(repaired ? { repaired: await jpeg(repaired, 3, FACE_JPEG) } : {}),
      restored: await jpeg(restored, 3, FACE_JPEG),
      matte: await jpeg(matte, 1, PLANE_QUALITY),
      ...(gate ? { gate: await jpeg(heatOf(gate), 3, PLANE_QUALITY) } : {}),
    },
  };
}

/** At most `most` of a list, evenly spread over it. */
function spread<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return list.filter((_, k) => Math.floor(k / step) !== Math.floor((k - 1) / step));
}
