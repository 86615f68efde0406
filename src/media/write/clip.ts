import { rm } from 'node:fs/promises';
import { publish, syncPath, unfinishedName } from '../../disk/durable.ts';
import type { PictureSize } from '../../film/orientation.ts';
import type { Rational } from '../../film/rational.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { describeJob } from '../ffmpeg/job.ts';
import { rawInput } from '../ffmpeg/raw-input.ts';
import { startJob } from '../ffmpeg/supervisor.ts';
import { writeTrouble } from './write-trouble.ts';

/** The encoder of clips; an ffmpeg may lack it. */
export const CLIP_ENCODER = 'libx264';

/** A small movie to look at: H.264 in 8 bits and 4:2:0, which plays anywhere. */
export interface Clip extends AsyncDisposable {
  /** Writes the next picture, interleaved 8-bit RGB; resolves when its memory may be reused. */
  write(rgb: Uint8Array): Promise<void>;
  /** Closes the file, makes it durable and gives it its name, over a file of that name. */
  finish(): Promise<void>;
  /** Stops and removes what was not finished. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ClipFormat {
  /** Of the pictures that are written. */
  readonly picture: PictureSize;
  /** Of the movie, both even; pictures of another size are scaled. */
  readonly shown: PictureSize;
  readonly rate: Rational;
}

/**
 * How clips are coded: near to what the eye tells apart in motion, in a tenth of the time that x264 takes by default, and tagged as every
 * player takes a movie of this size to be coded.
 */
export const CLIP_CODING: readonly string[] = [
  ...['-an', '-c:v', CLIP_ENCODER, '-preset', 'ultrafast', '-crf', '14', '-pix_fmt', 'yuv420p'],
  ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
  ...['-movflags', '+faststart'],
];

/** @param path ends in `.mp4` */
export function openClip(
  path: string,
  { picture, shown, rate }: ClipFormat,
  ffmpeg: Ffmpeg,
  signal: AbortSignal,
): Clip {
  const unfinished = unfinishedName(path);
  const job = startJob(
    describeJob(ffmpeg.ffmpeg, {
      name: `Encoding "${path}"`,
      stdin: true,
      inputs: [rawInput('rgb24', picture, rate)],
      outputs: [
        {
          target: `file:${unfinished}`,
          filters: [
            `scale=${shown.width}:${shown.height}:flags=bicubic+accurate_rnd+full_chroma_int:out_color_matrix=bt709:out_range=tv`,
            'setsar=1',
          ],
          options: ['-map', '0:v:0', ...CLIP_CODING],
        },
      ],
    }),
    signal,
  );
  job.stdout.resume();
  let finished = false;
  return {
    async write(rgb) {
      try {
        await job.write(rgb);
      } catch (error) {
        throw writeTrouble(path, error);
      }
    },
    async finish() {
      job.stdin?.end();
      try {
        await job.done;
        await syncPath(unfinished);
        await publish(unfinished, path);
        finished = true;
      } catch (error) {
        throw writeTrouble(path, error);
      }
    },
    async [Symbol.asyncDispose]() {
      if (finished) return;
      await job.stop();
      await rm(unfinished, { force: true });
    },
  };
}
