import type { ColourTags } from '../../../film/colour.ts';
import { describeHdr10 } from '../../../film/hdr.ts';
import type { MovieReel } from '../../../film/reel.ts';
import { type FileInfo, pictureStreamOf, type StreamInfo } from '../../ffmpeg/probe-streams.ts';

/**
 * What is in the file and no output has. What depends on the output, its target says.
 *
 * @param sideData ffmpeg's names of what comes with its frames: captions, dynamic metadata, stereo …
 */
export function contentNotes(file: FileInfo, sideData: readonly string[]): string[] {
  const picture = pictureStreamOf(file);
  const beside = file.streams.filter((stream) => stream !== picture);
  const pictures = beside.filter((stream) => stream.codec_type === 'video' && !isCover(stream));
  // QuickTime's tracks of timecode and of chapters are kept as what they say.
  const kept = file.chapters.length > 0 ? /^(tmcd|text)$/ : /^tmcd$/;
  const others = beside.filter(
    ({ codec_type: type, codec_tag_string: tag }) =>
      !/^(video|audio|subtitle)$/.test(type ?? '') && !kept.test(tag ?? ''),
  );
  const left = [...beside.filter(isCover).map((cover) => `${nameOf(cover)} (a cover image)`), ...others.map(nameOf)];
  return [
    ...(picture && pictures.length > 0
      ? [
          `It has ${pictures.length + 1} pictures; the first is worked on, of ${describe(picture)}. The others are left out: ${pictures.map(describe).join(', ')}.`,
        ]
      : []),
    ...(left.length > 0 ? [`Streams besides picture, sound and subtitles are not carried: ${left.join(', ')}.`] : []),
    ...(picture && hasHiddenAlpha(picture)
      ? ['Its alpha channel is stored beside the picture, where it is not read; the output has none.']
      : []),
    ...(sideData.length > 0 ? [`What else comes with its frames is not carried: ${sideData.join(', ')}.`] : []),
  ];
}

function isCover({ disposition }: StreamInfo): boolean {
  return Boolean(disposition?.['attached_pic']);
}

function nameOf({ codec_name: codec, codec_type: type }: StreamInfo): string {
  return codec ?? type ?? 'unknown';
}

function describe(stream: StreamInfo): string {
  return `${stream.width} × ${stream.height} ${nameOf(stream)}`;
}

/** VP8 and VP9 keep alpha as a second picture in a packet, which ffmpeg's own decoders pass over. */
function hasHiddenAlpha({ tags, pix_fmt: pixelFormat = '' }: StreamInfo): boolean {
  return (
    Object.entries(tags ?? {}).some(([key, value]) => /^alpha_mode$/i.test(key) && value === '1') &&
    !/a/.test(pixelFormat.slice(0, 4))
  );
}

/** How code values are taken, where that is not what the file's tag says, or not what a person sees at once. */
export function lightNotes(
  { transfer: tag }: ColourTags,
  { colour, transfer, hdr10 }: Pick<MovieReel, 'colour' | 'transfer' | 'hdr10'>,
): string[] {
  const written = colour.transfer === undefined ? 'is not tagged' : `is tagged ${colour.transfer}`;
  const otherwise = tag === 'linear' ? ' Where it is linear light, say so by --transfer linear.' : '';
  const graded = hdr10 ? `, with ${describeHdr10(hdr10)}` : '';
  return [
    ...(tag !== undefined && tag !== colour.transfer
      ? [`Its transfer is tagged ${tag} and taken for ${transfer}; that of the output ${written}.${otherwise}`]
      : []),
    ...(transfer === 'pq'
      ? [`Its light is PQ${graded}: networks are shown it tone-mapped, diffuse white at half the light of the display.`]
      : []),
  ];
}
