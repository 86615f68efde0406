import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../../lavfi.ts';
import { FIRST, placeIn } from '../../write-take.ts';

const folder = await temporaryFolder();
const BT2020 = '-color_primaries bt2020 -colorspace bt2020nc -color_range tv';
const MASTERING = 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)';

interface Stream {
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** What ffprobe finds in a file, and of its first frame. */
async function probe(path: string) {
  const { stdout } = await promisify(execFile)(ffmpeg.ffprobe, [
    ...['-v', 'error', '-show_streams', '-show_format', '-show_chapters', '-select_streams', 'v:0', '-show_frames'],
    ...['-read_intervals', '%+#1', '-of', 'json', path],
  ]);
  return JSON.parse(stdout) as {
    readonly streams: readonly Stream[];
    readonly chapters: readonly unknown[];
    readonly frames: readonly { readonly side_data_list?: readonly Record<string, unknown>[] }[];
    readonly format: { readonly tags?: Readonly<Record<string, string>> };
  };
}

/** Writes a movie as it is, and gives what is told of it. */
async function rewrite(path: string, out: string, codec?: string): Promise<readonly string[]> {
  const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
  const target = await openMovieTarget(reel, { out, codec }, ffmpeg);
  await target.conform([await target.copyTake({ in: 0, out: reel.frames }, placeIn(`${out}.work`))], FIRST);
  return [...(reel.notes ?? []), ...target.notes].filter((note) => !/is converted/.test(note));
}

describe('HDR', () => {
  it('with a mastering display and light levels keeps both in H.265, and is told where another codec does not', async () => {
    const path = join(folder, 'hdr10.mp4');
    const params = `log-level=error:master-display=${MASTERING}:max-cll=1000,400`;
    await make(
      `${moving('96x64', '24', 3)} -pix_fmt yuv420p10le -c:v libx265 -preset ultrafast -x265-params ${params} ${BT2020} -color_trc smpte2084 -tag:v hvc1`,
      path,
    );
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    expect(reel).toMatchObject({ transfer: 'pq', hdr10: { light: { max: 1000, average: 400 } } });

    const out = join(folder, 'hdr10-out.mkv');
    expect(await rewrite(path, out, 'h265')).toEqual([
      `Its light is PQ, with mastering display ${MASTERING} and light levels 1000,400: networks are shown it tone-mapped, diffuse white at half the light of the display.`,
    ]);
    const beside = async (of: string) =>
      (await probe(of)).frames[0]?.side_data_list?.filter(({ side_data_type: type }) => !/User Data/.test(`${type}`));
    expect(await beside(out)).toEqual(await beside(path));
    expect(await beside(out)).toHaveLength(2);

    for (const [name, title] of [
      ['hdr10-lossless.mkv', 'FFV1'],
      ['hdr10.mov', 'ProRes 422 HQ'],
    ] as const) {
      const written = join(folder, name);
      expect(await rewrite(path, written)).toContain(
        `${title} is written without the source's mastering display ${MASTERING} and light levels 1000,400; --codec h265 keeps them.`,
      );
      expect((await probe(written)).streams[0]).toMatchObject({
        color_transfer: 'smpte2084',
        color_primaries: 'bt2020',
        color_space: 'bt2020nc',
      });
    }
  });

  it('as HLG keeps its tags in H.265, ProRes and FFV1', async () => {
    const path = join(folder, 'hlg.mkv');
    await make(`${moving('96x64', '24', 2)} -pix_fmt yuv422p10le -c:v ffv1 ${BT2020} -color_trc arib-std-b67`, path);
    for (const [name, codec] of [
      ['hlg-out.mkv', undefined],
      ['hlg-out.mov', undefined],
      ['hlg-out.mp4', 'h265'],
    ] as const) {
      const out = join(folder, name);
      await rewrite(path, out, codec);
      expect((await probe(out)).streams[0]).toMatchObject({
        color_transfer: 'arib-std-b67',
        color_primaries: 'bt2020',
        color_space: 'bt2020nc',
        color_range: 'tv',
      });
    }
  });
});

describe('What is not carried is told', () => {
  it('alpha that VP9 stores beside the picture, whose tag goes, too', async () => {
    const path = join(folder, 'alpha.webm');
    await make('-f lavfi -i testsrc2=s=96x64:r=25:d=0.1,format=yuva420p -c:v libvpx-vp9 -pix_fmt yuva420p', path);
    expect((await probe(path)).streams[0]?.tags).toMatchObject({ alpha_mode: '1' });
    const out = join(folder, 'alpha-out.mkv');
    expect(await rewrite(path, out)).toContain(
      'Its alpha channel is stored beside the picture, where it is not read; the output has none.',
    );
    expect(Object.keys((await probe(out)).streams[0]?.tags ?? {}).join(' ')).not.toMatch(/alpha/i);
  });

  it('a second picture, and a cover image that comes first; a track of chapters is carried as chapters', async () => {
    const cover = join(folder, 'cover.png');
    await make('-f lavfi -i testsrc2=s=64x64 -frames:v 1', cover);
    const path = join(folder, 'pictures.mp4');
    const second = '-f lavfi -i testsrc2=s=64x48:r=25:d=0.2';
    const chapters = join(folder, 'chapters.txt');
    await writeFile(chapters, ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=100\ntitle=Part\n');
    await make(
      `-i ${cover} -f lavfi -i testsrc2=s=96x64:r=25:d=0.2 ${second} -i ${chapters} -map 0 -map 1 -map 2 -map_chapters 3 -c:v:0 copy -disposition:v:0 attached_pic -c:v libx264 -c:v:0 copy -pix_fmt yuv420p`,
      path,
    );
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    expect(reel).toMatchObject({ width: 96, height: 64, frames: 5 });
    const out = join(folder, 'pictures-out.mkv');
    const notes = await rewrite(path, out);
    expect((await probe(out)).chapters).toHaveLength(1);
    expect(notes).toEqual([
      'It has 2 pictures; the first is worked on, of 96 × 64 h264. The others are left out: 64 × 48 h264.',
      'Streams besides picture, sound and subtitles are not carried: png (a cover image).',
    ]);
  });

  it('tags that the container has no place for; chapters and the others come along', async () => {
    const about = join(folder, 'about.txt');
    const chapter = (from: number, to: number) => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${from}\nEND=${to}\ntitle=Part\n`;
    await writeFile(about, `;FFMETADATA1\ntitle=A reel\nscanner=Arriscan 7\n${chapter(0, 100)}${chapter(100, 200)}`);
    const path = join(folder, 'tags.mkv');
    await make(
      `-f lavfi -i testsrc2=s=96x64:r=25:d=0.2 -i ${about} -map_metadata 1 -map_chapters 1 -c:v ffv1 -pix_fmt yuv420p`,
      path,
    );
    for (const [name, lost] of [
      ['tags-out.mkv', []],
      ['tags-out.mov', ['The container does not keep the tags: scanner.']],
    ] as const) {
      const out = join(folder, name);
      expect(await rewrite(path, out)).toEqual(lost);
      const file = await probe(out);
      expect(file.chapters).toHaveLength(2);
      expect(file.format.tags).toMatchObject({ title: 'A reel' });
      expect(extname(out) === '.mkv').toBe(Object.values(file.format.tags ?? {}).includes('Arriscan 7'));
    }
  });
});
