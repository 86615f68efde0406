import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { makeFolder, writeDurably } from '../../disk/durable.ts';
import type { Region } from '../../film/plate.ts';
import type { PlateColour } from '../../film/plate-colour.ts';
import { type FrameRange, overlap } from '../../film/range.ts';
import type { PicturePair } from '../../report/pair-figure.ts';
import type { RenderTeam } from '../../workers/render-team.ts';
import { type CastTrack, tracksIn } from '../render/cast-track.ts';
import { evidenceIn, type FinishedTake } from '../work/take-folders.ts';

/** Longest side of a picture in the report, pixels. */
const SIDE = 480;
/** Most pairs that the report shows. */
const PAIRS = 24;

/** The frame of which a take keeps a before and an after of a track: the middle of the track's part in it. */
export function framePictured(take: FrameRange, track: FrameRange): number {
  const part = overlap(take, track);
  return Math.floor((part.in + part.out) / 2);
}

/** What a pair is drawn from: a face's region of the plate before and after. */
export interface PairToDraw {
  /** The track's place among the take's. */
  readonly track: number;
  readonly before: Region;
  readonly after: Region;
  readonly colour: PlateColour;
  readonly team: RenderTeam;
}

/** Draws before and after of a face as PNG files in `folder`. */
export async function writePair(folder: string, { track, before, after, colour, team }: PairToDraw): Promise<void> {
  await makeFolder(folder);
  for (const [which, region] of [
    ['before', before],
    ['after', after],
  ] as const) {
    const { width, height, rgb } = await team.picture({ region, colour, side: SIDE });
    const png = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    await writeDurably(picturePath(folder, track, which), png);
  }
}

function picturePath(folder: string, track: number, which: 'before' | 'after'): string {
  return join(folder, `${track}-${which}.png`);
}

/** Pairs evenly spread over those of all takes; those whose faces were changed most come first. */
export async function spreadPairs(
  takes: readonly FinishedTake[],
  tracks: readonly CastTrack[],
): Promise<PicturePair[]> {
  const all = takes.flatMap((take) =>
    tracksIn(tracks, take.record).flatMap(({ id, person }, k) => {
      const face = take.faces.faces[k];
      const frame = face?.pair ?? null;
      const caption = person ? `${id}, ${person}` : id;
      const change = face?.restored.find((one) => one.frame === frame)?.change ?? 0;
      return frame === null ? [] : [{ frame, caption, change, folder: evidenceIn(take.segment.folder), k }];
    }),
  );
  const step = Math.max(1, all.length / PAIRS);
  const pairs: (PicturePair & { readonly change: number })[] = [];
  for (let at = 0; at < all.length; at += step) {
    const pair = all[Math.floor(at)];
    if (!pair) continue;
    const { frame, caption, change, folder, k } = pair;
    const [before, after] = await Promise.all(
      (['before', 'after'] as const).map((which) => readFile(picturePath(folder, k, which)).catch(() => null)),
    );
    if (before && after) pairs.push({ frame, caption, change, before, after });
  }
  return pairs.sort((a, b) => b.change - a.change);
}
