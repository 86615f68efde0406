import { z } from 'zod';
import type { ColourTags } from '../../film/colour.ts';
import type { StillKind } from '../../film/reel.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../ffmpeg/ffmpeg-error.ts';
import { runJob } from '../ffmpeg/supervisor.ts';
import { stillDemuxer } from '../still/still.ts';

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
      color_range: z.enum(['tv', 'pc']).optional().catch(undefined),
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
  const colour: ColourTags = {
    ...(stream.color_range && { range: stream.color_range }),
    ...said('primaries', stream.color_primaries),
    ...said('transfer', stream.color_transfer),
    // That it is RGB, which has no matrix, is what `gbr` says; its pixel format does, too, and encoders know no such name.
    ...said('matrix', stream.color_space === 'gbr' ? undefined : stream.color_space),
    ...said('chromaLocation', stream.chroma_location),
  };
  return { width, height, pixelFormat, colour };
}

function said<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return value === undefined || value === 'unknown' || value === 'unspecified'
    ? {}
    : ({ [key]: value } as { [K in Key]: string });
}
