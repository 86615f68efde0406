import { extname } from 'node:path';
import type { Reel } from '../../film/reel.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { codecWith, type MovieCodec } from './codec-facts.ts';

const IN_444 = { formats: ['yuv444p10le', 'yuva444p10le'] };

/** By ffmpeg's name of a profile. Bytes a pixel follow the codec's nominal rates, where a profile has one. */
const PRORES: Readonly<Record<string, MovieCodec>> = {
  Proxy: codecWith('prores', { profile: 'proxy' }, { title: 'ProRes 422 Proxy', bytesPerPixel: 0.1 }),
  LT: codecWith('prores', { profile: 'lt' }, { title: 'ProRes 422 LT', bytesPerPixel: 0.21 }),
  Standard: codecWith('prores', { profile: 'standard' }, { title: 'ProRes 422', bytesPerPixel: 0.3 }),
  HQ: codecWith('prores', { profile: 'hq' }, { title: 'ProRes 422 HQ' }),
  '4444': codecWith('prores', { profile: '4444' }, { title: 'ProRes 4444', bytesPerPixel: 0.7, ...IN_444 }),
  XQ: codecWith('prores', { profile: '4444xq' }, { title: 'ProRes 4444 XQ', bytesPerPixel: 1, ...IN_444 }),
};

const dnxhr = (profile: string, bytesPerPixel: number, formats: readonly string[]) =>
  codecWith(
    'dnxhr',
    { profile: `dnxhr_${profile.toLowerCase()}` },
    { title: `DNxHR ${profile}`, bytesPerPixel, formats },
  );

const DNXHR: Readonly<Record<string, MovieCodec>> = {
  'DNXHR LB': dnxhr('LB', 0.1, ['yuv422p']),
  'DNXHR SQ': dnxhr('SQ', 0.3, ['yuv422p']),
  'DNXHR HQ': dnxhr('HQ', 0.45, ['yuv422p']),
  'DNXHR HQX': dnxhr('HQX', 0.45, ['yuv422p10le']),
  'DNXHR 444': dnxhr('444', 0.9, ['yuv444p10le', 'gbrp10le']),
};

/**
 * The codec and profile of a movie whose packets are whole pictures, for an output that keeps them: `.mov`, and `.mkv` from `.mkv`,
 * because a `.mkv` of another kind of file is asked for as a lossless one. Null where the output gets another.
 */
export async function ownCodec(reel: Reel, out: string, ffmpeg: Ffmpeg): Promise<MovieCodec | null> {
  const extension = extname(out).toLowerCase();
  const codec = codecOf(reel);
  if (!codec?.containers.includes(extension) || !codec.formats.some((name) => isLike(name, reel.pixelFormat)))
    return null;
  if (extension === '.mkv' && !(reel.kind === 'movie' && reel.container.startsWith('matroska'))) return null;
  if (!(await ffmpeg.hasEncoder(codec.encoder))) return null;
  return { ...codec, containers: [extension, ...codec.containers.filter((one) => one !== extension)] };
}

/** True where pixel formats differ in depth at most: decoders read 4444 in 12 bits, and encoders write it from 10. */
function isLike(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.replace(/\d+le$/, ''));
  return a === b;
}

function codecOf(reel: Reel): MovieCodec | undefined {
  if (reel.kind !== 'movie' || !reel.wholePackets) return undefined;
  const { profile } = reel.wholePackets;
  if (reel.codec === 'prores') return PRORES[profile];
  if (reel.codec === 'dnxhd') return DNXHR[profile];
  if (reel.codec === 'mjpeg') return codecWith('mjpeg');
  return undefined;
}
