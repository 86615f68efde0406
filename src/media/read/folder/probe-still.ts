import { z } from 'zod';
import type { ColourTags } from '../../../film/colour.ts';
import type { StillKind } from '../../../film/reel.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../../ffmpeg/ffmpeg-error.ts';
import { runJob } from '../../ffmpeg/supervisor.ts';
import { stillDemuxer } from '../../still/still.ts';
import { taggedColour } from '../tagged-colour.ts';

/** A still as ffmpeg decodes it. */
export interface ProbedStill {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  readonly colour: ColourTags;
}

const schema = z.object({
  streams: z.tuple([
    z.object({
      width: z.number(),
      height: z.number(),
      pix_fmt: z.string(),
      color_range: z.string().optional(),
      color_primaries: z.string().optional(),
      color_transfer: z.string().optional(),
      color_space: z.string().optional(),
      chroma_location: z.string().optional(),
    }),
  ]),
});

/** Asks ffmpeg how it decodes one still. @throws FfmpegError when it cannot */
export async function probeStill(
  path: string,
  kind: StillKind,
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<ProbedStill> {
  const { stdout, errors } = await runJob(
    {
      name: `Reading "${path}"`,
      program: ffmpeg.ffprobe,
      args: ['-v', 'repeat+level+error', '-f', stillDemuxer(kind), '-show_streams', '-of', 'json', `file:${path}`],
    },
    { signal },
  );
  const parsed = schema.safeParse(JSON.parse(stdout));
  if (!parsed.success || parsed.data.streams[0].pix_fmt === 'unknown') {
    throw new FfmpegError(`ffmpeg cannot decode "${path}"`, { stderr: [...errors] });
  }
  const [stream] = parsed.data.streams;
  const { width, height, pix_fmt: pixelFormat } = stream;
  return { width, height, pixelFormat, colour: taggedColour(stream) };
}
