import { z } from 'zod';
import type { Chromaticity, Hdr10, MasteringDisplay } from '../../../film/hdr.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { ffprobe, type StreamInfo } from '../../ffmpeg/probe-streams.ts';

/** What a movie states of its picture beside samples, tags and times. */
export interface SideData {
  readonly hdr10?: Hdr10;
  /** ffmpeg's names of what else there is, such as `ATSC A53 Part 4 Closed Captions`. */
  readonly others: readonly string[];
}

const ratio = z.string().regex(/^\d+\/[1-9]\d*$/);
const masteringSchema = z.object({
  red_x: ratio,
  red_y: ratio,
  green_x: ratio,
  green_y: ratio,
  blue_x: ratio,
  blue_y: ratio,
  white_point_x: ratio,
  white_point_y: ratio,
  min_luminance: ratio,
  max_luminance: ratio,
});
const lightSchema = z.object({ max_content: z.number(), max_average: z.number() });
const datumSchema = z.looseObject({ side_data_type: z.string().optional() });
const framesSchema = z.object({
  frames: z.array(z.object({ side_data_list: z.array(datumSchema).optional() })).default([]),
});

/**
 * Names of what concerns the stored stream alone, or is kept in another way: turns and timecode as such, film grain in the decoded
 * samples.
 */
const OWN =
  /^(CPB properties|H\.26\[45\] User Data Unregistered SEI message|GOP timecode|(AV)?Pan ?Scan|(3x3 )?display ?matrix|Mastering display metadata|Content light level metadata|QP .*|.*motion vectors|Film grain.*|Video encoding parameters|New Extradata)$/i;

/** Reads what the stream states, and its first frame. */
export async function sideDataOf(
  path: string,
  picture: StreamInfo,
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<SideData> {
  const { stdout } = await ffprobe(
    path,
    // What is wrong with the first frame is said where it is decoded.
    [
      '-select_streams',
      'V:0',
      '-read_intervals',
      '%+#1',
      '-show_frames',
      '-show_entries',
      'frame=pts:frame_side_data',
      '-of',
      'json',
    ],
    ffmpeg,
    signal,
  );
  const frames = framesSchema.parse(JSON.parse(stdout)).frames;
  const data = [...(picture.side_data_list ?? []), ...frames.flatMap((frame) => frame.side_data_list ?? [])];
  const mastering = data.map((datum) => masteringSchema.safeParse(datum).data).find((found) => found !== undefined);
  const light = data.map((datum) => lightSchema.safeParse(datum).data).find((found) => found !== undefined);
  const hdr10: Hdr10 = {
    ...(mastering ? { mastering: masteringOf(mastering) } : {}),
    ...(light ? { light: { max: light.max_content, average: light.max_average } } : {}),
  };
  const named = data.flatMap(({ side_data_type: type }) => (typeof type === 'string' ? [type] : []));
  return { ...(mastering || light ? { hdr10 } : {}), others: othersOf(named) };
}

/** Of names of side data, each once, those that an output does not have by itself. */
export function othersOf(named: Iterable<string>): string[] {
  return [...new Set(named)].filter((name) => !OWN.test(name)).sort();
}

function masteringOf(found: z.output<typeof masteringSchema>): MasteringDisplay {
  const point = (x: string, y: string): Chromaticity => [steps(x, 50_000), steps(y, 50_000)];
  return {
    red: point(found.red_x, found.red_y),
    green: point(found.green_x, found.green_y),
    blue: point(found.blue_x, found.blue_y),
    white: point(found.white_point_x, found.white_point_y),
    luminance: { max: steps(found.max_luminance, 10_000), min: steps(found.min_luminance, 10_000) },
  };
}

function steps(fraction: string, perUnit: number): number {
  const [num, den] = fraction.split('/').map(Number) as [number, number];
  return Math.round((num / den) * perUnit);
}
