import { z } from 'zod';
import type { Ffmpeg } from './ffmpeg.ts';
import { runJob } from './supervisor.ts';

const streamSchema = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  codec_tag_string: z.string().optional(),
  profile: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  field_order: z.string().optional(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  chroma_location: z.string().optional(),
  r_frame_rate: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  time_base: z.string().optional(),
  start_pts: z.number().optional(),
  duration_ts: z.number().optional(),
  has_b_frames: z.number().optional(),
  nb_frames: z.string().optional(),
  sample_rate: z.string().optional(),
  channels: z.number().optional(),
  sample_fmt: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  disposition: z.record(z.string(), z.number()).optional(),
  side_data_list: z
    .array(z.looseObject({ rotation: z.number().optional(), displaymatrix: z.string().optional() }))
    .optional(),
});

const probeSchema = z.object({
  streams: z.array(streamSchema).default([]),
  chapters: z.array(z.unknown()).default([]),
  format: z
    .object({
      format_name: z.string().optional(),
      start_time: z.string().optional(),
      duration: z.string().optional(),
      tags: z.record(z.string(), z.string()).optional(),
    })
    .default({}),
});

/** A stream as ffprobe describes it. */
export type StreamInfo = z.infer<typeof streamSchema>;
/** A file as ffprobe describes it. */
export type FileInfo = z.infer<typeof probeSchema> & {
  /** What ffprobe complained about. */
  readonly errors: readonly string[];
};

/** @throws FfmpegError where ffprobe cannot make out any container. */
export async function probeStreams(path: string, ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<FileInfo> {
  const { stdout, errors } = await ffprobe(
    path,
    ['-show_streams', '-show_format', '-show_chapters', '-of', 'json'],
    ffmpeg,
    signal,
  );
  return { ...probeSchema.parse(JSON.parse(stdout)), errors };
}

/** Runs ffprobe on a file. */
export function ffprobe(path: string, args: readonly string[], ffmpeg: Ffmpeg, signal?: AbortSignal) {
  const job = {
    name: `Reading "${path}"`,
    program: ffmpeg.ffprobe,
    args: ['-hide_banner', '-v', 'repeat+level+error', ...args, '-i', `file:${path}`],
  };
  return runJob(job, { signal });
}

/** The picture: the first video stream that is not a cover image. */
export function pictureStreamOf(file: FileInfo): StreamInfo | undefined {
  return file.streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.['attached_pic']);
}

export function streamsOf(file: FileInfo, type: 'audio' | 'subtitle'): StreamInfo[] {
  return file.streams.filter((stream) => stream.codec_type === type);
}
