import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { PlateColour } from '../../compute/plate-colour.ts';
import { publish, unfinishedName, writeDurably } from '../../disk/durable.ts';
import type { Plate, Region } from '../../film/plate.ts';
import type { Take } from '../../film/shot.ts';
import type { PicturePair } from '../../report/pair-figure.ts';
import type { CastTrack } from '../render/cast-track.ts';
import type { CompedFace } from '../render/render-take.ts';
import type { RenderTeam } from '../render/render-team.ts';

/** Longest side of a picture in the report, pixels. */
const SIDE = 480;
/** Pairs that the report shows: more than a person looks through. */
const PAIRS = 24;

/**
 * The frames of which the report keeps a before and an after: for each cast track the middle of its part in a take, on takes
 * evenly spread over the reel. They depend on the plan alone, so a resumed run keeps the same ones.
 */
export function framesToPicture(
  takes: readonly Take[],
  tracks: readonly CastTrack[],
): ReadonlyMap<string, readonly number[]> {
  const moments = takes.flatMap((take) =>
    tracks
      .filter((track) => track.in < take.out && track.out > take.in)
      .map((track) => ({
        track: track.id,
        frame: Math.floor((Math.max(track.in, take.in) + Math.min(track.out, take.out)) / 2),
      })),
  );
  const step = Math.max(1, moments.length / PAIRS);
  const chosen = new Map<string, number[]>();
  for (let k = 0; k < moments.length; k += step) {
    const moment = moments[Math.floor(k)];
    if (moment) chosen.set(moment.track, [...(chosen.get(moment.track) ?? []), moment.frame]);
  }
  return chosen;
}

/** Keeps before and after of chosen faces as PNG files in `folder` until the report is written. */
export async function keepPictures(
  folder: string,
  chosen: ReadonlyMap<string, readonly number[]>,
  team: RenderTeam,
  colour: PlateColour,
  plate: Plate,
  before: readonly Region[],
  faces: readonly CompedFace[],
): Promise<void> {
  for (const [k, { track, comped }] of faces.entries()) {
    if (!chosen.get(track)?.includes(plate.frame)) continue;
    await mkdir(folder, { recursive: true });
    for (const [which, region] of [
      ['before', before[k] as Region],
      ['after', comped.region],
    ] as const) {
      const { width, height, rgb } = await team.picture({ region, colour, side: SIDE });
      const png = await sharp(rgb, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer();
      const final = join(folder, pictureName(plate.frame, track, which));
      const draft = unfinishedName(final);
      await writeDurably(draft, png);
      await publish(draft, final);
    }
  }
}

function pictureName(frame: number, track: string, which: 'before' | 'after'): string {
  return `${String(frame).padStart(8, '0')}-${track}-${which}.png`;
}

/** The pairs that were kept, in order of frames. */
export async function keptPairs(folder: string, tracks: readonly CastTrack[]): Promise<PicturePair[]> {
  const names: string[] = await readdir(folder).catch(() => []);
  const pairs: PicturePair[] = [];
  for (const name of names.sort()) {
    const [, frame, track] = /^(\d+)-(\w+)-before\.png$/.exec(name) ?? [];
    if (!frame || !track || !names.includes(pictureName(Number(frame), track, 'after'))) continue;
    const person = tracks.find((cast) => cast.id === track)?.person;
    pairs.push({
      frame: Number(frame),
      caption: person ? `${track}, ${person}` : track,
      before: await readFile(join(folder, name)),
      after: await readFile(join(folder, pictureName(Number(frame), track, 'after'))),
    });
  }
  return pairs;
}
