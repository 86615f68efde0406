import { extname } from 'node:path';
import { OutputError } from '../../disk/output-error.ts';
import type { PictureSize } from '../../film/orientation.ts';
import type { SampleFormat } from '../../film/sample-format.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { codecWith, type MovieCodec } from './codec-facts.ts';
import { type CodedFormat, fittingFormat, type Obstacle } from './coded-format.ts';

export type CodecName = 'ffv1' | 'prores' | 'prores4444' | 'dnxhr' | 'h264' | 'h265';

const CODECS: Readonly<Record<CodecName, MovieCodec>> = {
  ffv1: codecWith('ffv1'),
  prores: codecWith('prores', {}, { title: 'ProRes 422 HQ' }),
  prores4444: codecWith(
    'prores',
    { profile: '4444' },
    { title: 'ProRes 4444', formats: ['yuv444p10le', 'yuva444p10le'], bytesPerPixel: 0.7 },
  ),
  dnxhr: codecWith('dnxhr'),
  h264: codecWith('h264'),
  h265: codecWith('h265'),
};

/** What a person may write for `--codec`. */
export const CODEC_NAMES = Object.keys(CODECS) as readonly CodecName[];

/**
 * The codec for an output file: by name, else by the file's extension (`.mkv` FFV1, `.mov` ProRes 422 HQ, or 4444 where the samples
 * are RGB, 4:4:4 or have alpha, `.mp4` H.264). Takes are kept in the output's own container.
 *
 * @throws OutputError where the container cannot hold it, or ffmpeg lacks the encoder.
 */
export async function chooseCodec(
  out: string,
  name: string | undefined,
  format: SampleFormat,
  ffmpeg: Ffmpeg,
): Promise<MovieCodec> {
  const extension = extname(out).toLowerCase();
  const byExtension: Readonly<Record<string, CodecName>> = {
    '.mkv': 'ffv1',
    '.mov': isFullChroma(format) ? 'prores4444' : 'prores',
    '.mp4': 'h264',
  };
  const chosen = name ?? byExtension[extension];
  if (!chosen) {
    throw new OutputError(
      out,
      `"${out}": a movie ends in .mkv, .mov or .mp4, a folder in nothing. Change the name of --out.`,
    );
  }
  const codec = CODECS[chosen as CodecName];
  if (!codec) {
    throw new OutputError(out, `"${chosen}" is not a codec. --codec takes one of: ${CODEC_NAMES.join(', ')}.`);
  }
  if (!codec.containers.includes(extension)) {
    throw new OutputError(
      out,
      `"${out}": ${codec.title} is not kept in ${extension || 'a folder'}. Name --out with ${codec.containers.join(' or ')}, or choose another --codec.`,
    );
  }
  if (!(await ffmpeg.hasEncoder(codec.encoder))) {
    throw new OutputError(
      out,
      `"${out}": ffmpeg ${ffmpeg.version} lacks the encoder ${codec.encoder}. Use an ffmpeg built with it (--ffmpeg), or choose another --codec.`,
    );
  }
  // Takes of another container than the output's would be joined at times in its units.
  return { ...codec, containers: [extension, ...codec.containers.filter((one) => one !== extension)] };
}

/** FFV1 for takes that wait for a codec with inter-frame coding; in QuickTime, since Matroska would round their times to ms. */
export function losslessCodec(): MovieCodec {
  return { ...CODECS.ffv1, containers: ['.mov'] };
}

function isFullChroma(format: SampleFormat): boolean {
  return format.model !== 'gray' && format.planes.every((plane) => plane.shiftX === 0 && plane.shiftY === 0);
}

/** @throws OutputError where the codec could hold the picture only by damaging it. */
export async function codedFormat(
  out: string,
  codec: MovieCodec,
  picture: PictureSize & { readonly format: SampleFormat },
  ffmpeg: Ffmpeg,
): Promise<CodedFormat> {
  const found = await fittingFormat(codec, picture, ffmpeg);
  if ('why' in found) throw new OutputError(out, `"${out}": ${codec.title} ${found.why}. ${ADVICE[found.kind]}`);
  return found;
}

const ADVICE: Readonly<Record<Obstacle['kind'], string>> = {
  small: 'Leave --codec out.',
  float: 'Name a folder with --out: frames are then written as EXR.',
  lossless: 'Name --out with .mov or .mp4 and leave --codec out, or use a newer ffmpeg (--ffmpeg).',
  size: 'Name --out with .mkv, and leave --codec out.',
};
