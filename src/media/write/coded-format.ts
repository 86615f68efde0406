import type { PictureSize } from '../../film/orientation.ts';
import type { SampleFormat } from '../../film/sample-format.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { MovieCodec } from './codec-facts.ts';

/** In which pixel format the samples are written. */
export interface CodedFormat {
  readonly pixelFormat: string;
  /** False where samples are converted on the way. */
  readonly exact: boolean;
  /** What is lost, as a sentence. */
  readonly note?: string;
}

/** Why a codec does not hold a picture, without its subject, and what would have to change. */
export interface Obstacle {
  readonly why: string;
  readonly kind: 'small' | 'float' | 'lossless' | 'size';
}

/** The pixel format in which a codec is to hold a picture, or why it could only by damaging it. */
export async function fittingFormat(
  codec: MovieCodec,
  picture: PictureSize & { readonly format: SampleFormat },
  ffmpeg: Ffmpeg,
): Promise<CodedFormat | Obstacle> {
  const { format } = picture;
  const supported = await ffmpeg.formatsOf(codec.encoder);
  if (picture.width < (codec.least?.width ?? 1) || picture.height < (codec.least?.height ?? 1)) {
    const why = `holds no picture smaller than ${codec.least?.width} × ${codec.least?.height}, and this one is ${picture.width} × ${picture.height}`;
    return { kind: 'small', why };
  }
  if (format.kind === 'float') {
    const why = `holds whole numbers only; the scene light of ${format.name} would be clipped and rounded`;
    return { kind: 'float', why };
  }
  // Other spellings of the same samples: packed for encoders without the planar ones, of full range for Motion JPEG.
  const packed = format.name === 'gbrp' ? ['bgr0'] : format.name === 'gbrap' ? ['bgra'] : [];
  const same = [format.name, ...packed, format.name.replace(/^yuv(?=4\d\dp$)/, 'yuvj')];
  const exact = same.find((name) => supported.has(name) && (codec.lossless || codec.formats.includes(name)));
  if (exact) return { pixelFormat: exact, exact: true };
  const wider = format.name.replace(/(9|10|12|14)le$/, '16le');
  if (codec.lossless && supported.has(wider)) {
    // The scaler shifts samples up by whole bits, and shifts them down again.
    const note = `${codec.title} of ffmpeg ${ffmpeg.version} has no ${format.name}: samples are held in ${wider}, from which they come back as they are.`;
    return { pixelFormat: wider, exact: false, note };
  }
  if (codec.lossless) {
    return { kind: 'lossless', why: `of ffmpeg ${ffmpeg.version} cannot hold ${format.name} without loss` };
  }
  const needs = traitsOf(format.name);
  const usable = codec.formats.filter((name) => supported.has(name) && fits(name, picture));
  const holds = (name: string, bits: number) => {
    const has = traitsOf(name);
    return has.bits >= bits && has.chroma >= needs.chroma && has.alpha >= needs.alpha && !(has.rgb && !needs.rgb);
  };
  const best =
    usable.find((name) => holds(name, needs.bits)) ??
    deepest(usable.filter((name) => holds(name, 8))) ??
    usable.findLast((name) => !traitsOf(name).rgb);
  if (!best) return { kind: 'size', why: `cannot hold a picture of ${picture.width} × ${picture.height}` };
  const has = traitsOf(best);
  const losses = [
    ...(has.bits < needs.bits ? [`${needs.bits} bits become ${has.bits}`] : []),
    ...(has.chroma < needs.chroma ? ['colour is kept at a lower resolution'] : []),
    ...(has.alpha < needs.alpha ? ['the alpha channel is lost'] : []),
  ];
  const lost = losses.length > 0 ? `: ${losses.join(', ')}` : '';
  return {
    pixelFormat: best,
    exact: false,
    note: `${codec.title} is written as ${best}; the source's ${format.name} is converted${lost}.`,
  };
}

/** Of formats with room for all but the depth, the deepest, and of those the one with the least that the source has not. */
function deepest(names: readonly string[]): string | undefined {
  const spare = (name: string) => traitsOf(name).chroma + traitsOf(name).alpha;
  return [...names].sort((a, b) => traitsOf(b).bits - traitsOf(a).bits || spare(a) - spare(b))[0];
}

function traitsOf(name: string) {
  const bits = Number(/(?:p|gray)(\d+)le$/.exec(name)?.[1] ?? 8);
  const rgb = /^gbr|^bgr/.test(name);
  const chroma = rgb || /444/.test(name) ? 444 : /422|411|440/.test(name) ? 422 : 420;
  return { bits, rgb, chroma, alpha: /^(yuva|gbrap|bgra)/.test(name) ? 1 : 0 };
}

/** x264 and x265 want whole chroma sites. */
function fits(name: string, { width, height }: { readonly width: number; readonly height: number }): boolean {
  const { chroma } = traitsOf(name);
  return (chroma === 444 || width % 2 === 0) && (chroma !== 420 || height % 2 === 0);
}
