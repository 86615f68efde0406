import { extname } from 'node:path';
import { rational } from '../../../film/rational.ts';
import { ReelError } from '../../../film/reel-error.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { ffprobe } from '../../ffmpeg/probe-streams.ts';

/** What one output has once: a movie in which it changes midway is cut there. */
const CONSTANT = ['size', 'pixel format', 'pixel aspect', 'range', 'matrix', 'primaries', 'transfer'] as const;

/** How a key frame is stored, as its decoder says; absent where the stream does not say. */
type Look = { readonly [property in (typeof CONSTANT)[number] | 'fields']?: string };

interface KeyFrame {
  readonly place: number;
  readonly time: number;
  readonly look: Look;
}

/** A frame from which on a movie is stored otherwise. */
export interface PictureChange {
  /** Counted from 0. */
  readonly frame: number;
  /** For people: `size from 720 × 576 to 704 × 576`. */
  readonly what: string;
}

/** What is scanned, and when its frames are shown. */
export interface ScannedMovie {
  readonly path: string;
  readonly times: readonly number[];
  readonly byPlace: boolean;
}

/**
 * Decodes the key frames of a movie, or all its frames where these are known by their place, and compares how they are stored.
 * Comes back with a note where fields change, as an output has one tag for them, and with the names of all side data.
 *
 * @throws ReelError where size, pixel format, pixel aspect or colour change, with the command that cuts the file there.
 */
export async function assertOnePicture(
  movie: ScannedMovie,
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<{ readonly notes: readonly string[]; readonly sideData: readonly string[] }> {
  const { frames, sideData } = await keyFrames(movie, ffmpeg, signal);
  const frameAt = new Map(movie.times.map((time, frame) => [time, frame]));
  const changes: PictureChange[] = [];
  const fields: PictureChange[] = [];
  const known: Record<string, string> = {};
  for (const { place, time, look } of frames) {
    const frame = movie.byPlace ? place : frameAt.get(time);
    if (frame === undefined) continue;
    const changed = CONSTANT.filter(
      (key) => look[key] !== undefined && known[key] !== undefined && look[key] !== known[key],
    );
    const what = changed.map((key) => `${key} from ${known[key]} to ${look[key]}`).join(', ');
    if (what) changes.push({ frame, what });
    if (known['fields'] !== undefined && look.fields !== known['fields'])
      fields.push({ frame, what: `from ${known['fields']} to ${look.fields}` });
    Object.assign(known, look);
  }
  if (changes.length > 0) throw new ReelError(refusal(movie, changes));
  const first = fields[0];
  if (!first) return { notes: [], sideData };
  const often = fields.length > 1 ? `, and ${fields.length} times in all` : '';
  const note = `Its frames change ${first.what} at frame ${first.frame + 1}${often}; the output is tagged as the first are.`;
  return { notes: [note], sideData };
}

function refusal(movie: ScannedMovie, changes: readonly PictureChange[]): string {
  const shown = changes.slice(0, 4).map(({ frame, what }) => `${what} at frame ${frame + 1}`);
  const more = changes.length > shown.length ? `; and ${changes.length - shown.length} more times` : '';
  const extension = extname(movie.path);
  const stem = movie.path.slice(0, movie.path.length - extension.length);
  const options = '-map 0:V:0 -map 0:a? -c copy -f segment -reset_timestamps 1 -segment_frames';
  // Times would be shifted by the delay of frames that are stored out of order.
  const list = changes.map(({ frame }) => frame).join(',');
  return `"${movie.path}": its picture changes midway (${shown.join('; ')}${more}), and an output has one picture throughout. Cut it there and restore each part by itself: ffmpeg -i "${movie.path}" ${options} ${list} "${stem}-part%d${extension}"`;
}

async function keyFrames(
  movie: ScannedMovie,
  ffmpeg: Ffmpeg,
  signal?: AbortSignal,
): Promise<{ readonly frames: readonly KeyFrame[]; readonly sideData: readonly string[] }> {
  const properties = 'width,height,pix_fmt,sample_aspect_ratio,interlaced_frame,top_field_first';
  const colours = 'color_range,color_space,color_primaries,color_transfer';
  const { stdout } = await ffprobe(
    movie.path,
    [
      ...['-select_streams', 'V:0', ...(movie.byPlace ? [] : ['-skip_frame', 'nokey']), '-show_frames'],
      ...[
        '-show_entries',
        `frame=best_effort_timestamp,${properties},${colours}:frame_side_data=side_data_type:frame_tags=`,
      ],
      ...['-of', 'compact=p=0'],
    ],
    ffmpeg,
    signal,
  );
  const lines = stdout.split('\n').filter((line) => line.startsWith('best_effort_timestamp='));
  const frames = lines.map((line, place) => {
    const said = Object.fromEntries(line.split('|').map((pair) => pair.split('=', 2) as [string, string]));
    return { place, time: Number(said['best_effort_timestamp']), look: lookOf(said) };
  });
  const named = [...stdout.matchAll(/side_data_type=([^|\n]+)/g)].map((match) => match[1] as string);
  return { frames, sideData: named };
}

function lookOf(said: Readonly<Record<string, string>>): Look {
  const clear = (key: string) =>
    /^(unknown|unspecified|reserved|N\/A)?$/.test(said[key] ?? '') ? undefined : said[key];
  const [num, den] = (said['sample_aspect_ratio'] ?? '').split(':').map(Number);
  const aspect = num && den ? rational(num, den) : rational(1);
  const [matrix, primaries, transfer] = [clear('color_space'), clear('color_primaries'), clear('color_transfer')];
  const range = clear('color_range');
  return {
    size: `${said['width']} × ${said['height']}`,
    // `yuvj420p` is `yuv420p` in full range.
    'pixel format': said['pix_fmt']?.replace(/^yuvj/, 'yuv') ?? 'unknown',
    'pixel aspect': `${aspect.num}:${aspect.den}`,
    fields:
      said['interlaced_frame'] !== '1'
        ? 'progressive'
        : said['top_field_first'] === '1'
          ? 'top field first'
          : 'bottom field first',
    ...(range === undefined ? {} : { range }),
    ...(matrix === undefined ? {} : { matrix }),
    ...(primaries === undefined ? {} : { primaries }),
    ...(transfer === undefined ? {} : { transfer }),
  };
}
