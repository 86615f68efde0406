import { appendFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { z } from 'zod';
import type { Declaration } from '../../declaration.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { type FileInfo, ffprobe } from '../../ffmpeg/probe-streams.ts';
import { declaredXmp } from '../../xmp-packet.ts';
import { undeclaredNote } from '../declared-frame.ts';

/** How a movie declares that it was altered. */
export interface DeclaringMovie {
  /** For ffmpeg, behind those that carry the source's tags. */
  readonly options: readonly string[];
  /** To be called with the movie when ffmpeg has written it. */
  readonly finish: (path: string) => Promise<void>;
  /** What stands in its way, as sentences. */
  readonly notes: readonly string[];
}

/** Of Matroska, which has no place for XMP. */
const TAG = 'DIGITAL_SOURCE_TYPE';
/** Of an MP4 file's box of XMP (XMP Specification, part 3, §1.2.5). */
const XMP_UUID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');
/** Linux hands a program no argument of 128 KiB. */
const LONGEST_ARGUMENT = 100_000;

/**
 * Puts a declaration into a movie: XMP into .mov and .mp4, the source's with it where that has some, and a tag into .mkv. Where the source has no
 * comment, one says what was done.
 *
 * @param source the movie that it is made of; undefined of a folder
 */
export async function declaringMovie(
  declaration: Declaration,
  out: string,
  source: { readonly path: string; readonly file: FileInfo } | undefined,
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<DeclaringMovie> {
  const extension = extname(out).toLowerCase();
  const comment = tagOf(source?.file, 'comment') === null ? ['-metadata', `comment=${declaration.comment}`] : [];
  const finish = async () => {};
  if (extension === '.mkv') {
    const own = tagOf(source?.file, TAG);
    if (own !== null && own !== declaration.sourceType) return undeclared(`tag ${TAG} says "${own}"`, comment);
    return { options: [...comment, '-metadata', `${TAG}=${declaration.sourceType}`], finish, notes: [] };
  }
  if (extension !== '.mov' && extension !== '.mp4') return undeclared(`container ${extension} has no place for it`, []);
  const packet = source?.file.format.format_name?.includes('mov') ? await xmpIn(source.path, { ffmpeg, signal }) : null;
  const { declared, kept } = declaredXmp(packet, declaration);
  const notes = kept === null ? [] : [undeclaredNote('The movie', kept)];
  if (extension === '.mp4') {
    return { options: comment, finish: (path) => appendFile(path, xmpBox(declared)), notes };
  }
  if (Buffer.byteLength(declared) > LONGEST_ARGUMENT) return undeclared('XMP is too long to be carried', comment);
  return { options: [...comment, '-metadata', `xmp=${declared}`], finish, notes };
}

function undeclared(kept: string, options: readonly string[]): DeclaringMovie {
  return { options, finish: async () => {}, notes: [undeclaredNote('The movie', kept)] };
}

/** A tag of the file with something in it; null where there is none. */
function tagOf(file: FileInfo | undefined, name: string): string | null {
  const tags = Object.entries(file?.format.tags ?? {});
  const value = tags.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1].trim();
  return value || null;
}

const xmpSchema = z.object({ format: z.object({ tags: z.object({ xmp: z.string().optional() }).default({}) }) });

/** The XMP of a QuickTime movie or one of its kin; null where it has none. */
async function xmpIn(
  path: string,
  { ffmpeg, signal }: { readonly ffmpeg: Ffmpeg; readonly signal: AbortSignal },
): Promise<string | null> {
  const args = ['-export_xmp', '1', '-show_entries', 'format_tags=xmp', '-of', 'json'];
  const { stdout } = await ffprobe(path, args, ffmpeg, signal);
  return xmpSchema.parse(JSON.parse(stdout)).format.tags.xmp ?? null;
}

function xmpBox(packet: string): Buffer {
  const text = Buffer.from(packet);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + XMP_UUID.length + text.length, 0);
  head.write('uuid', 4, 'latin1');
  return Buffer.concat([head, XMP_UUID, text]);
}
