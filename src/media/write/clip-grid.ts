import { rename, rm } from 'node:fs/promises';
import { unfinishedName } from '../../disk/durable.ts';
import type { PictureSize } from '../../film/orientation.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { describeJob } from '../ffmpeg/job.ts';
import { runJob } from '../ffmpeg/supervisor.ts';
import { CLIP_CODING } from './clip.ts';
import { writeTrouble } from './write-trouble.ts';

/** Joins clips of one size and length to one that shows them all at once, in rows of so many, over a file of that name. */
export async function joinClips(
  clips: readonly string[],
  path: string,
  { tile, columns }: { readonly tile: PictureSize; readonly columns: number },
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<void> {
  const unfinished = unfinishedName(path);
  const places = clips.map((_, k) => `${(k % columns) * tile.width}_${Math.floor(k / columns) * tile.height}`);
  const all = clips.map((_, k) => `[${k}:v]`).join('');
  const graph = `${all}xstack=inputs=${clips.length}:layout=${places.join('|')}:fill=black[all]`;
  try {
    await runJob(
      describeJob(ffmpeg.ffmpeg, {
        name: `Encoding "${path}"`,
        inputs: clips.map((clip) => ({ source: `file:${clip}` })),
        outputs: [
          { target: `file:${unfinished}`, options: ['-filter_complex', graph, '-map', '[all]', ...CLIP_CODING] },
        ],
      }),
      { signal },
    );
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw writeTrouble(path, error);
  }
}
