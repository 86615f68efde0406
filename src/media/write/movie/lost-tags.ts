import { type FileInfo, pictureStreamOf, streamsOf } from '../../ffmpeg/probe-streams.ts';

/** Tags that a file has by itself, or that are carried in another way. */
const OWN =
  /^(encoder|encoded_by|handler_name|vendor_id|major_brand|minor_version|compatible_brands|creation_time|duration|timecode|rotate|alpha_mode|language|variant_bitrate|comment|source_id|.*_statistics_.*|bps|number_of_(frames|bytes)|id3v2_.*|product_(name|uid|version)|company_name|application_.*|generation_uid|modification_date|material_package_.*|file_package_.*|operational_pattern_ul|project_name|(body|index)_.*|toolkit_version)(-\w+)?$/i;

/** What a person wrote into the source and the written movie lacks, as a sentence; none where all is there. */
export function lostTags(source: FileInfo, written: FileInfo): string[] {
  const there = new Set([...written.streams, written.format].flatMap((of) => entriesOf(of, () => true)));
  const named = [source.format, pictureStreamOf(source), ...streamsOf(source, 'audio')].flatMap((of) =>
    entriesOf(of, (key) => !OWN.test(key)),
  );
  const lost = [...new Set(named)].filter((tag) => !there.has(tag));
  const chapters = source.chapters.length - written.chapters.length;
  return [
    ...(lost.length > 0
      ? [`The container does not keep the tags: ${lost.map((tag) => tag.split('\n')[0]).join(', ')}.`]
      : []),
    ...(chapters > 0 ? [`${chapters} of the ${source.chapters.length} chapters are not carried.`] : []),
  ];
}

/** Keys and values; containers spell keys in capitals or not. */
function entriesOf(of: unknown, wanted: (key: string) => boolean): string[] {
  const { tags = {} } = (of ?? {}) as { readonly tags?: Readonly<Record<string, string>> };
  return Object.entries(tags).flatMap(([key, value]) =>
    wanted(key) && value.trim() !== '' ? [`${key.toLowerCase()}\n${value}`] : [],
  );
}
