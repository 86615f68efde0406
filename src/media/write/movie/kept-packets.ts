import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { MovieReel } from '../../../film/reel.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { FfmpegError } from '../../ffmpeg/ffmpeg-error.ts';
import { describeJob } from '../../ffmpeg/job.ts';
import { PACKET_HASH } from '../../ffmpeg/packet-hashes.ts';
import { ffprobe } from '../../ffmpeg/probe-streams.ts';
import { runJob } from '../../ffmpeg/supervisor.ts';
import { isVariableRate } from '../../read/frame-rate.ts';
import {
  colourOptions,
  containerOptions,
  type TakeCoding,
  takeExtension,
  takeFilters,
  takeOptions,
} from './take-coding.ts';

/**
 * Why an output in the source's own codec cannot have the source's own packets beside encoded ones, as the end of a sentence; null
 * where it can. One frame is encoded and copied: what a player is told of both must be the same, or it would read one as the other.
 */
export async function whyNotPackets(reel: MovieReel, coding: TakeCoding, ffmpeg: Ffmpeg): Promise<string | null> {
  if (isVariableRate(reel)) return 'its frames are shown for different times';
  // Copied packets bring these along into the container, and encoded ones do not.
  if (reel.displayMatrix) return 'players turn its picture';
  if (reel.hdr10) return 'its container states HDR10';
  if (reel.damaged.has(0)) return 'its first frame is damaged';
  const folder = await mkdtemp(join(tmpdir(), 'reelmend-packets-'));
  try {
    const names = ['encoded', 'copied'].map((name) => join(folder, `${name}${takeExtension(coding.codec)}`));
    const [encoded, copied] = names as [string, string];
    await writeBoth({ ...coding, reel }, { encoded, copied }, ffmpeg);
    const [wanted, found] = await Promise.all([described(encoded, ffmpeg), described(copied, ffmpeg)]);
    return difference(wanted, found);
  } catch (error) {
    if (!(error instanceof FfmpegError) || error.exitCode === null) throw error;
    return `a frame of it could not be written both ways (${error.stderr.at(-1) ?? 'ffmpeg gave no reason'})`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Options that write the source's own packets into a take's file, the first at 0; the join gives each its exact time. */
export function packetOptions(coding: TakeCoding): string[] {
  const { reel, codec, colour } = coding;
  return [
    ...['-c:v', 'copy', ...colourOptions(colour), '-fflags', '+bitexact', '-map_metadata', '-1'],
    ...['-avoid_negative_ts', 'make_zero'],
    ...containerOptions(reel, takeExtension(codec)),
    ...(takeExtension(codec) === '.mov' ? ['-write_tmcd', '0'] : []),
  ];
}

async function writeBoth(
  coding: TakeCoding & { readonly reel: MovieReel },
  { encoded, copied }: { readonly encoded: string; readonly copied: string },
  ffmpeg: Ffmpeg,
): Promise<void> {
  const one = ['-map', '0:V:0', '-frames:v', '1'];
  const job = describeJob(ffmpeg.ffmpeg, {
    name: `Copying a frame of "${coding.reel.path}"`,
    inputs: [{ source: `file:${coding.reel.path}`, options: ['-noautorotate'] }],
    outputs: [
      {
        target: `file:${encoded}`,
        filters: takeFilters(coding, { in: 0, out: 1 }),
        options: [...one, ...ffmpeg.passthrough, ...takeOptions(coding)],
      },
      { target: `file:${copied}`, options: [...one, ...packetOptions(coding)] },
    ],
  });
  await runJob(job);
}

/** The first thing in which two frames' descriptions differ, as the end of a sentence. */
function difference(encoded: Description, copied: Description): string | null {
  const words = Object.keys(encoded.words).find((name) => encoded.words[name] !== copied.words[name]);
  if (words !== undefined)
    return `its ${words} is ${copied.words[words]}, and an encoded frame has ${encoded.words[words]}`;
  return encoded.configuration === copied.configuration ? null : 'its encoder was configured otherwise';
}

interface Description {
  readonly words: Readonly<Record<string, string>>;
  /** Hash of what the container holds for the decoder; undefined where that is nothing. */
  readonly configuration: unknown;
}

/** What decoders and players go by, by ffprobe's name of it, and the words for people. */
const STREAM: Readonly<Record<string, string>> = {
  profile: 'profile',
  codec_tag_string: 'code',
  pix_fmt: 'pixel format',
  width: 'width',
  height: 'height',
  sample_aspect_ratio: 'pixel aspect',
  field_order: 'field order',
  color_range: 'range',
  color_space: 'colour matrix',
  color_transfer: 'transfer',
  color_primaries: 'colour primaries',
  chroma_location: 'chroma siting',
  bits_per_raw_sample: 'depth',
};
const FRAME: Readonly<Record<string, string>> = {
  interlaced_frame: 'interlacing of a frame',
  top_field_first: 'field order of a frame',
  color_range: 'range of a frame',
  color_space: 'colour matrix of a frame',
  color_transfer: 'transfer of a frame',
  color_primaries: 'colour primaries of a frame',
  chroma_location: 'chroma siting of a frame',
};

const values = z.record(z.string(), z.unknown());
const descriptionSchema = z.object({ streams: z.tuple([values]), frames: z.array(values).min(1) });

async function described(path: string, ffmpeg: Ffmpeg): Promise<Description> {
  const { stdout } = await ffprobe(
    path,
    [
      ...['-select_streams', 'V:0', '-show_streams', '-show_frames', '-show_data_hash', PACKET_HASH],
      ...['-read_intervals', '%+#1', '-of', 'json'],
    ],
    ffmpeg,
  );
  const { streams, frames } = descriptionSchema.parse(JSON.parse(stdout));
  const said = (from: Record<string, unknown>, names: Readonly<Record<string, string>>) =>
    Object.entries(names).map(([key, name]) => [name, wordOf(key, from[key])] as const);
  return {
    words: Object.fromEntries([...said(streams[0], STREAM), ...said(frames[0] ?? {}, FRAME)]),
    configuration: streams[0]['extradata_hash'],
  };
}

/** ffmpeg has several words for what a file does not say; fields that are not told are none. */
function wordOf(key: string, value: unknown): string {
  const isTold = value !== undefined && !/^(unknown|unspecified|N\/A)$/.test(String(value));
  return isTold ? String(value) : key === 'field_order' ? 'progressive' : 'not told';
}
