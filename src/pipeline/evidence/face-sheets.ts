import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type JpegOptions } from 'sharp';
import { publish, unfinishedName, writeDurably } from '../../disk/durable.ts';
import type { FrameRange } from '../../film/range.ts';
import type { FacePictures } from '../../render/face-pictures.ts';
import type { Comped, PictureWish } from '../../render/face-rendering.ts';
import { type FaceSheet, faceSheetSchema, SHEET_KINDS, type SheetKind } from '../../report/face-sheet.ts';
import { heatOf } from '../../report/heat.ts';

/** Most tracks whose faces are shown step by step. */
const SHOWN_TRACKS = 24;

/**
 * The faces that the report shows step by step: of each track a typical frame, the one that was changed most, and the one that the
 * stills agreed with least. They are kept as files until the report is written, so that a resumed run goes on with them.
 */
export interface FaceSheets {
  /** Ids of the tracks that are shown. */
  readonly tracks: ReadonlySet<string>;
  /** What a worker has to know before it comps a face. */
  wish(track: string, frame: number): PictureWish | null;
  /** Keeps a face that was drawn, and drops those that it surpasses. */
  keep(track: string, frame: number, comped: Comped): Promise<void>;
}

/** A track that may be shown. */
type ShownTrack = FrameRange & { readonly id: string };

/** Which of a track's sheets there are: their frame and what they were chosen by. */
type Kept = Partial<Record<SheetKind, { readonly frame: number; readonly value: number }>>;

/** @param folder where earlier sheets of the same job may lie */
export async function openFaceSheets(folder: string, tracks: readonly ShownTrack[]): Promise<FaceSheets> {
  const shown = spread(tracks, SHOWN_TRACKS);
  const typical = new Map(shown.map(({ id, in: from, out }) => [id, Math.floor((from + out) / 2)]));
  const kept = new Map<string, Kept>(shown.map(({ id }) => [id, {}]));
  for (const { track, kind, frame, value } of await readSheets(folder)) {
    const known = kept.get(track);
    if (known) known[kind] = { frame, value: value ?? 0 };
  }

  // One after another: frames are finished in any order, and the sheet that surpasses another must be the last.
  let last: Promise<void> = Promise.resolve();
  const write = (...sheet: Parameters<typeof sheetOf>) => {
    last = last.then(async () => writeSheet(folder, await sheetOf(...sheet)));
    return last;
  };

  return {
    tracks: new Set(typical.keys()),
    wish(track, frame) {
      const known = kept.get(track);
      if (!known) return null;
      const { changed, disagreed } = known;
      return {
        changeAbove: typical.get(track) === frame ? -1 : (changed?.value ?? -1),
        gateBelow: disagreed?.value ?? Infinity,
      };
    },
    async keep(track, frame, { pictures, face, facts }) {
      const known = kept.get(track);
      if (!pictures || !known) return;
      if (typical.get(track) === frame) {
        known.typical = { frame, value: 0 };
        await write('typical', track, frame, null, pictures);
      }
      if (!known.changed || face.change > known.changed.value) {
        known.changed = { frame, value: face.change };
        await write('changed', track, frame, face.change, pictures);
      }
      const gate = facts?.gate;
      if (gate !== undefined && (!known.disagreed || gate < known.disagreed.value)) {
        known.disagreed = { frame, value: gate };
        await write('disagreed', track, frame, gate, pictures);
      }
    },
  };
}

async function writeSheet(folder: string, sheet: FaceSheet): Promise<void> {
  await mkdir(folder, { recursive: true });
  const final = join(folder, sheetName(sheet));
  const draft = unfinishedName(final);
  await writeDurably(draft, Buffer.from(JSON.stringify(sheet)));
  await publish(draft, final);
}

/** The sheets that were kept, track by track, typical ones first; a frame that stands for several things once. */
export async function keptSheets(folder: string, tracks: readonly ShownTrack[]): Promise<FaceSheet[]> {
  const sheets = await readSheets(folder);
  return tracks.flatMap(({ id }) => {
    const own = SHEET_KINDS.flatMap((kind) => sheets.find((sheet) => sheet.track === id && sheet.kind === kind) ?? []);
    return own.filter((sheet, k) => own.findIndex(({ frame }) => frame === sheet.frame) === k);
  });
}

async function readSheets(folder: string): Promise<FaceSheet[]> {
  const names: string[] = await readdir(folder).catch(() => []);
  const sheets: FaceSheet[] = [];
  for (const name of names.filter((one) => /^[fr]\d+[a-z]*-\w+\.json$/.test(one)).sort()) {
    const sheet = faceSheetSchema.safeParse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    if (sheet.success) sheets.push(sheet.data);
    else await rm(join(folder, name));
  }
  return sheets;
}

function sheetName({ track, kind }: FaceSheet): string {
  return `${track}-${kind}.json`;
}

/** Good enough to judge a face by; mattes and gates are judged by their shape. */
const FACE_QUALITY = { quality: 92, chromaSubsampling: '4:4:4' } as const;
const PLANE_QUALITY = { quality: 85 } as const;

async function sheetOf(
  kind: SheetKind,
  track: string,
  frame: number,
  value: number | null,
  { width, height, plate, repaired, restored, matte, gate }: FacePictures,
): Promise<FaceSheet> {
  const jpeg = async (bytes: Uint8Array, channels: 1 | 3, options: JpegOptions) =>
    (await sharp(bytes, { raw: { width, height, channels } }).jpeg(options).toBuffer()).toString('base64');
  return {
    track,
    kind,
    frame,
    value,
    width,
    height,
    layers: {
      plate: await jpeg(plate, 3, FACE_QUALITY),
      ...(repaired ? { repaired: await jpeg(repaired, 3, FACE_QUALITY) } : {}),
      restored: await jpeg(restored, 3, FACE_QUALITY),
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
