import type { PictureSize } from '../../film/orientation.ts';
import { formatRational, type Rational } from '../../film/rational.ts';
import type { JobInput } from './job.ts';

/** Pictures that ffmpeg reads from its stdin one after another, without headers: their samples, and frames a second. */
export function rawInput(pixelFormat: string, { width, height }: PictureSize, rate: Rational): Required<JobInput> {
  return {
    source: 'pipe:0',
    options: [
      ...['-f', 'rawvideo', '-pix_fmt', pixelFormat, '-video_size', `${width}x${height}`],
      ...['-framerate', formatRational(rate)],
    ],
  };
}
