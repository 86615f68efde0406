import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { inputOf } from './decoded.ts';

const run = promisify(execFile);

/** One of the kinds of film that must come back exact, and how plain ffmpeg makes it. */
export interface FilmFormat {
  readonly title: string;
  /** Extension of a movie, or of the stills of a folder. */
  readonly extension: string;
  readonly kind: 'folder' | 'movie';
  /** As plain ffmpeg must find it stored. */
  readonly pixelFormat: string;
  readonly encode: readonly string[];
  readonly filters?: readonly string[];
  /** Side of the squares of pixels that change as a whole where a pixel of them is under a matte; 1 where absent. */
  readonly block?: number;
  /** True: the whole run is made of it. The commonest movie, and light of the scene; other proofs run on DPX, PNG and FFV1. */
  readonly wholeRun?: boolean;
}

const folder = (title: string, extension: string, pixelFormat: string, ...encode: string[]): FilmFormat => ({
  title,
  extension,
  kind: 'folder',
  pixelFormat,
  encode: [...encode, '-pix_fmt', pixelFormat],
});
const movie = (title: string, extension: string, pixelFormat: string, ...encode: string[]): FilmFormat => ({
  title,
  extension,
  kind: 'movie',
  pixelFormat,
  encode: ['-pix_fmt', pixelFormat, '-color_range', pixelFormat.startsWith('gbr') ? 'pc' : 'tv', ...encode],
});

/** OpenEXR holds scene light: the picture's display values are raised to 2.2 before they become float. */
const TO_LIGHT = ['format=gbrp16le', 'lutrgb=r=gammaval(2.2):g=gammaval(2.2):b=gammaval(2.2)', 'format=gbrpf32le'];

export const FOLDERS: readonly FilmFormat[] = [
  // Big-endian in the file; ffmpeg decodes it to little-endian planes.
  { ...folder('DPX, 10 bit', 'dpx', 'gbrp10be', '-c:v', 'dpx'), pixelFormat: 'gbrp10le' },
  folder('DPX, 16 bit', 'dpx', 'rgb48be', '-c:v', 'dpx'),
  folder('TIFF, 8 bit', 'tif', 'rgb24', '-c:v', 'tiff', '-compression_algo', 'raw'),
  folder('TIFF, 16 bit, packed', 'tif', 'rgb48le', '-c:v', 'tiff', '-compression_algo', 'lzw'),
  folder('PNG, 8 bit', 'png', 'rgb24', '-c:v', 'png'),
  folder('PNG, 16 bit', 'png', 'rgb48be', '-c:v', 'png'),
  // Its 8 × 8 coefficients of chroma are those of 16 × 16 pixels.
  { ...folder('JPEG', 'jpg', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', '2'), block: 16 },
  { ...folder('EXR, half', 'exr', 'gbrpf32le', '-c:v', 'exr', '-format', 'half'), filters: TO_LIGHT, wholeRun: true },
  { ...folder('EXR, float', 'exr', 'gbrpf32le', '-c:v', 'exr', '-format', 'float'), filters: TO_LIGHT },
];

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12'];
const X265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '12', '-x265-params', 'log-level=error'];

export const MOVIES: readonly FilmFormat[] = [
  movie('FFV1, 4:2:0, 8 bit', 'mkv', 'yuv420p', '-c:v', 'ffv1', '-level', '3'),
  movie('FFV1, 4:4:4, 12 bit', 'mkv', 'yuv444p12le', '-c:v', 'ffv1', '-level', '3'),
  movie('FFV1, RGB, 10 bit', 'mkv', 'gbrp10le', '-c:v', 'ffv1', '-level', '3'),
  movie('ProRes 422 HQ', 'mov', 'yuv422p10le', '-c:v', 'prores_ks', '-profile:v', 'hq'),
  // ffmpeg encodes 4444 from 10 bits and decodes it to 12.
  {
    ...movie('ProRes 4444', 'mov', 'yuv444p10le', '-c:v', 'prores_ks', '-profile:v', '4444'),
    pixelFormat: 'yuv444p12le',
  },
  movie('DNxHR HQ, 8 bit', 'mov', 'yuv422p', '-c:v', 'dnxhd', '-profile:v', 'dnxhr_hq'),
  movie('DNxHR HQX, 10 bit', 'mov', 'yuv422p10le', '-c:v', 'dnxhd', '-profile:v', 'dnxhr_hqx'),
  movie('DNxHR 444, 10 bit', 'mov', 'yuv444p10le', '-c:v', 'dnxhd', '-profile:v', 'dnxhr_444'),
  { ...movie('H.264, 4:2:0, 8 bit', 'mp4', 'yuv420p', ...X264), wholeRun: true },
  movie('H.264, 4:2:2, 10 bit', 'mp4', 'yuv422p10le', ...X264),
  movie('H.265, 4:2:0, 10 bit', 'mp4', 'yuv420p10le', ...X265),
  movie('H.265, 4:4:4, 12 bit', 'mp4', 'yuv444p12le', ...X265),
];

/** Makes the reel at `source` anew in a format, as `to` (a folder) or `to` with the format's extension; gives its path. */
export async function remake(source: string, format: FilmFormat, to: string): Promise<string> {
  const { ffmpeg } = await findFfmpeg();
  const { kind, extension, encode, filters = [] } = format;
  const toVideoRange = kind === 'movie' && !format.pixelFormat.startsWith('gbr');
  const chain = toVideoRange ? ['scale=out_range=tv:out_color_matrix=bt709', ...filters] : filters;
  const filter = chain.length > 0 ? ['-vf', chain.join(',')] : [];
  if (kind === 'folder') await mkdir(to, { recursive: true });
  const target =
    kind === 'folder' ? ['-start_number', '1001', join(to, `scan.%04d.${extension}`)] : [`${to}.${extension}`];
  await run(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...(await inputOf(source)), ...filter, ...encode, ...target]);
  return kind === 'folder' ? to : `${to}.${extension}`;
}
