import { extname } from 'node:path';
import { type FileInfo, pictureStreamOf, type StreamInfo, streamsOf } from '../../ffmpeg/probe-streams.ts';

/** What comes along with the picture from the source movie: options for input 1 of a join, and what is lost. */
export interface CarriedStreams {
  readonly options: readonly string[];
  readonly audio: number;
  readonly notes: readonly string[];
}

/** Sound that a container holds as it is, by ffmpeg's codec names; Matroska holds all that matter. */
const SOUND: Readonly<Record<string, RegExp>> = {
  '.mov': /^(pcm_.*|aac|alac|mp3|mp2|ac3|eac3|adpcm_ima_qt|qdm2|qcelp|amr_.*)$/,
  '.mp4': /^(aac|alac|mp3|mp2|ac3|eac3|opus|flac|dts)$/,
  '.mkv': /^(?!qdm2|adpcm_ima_qt|qcelp)/,
};

/** True where a container, known by its files' extension, holds sound of a codec as it is. */
export function holdsSound(extension: string, codec: string): boolean {
  return SOUND[extension]?.test(codec) === true;
}

/** Subtitles that a container holds as they are, and what text is rewritten as; null where nothing fits. */
const SUBTITLES: Readonly<Record<string, { readonly asIs: RegExp; readonly text: string | null }>> = {
  '.mov': { asIs: /^mov_text$/, text: 'mov_text' },
  '.mp4': { asIs: /^mov_text$/, text: 'mov_text' },
  '.mkv': { asIs: /^(subrip|srt|ass|ssa|webvtt|hdmv_pgs_subtitle|dvd_subtitle|dvb_subtitle)$/, text: 'srt' },
};
const TEXT = /^(mov_text|subrip|srt|ass|ssa|webvtt|text)$/;

/** Sound, subtitles, chapters and tags of the source, for an output of this name. */
export function carriedStreams(file: FileInfo, out: string): CarriedStreams {
  const extension = extname(out).toLowerCase();
  const notes: string[] = [];
  const options: string[] = [];
  const sound = streamsOf(file, 'audio');
  sound.forEach((stream, k) => {
    const codec = soundCodec(stream, extension, notes);
    options.push('-map', `1:${stream.index}`, `-c:a:${k}`, codec, `-map_metadata:s:a:${k}`, `1:s:${stream.index}`);
    if (codec === 'aac') options.push(`-b:a:${k}`, '320k');
  });
  const subtitles = carriedSubtitles(file, extension, 1);
  options.push(...subtitles.options);
  notes.push(...subtitles.notes);
  const picture = pictureStreamOf(file);
  return {
    options: [
      ...options,
      ...['-map_metadata', '1'],
      ...(picture ? ['-map_metadata:s:v:0', `1:s:${picture.index}`] : []),
      // Alpha that is stored beside the picture is not carried, so the tag would promise what is not there.
      ...['-metadata:s:v:0', 'alpha_mode='],
      ...['-map_chapters', '1'],
    ],
    audio: sound.length,
    notes,
  };
}

/** Options that carry a file's subtitles, which is input `input`, into a container known by its files' extension. */
export function carriedSubtitles(file: FileInfo, extension: string, input: number) {
  const options: string[] = [];
  const notes: string[] = [];
  let subtitles = 0;
  for (const stream of streamsOf(file, 'subtitle')) {
    const codec = subtitleCodec(stream, extension);
    if (!codec)
      notes.push(`${extension} does not hold the ${stream.codec_name ?? 'unknown'} subtitles; they are left out.`);
    else {
      options.push('-map', `${input}:${stream.index}`, `-c:s:${subtitles}`, codec);
      options.push(`-map_metadata:s:s:${subtitles}`, `${input}:s:${stream.index}`);
      subtitles += 1;
    }
  }
  return { options, notes };
}

function soundCodec({ codec_name: codec = 'unknown' }: StreamInfo, extension: string, notes: string[]): string {
  if (holdsSound(extension, codec)) return 'copy';
  const instead = extension === '.mp4' ? 'aac' : 'pcm_s24le';
  notes.push(`${extension} does not hold ${codec} sound; it is rewritten as ${instead}.`);
  return instead;
}

function subtitleCodec({ codec_name: codec = 'unknown' }: StreamInfo, extension: string): string | null {
  const holds = SUBTITLES[extension];
  if (!holds) return null;
  if (holds.asIs.test(codec)) return 'copy';
  return TEXT.test(codec) ? holds.text : null;
}
