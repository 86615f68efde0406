import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { ffmpeg, framemd5, make, temporaryFolder } from '../../lavfi.ts';
import { FIRST, placeIn } from '../../write-take.ts';

const folder = await temporaryFolder();

const picture = (size = '96x64', filter = '') => `-f lavfi -i testsrc2=s=${size}:r=25:d=0.4${filter}`;
const X264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p';

await writeFile(join(folder, 'words.srt'), '1\n00:00:00,100 --> 00:00:00,300\nWords\n');

/** What people have that is seldom tried: how plain ffmpeg makes it, and what must be found in the lossless output. */
const CASES: readonly {
  readonly title: string;
  readonly name: string;
  readonly make: readonly string[];
  readonly notes?: readonly unknown[];
  readonly streams?: readonly Record<string, unknown>[];
}[] = [
  {
    title: 'times that begin below zero',
    name: 'negative.mkv',
    make: [
      `${picture()} -f lavfi -i sine=d=0.4 ${X264} -bf 2 -c:a aac -output_ts_offset -0.2 -avoid_negative_ts disabled`,
    ],
    notes: [expect.stringMatching(/^The file's times repeat or are missing/)],
    streams: [{ codec_type: 'video' }, { codec_type: 'audio', codec_name: 'aac' }],
  },
  {
    title: 'a picture that begins after its sound',
    name: 'late.mov',
    make: [`-itsoffset 0.2 ${picture()} -f lavfi -i sine=d=0.6 -vsync 0 ${X264} -bf 0 -c:a pcm_s16le`],
    streams: [
      { codec_type: 'video', start_time: '0.200000' },
      { codec_type: 'audio', start_time: '0.000000' },
    ],
  },
  {
    title: 'frames of film that are repeated as fields',
    name: 'telecine.mpg',
    make: [`-f lavfi -i testsrc2=s=96x64:r=30000/1001:d=0.4,telecine -c:v mpeg2video -flags +ildct+ilme -q:v 2`],
  },
  {
    title: 'subtitles',
    name: 'words.mkv',
    make: [`${picture()} -i ${join(folder, 'words.srt')} -c:v ffv1 -pix_fmt yuv420p -c:s srt`],
    streams: [{ codec_type: 'video' }, { codec_type: 'subtitle', codec_name: 'subrip' }],
  },
  {
    title: 'frames in an open group of pictures',
    name: 'open.mp4',
    make: [`${picture()} ${X264} -bf 3 -g 4 -x264-params open-gop=1:log-level=error -preset veryfast`],
  },
  { title: 'an odd size in 4:2:0', name: 'odd.mkv', make: [`${picture('97x63')} -c:v ffv1 -pix_fmt yuv420p`] },
  {
    title: 'fields of which the lower comes first, in MPEG-2',
    name: 'fields.mpg',
    // What ffmpeg calls fields of one frame whose lower one is the earlier.
    make: [`${picture('96x64', ',setfield=bff')} -c:v mpeg2video -flags +ildct+ilme -top 0 -q:v 2`],
    streams: [{ codec_type: 'video', field_order: 'bt' }],
  },
  {
    title: 'pixels that are not square',
    name: 'wide.mpg',
    make: [`${picture('96x64', ',setdar=16/9')} -c:v mpeg2video -q:v 2`],
    streams: [{ codec_type: 'video', sample_aspect_ratio: '32:27' }],
  },
  {
    title: 'alpha in ProRes 4444, of 12 bits',
    name: 'alpha.mov',
    make: [`${picture('96x64', ',format=yuva444p10le')} -c:v prores_ks -profile:v 4444 -alpha_bits 16`],
    notes: [expect.stringMatching(/has no yuva444p12le: samples are held in yuva444p16le, from which they come back/)],
    streams: [{ codec_type: 'video', pix_fmt: 'yuva444p16le' }],
  },
  {
    title: 'one channel of sound, and sixteen',
    name: 'channels.mov',
    make: [
      `${picture()} -f lavfi -i sine=d=0.4 -f lavfi -i anullsrc=cl=hexadecagonal:d=0.4 -map 0 -map 1 -map 2 -c:v prores_ks -c:a pcm_s24le`,
    ],
    streams: [
      { codec_type: 'video' },
      { codec_type: 'audio', channels: 1, codec_name: 'pcm_s24le' },
      { codec_type: 'audio', channels: 16, codec_name: 'pcm_s24le' },
    ],
  },
  {
    title: 'a timecode track of dropped frames',
    name: 'drop.mov',
    make: [`-f lavfi -i testsrc2=s=96x64:r=30000/1001:d=0.3 -c:v prores_ks -timecode 00:59:59;28`],
    streams: [{ codec_type: 'video', tags: expect.objectContaining({ TIMECODE: '00:59:59;28' }) }],
  },
  {
    title: 'a tag of letters outside ASCII',
    name: 'latin.mkv',
    make: [`${picture()} -c:v ffv1 -pix_fmt yuv420p -metadata:s:v:0`, 'title=Caf\u00e9'],
    streams: [{ codec_type: 'video', tags: expect.objectContaining({ title: 'Caf\u00e9' }) }],
  },
];

async function streamsOf(path: string): Promise<Record<string, unknown>[]> {
  const { stdout } = await promisify(execFile)(ffmpeg.ffprobe, ['-v', 'error', '-show_streams', '-of', 'json', path]);
  return (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams;
}

describe('A movie with', () => {
  for (const { title, name, make: args, notes = [], streams } of CASES) {
    it(`${title} comes back frame for frame, with what belongs to it`, async () => {
      const path = join(folder, name);
      await make(args[0] as string, ...args.slice(1), path);
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const out = join(folder, `${name}-out.mkv`);
      const target = await openMovieTarget(reel, { out }, ffmpeg);
      await target.conform([await target.copyTake({ in: 0, out: reel.frames }, placeIn(`${out}.work`))], FIRST);
      expect(await framemd5(out, reel.format.name)).toEqual(await framemd5(path, reel.format.name));
      expect([...(reel.notes ?? []), ...target.notes]).toEqual(notes);
      if (streams) expect(await streamsOf(out)).toMatchObject(streams);
    });
  }
});
