import { join } from 'node:path';
import sharp from 'sharp';
import { makeFolder, writeDurably } from '../../disk/durable.ts';
import type { Region } from '../../film/plate.ts';
import type { PlateColour } from '../../film/plate-colour.ts';
import { FACE_JPEG } from '../../report/face-jpeg.ts';
import type { RenderTeam } from '../../workers/render-team.ts';

/** Longest side of a face's picture in the report, pixels. */
const SIDE = 320;
/** Pictures that a run draws at most: beyond, the report's pages would be too heavy to be of use. */
const MOST = 1000;

/** Draws faces that are worth a look for the report. */
export interface FaceDrawer {
  /** Names, in the report's folder, of pictures of these regions of one face; none where enough were drawn. */
  draw(name: string, regions: readonly Region[], by: DrawnBy): Promise<string[]>;
}

export interface DrawnBy {
  readonly team: Pick<RenderTeam, 'picture'>;
  readonly colour: PlateColour;
}

const FOLDER = 'faces';

export function faceDrawer(report: string): FaceDrawer {
  let drawn = 0;
  return {
    async draw(name, regions, { team, colour }) {
      if (regions.length === 0 || drawn + regions.length > MOST) return [];
      drawn += regions.length;
      await makeFolder(join(report, FOLDER));
      const names: string[] = [];
      for (const [k, region] of regions.entries()) {
        const { width, height, rgb } = await team.picture({ region, colour, side: SIDE });
        const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
          .jpeg(FACE_JPEG)
          .toBuffer();
        const file = `${FOLDER}/${name}-${k === 0 ? 'before' : 'after'}.jpg`;
        await writeDurably(join(report, file), jpeg);
        names.push(file);
      }
      return names;
    },
  };
}
