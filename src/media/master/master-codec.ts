import { OutputError } from '../../disk/output-error.ts';
import type { PictureSize } from '../../film/orientation.ts';
import type { SampleFormat } from '../../film/sample-format.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { type CodecFamily, codecWith, fixedThreads, type MovieCodec } from '../write/codec-facts.ts';
import { type CodedFormat, fittingFormat, type Obstacle } from '../write/coded-format.ts';
import { extensionOf, type MasterForm } from './master-form.ts';

type Facts = Omit<MovieCodec, 'options' | 'title' | 'containers' | 'formats'> & { readonly options: readonly string[] };

const WHOLE_FRAMES = { intra: true, lossless: true, fullRange: true, interlaced: false, hdr10: false } as const;

/** Codecs that only masters are written in. */
const MASTERS_ONLY: Readonly<Record<Exclude<MasterForm['picture']['codec'], CodecFamily>, Facts>> = {
  // Its default transform is the reversible one of ISO/IEC 15444-1 annex F; MXF holds bare codestreams (SMPTE ST 422).
  jpeg2000: {
    ...WHOLE_FRAMES,
    encoder: 'libopenjpeg',
    codec: 'jpeg2000',
    bytesPerPixel: 2.5,
    options: ['-format', 'j2k'],
  },
  dpx: { ...WHOLE_FRAMES, encoder: 'dpx', codec: 'dpx', bytesPerPixel: 4, options: [] },
  tiff: { ...WHOLE_FRAMES, encoder: 'tiff', codec: 'tiff', bytesPerPixel: 6, options: ['-compression_algo', 'raw'] },
};

/** The codec of a master, set as its form says. */
export function masterCodec(form: MasterForm): MovieCodec {
  const { codec, encoder, profile, rateFactor, speed, samples, options } = form.picture;
  const more = Object.entries(options).flatMap(([name, value]) => [`-${name}`, `${value}`]);
  const own = { title: form.name, containers: [extensionOf(form)] };
  if (isMastersOnly(codec)) {
    const { options: base, ...facts } = MASTERS_ONLY[codec];
    const all = [...(encoder === undefined ? base : []), ...more];
    return { ...facts, ...own, ...(encoder === undefined ? {} : { encoder }), formats: samples, options: () => all };
  }
  const usual = codecWith(codec, { profile, rateFactor, speed, more }, own);
  const set = samples.length > 0 ? { ...usual, formats: samples } : usual;
  // Another encoder's options are other options.
  return encoder === undefined || encoder === usual.encoder
    ? set
    : { ...set, encoder, hdr10: false, options: () => [...more, ...fixedThreads(encoder, more)] };
}

function isMastersOnly(codec: MasterForm['picture']['codec']): codec is keyof typeof MASTERS_ONLY {
  return codec in MASTERS_ONLY;
}

/**
 * The pixel format in which a master holds a picture.
 *
 * @throws OutputError where it could hold it only by damaging it, or this ffmpeg lacks what writes it.
 */
export async function masterFormat(
  form: MasterForm,
  codec: MovieCodec,
  picture: PictureSize & { readonly format: SampleFormat },
  ffmpeg: Ffmpeg,
): Promise<CodedFormat> {
  const refuse = (why: string, advice: string) => new OutputError(form.name, `Master "${form.name}" ${why}. ${advice}`);
  if (!(await ffmpeg.hasEncoder(codec.encoder))) {
    throw refuse(
      `cannot be written: ffmpeg ${ffmpeg.version} lacks the encoder ${codec.encoder}`,
      'Use an ffmpeg built with it (--ffmpeg), or leave this master out.',
    );
  }
  const muxer = form.container === 'mkv' ? 'matroska' : form.container;
  if (form.container !== 'frames' && !(await ffmpeg.hasMuxer(muxer))) {
    throw refuse(
      `cannot be written: ffmpeg ${ffmpeg.version} lacks the container ${muxer}`,
      'Use an ffmpeg built with it (--ffmpeg), or leave this master out.',
    );
  }
  if (form.container === 'frames') {
    const found = framesFormat(form, picture.format);
    if (typeof found === 'string') throw refuse(found, 'Take a movie instead: ffv1 holds every sample.');
    return found;
  }
  const found = await fittingFormat(codec, picture, ffmpeg);
  if ('why' in found) throw refuse(found.why, ADVICE[found.kind]);
  return found;
}

const ADVICE: Readonly<Record<Obstacle['kind'], string>> = {
  small: 'Take another master: ProRes and ffv1 hold pictures of any size.',
  float: 'Take a review copy, which shows it as a screen does, or convert the frames first.',
  lossless: 'Take another master, or use a newer ffmpeg (--ffmpeg).',
  size: 'Take ffv1 or a 4:4:4 master, which hold pictures of any size.',
};

/** Stills hold RGB; what has another model would be converted, and not come back. A sentence's end where they cannot hold it. */
function framesFormat(form: MasterForm, format: SampleFormat): CodedFormat | string {
  const pixelFormat = form.picture.samples[0] ?? '';
  const bits = bitsOf(pixelFormat);
  if (format.model !== 'rgb') {
    const kind = form.picture.codec.toUpperCase();
    return `cannot hold ${format.name}: ${kind} frames are RGB, and samples that are converted do not come back`;
  }
  if (format.kind === 'float') {
    return `holds whole numbers only; the scene light of ${format.name} would be clipped and rounded`;
  }
  const losses = [
    ...(format.bits > bits ? [`${format.bits} bits become ${bits}`] : []),
    ...(format.planes.length > 3 ? ['the alpha channel is lost'] : []),
  ];
  const note = `${form.name} is written as ${pixelFormat}; the source's ${format.name} is converted: ${losses.join(', ')}.`;
  return { pixelFormat, exact: false, ...(losses.length > 0 ? { note } : {}) };
}

/** Bits of a sample in a pixel format of stills. */
export function bitsOf(pixelFormat: string): number {
  const [, planar, packed] = /p(\d+)[lb]e$|^rgb(\d\d)[lb]e$/.exec(pixelFormat) ?? [];
  return planar ? Number(planar) : packed ? Number(packed) / 3 : 8;
}
