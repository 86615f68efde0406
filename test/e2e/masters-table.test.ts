import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { type FileInfo, probeStreams, streamsOf } from '../../src/media/ffmpeg/probe-streams.ts';
import { probeReel } from '../../src/media/read/probe-reel.ts';
import { writeDisplayMatrix } from '../../src/media/write/movie/display-matrix.ts';
import { masterReel } from '../../src/pipeline/master/master.ts';
import { masterNames } from '../../src/settings/master-preset.ts';
import { ffmpeg, make } from '../media/lavfi.ts';

const STILLS = ['dpx-10bit', 'dpx-16bit', 'tiff-16bit'];
/** Turned by 90 degrees clockwise. */
const TURNED = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000];
const folder = await mkdtemp(join(tmpdir(), 'reelmend-masters-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A movie with everything that the table has a row for. */
async function drawn(name: string, tags: string, picture: string): Promise<string> {
  const path = join(folder, name);
  const chapters = join(folder, 'chapters.txt');
  const chapter = (start: number, end: number, title: string) =>
    `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${end}\ntitle=${title}\n`;
  await writeFile(chapters, `;FFMETADATA1\ntitle=Drawn\n${chapter(0, 250, 'one')}${chapter(250, 500, 'two')}`);
  await make(
    `-f lavfi -i testsrc2=s=320x180:r=24000/1001:d=0.5005,noise=alls=6:allf=t
     -f lavfi -i aevalsrc=sin(880*t)|sin(440*t):s=48000:d=0.5005
     -i ${chapters} -map 0:v -map 1:a -map_metadata 2 -map_chapters 2
     -vf setparams=${tags}:field_mode=tff,setsar=16/15 -flags +ildct+ilme ${picture} -c:a pcm_s24le
     -metadata:s:v:0 timecode=10:00:00:00 -metadata:s:v:0 reel_name=A001`,
    path,
  );
  await writeDisplayMatrix(path, TURNED);
  return path;
}

/** What a probe finds of a reel, by the table's rows. */
async function foundIn(path: string) {
  const reel = await probeReel(path, { transfer: 'auto' }, ffmpeg);
  const file = reel.kind === 'movie' ? await probeStreams(path, ffmpeg) : undefined;
  const movie = reel.kind === 'movie' ? reel : undefined;
  const { primaries, transfer, matrix, chromaLocation } = reel.colour;
  // Untagged RGB reaches from 0 to the largest code.
  const range = reel.colour.range ?? (reel.format.model === 'rgb' ? 'pc' : undefined);
  return {
    bits: reel.format.bits,
    rows: {
      'colour tags': { range, primaries, transfer, matrix },
      'chroma location': chromaLocation,
      timecode: reel.timecode,
      'reel name': file && nameIn(file),
      rate: reel.rate,
      sound: file && streamsOf(file, 'audio').map(({ channels, sample_rate }) => ({ channels, sample_rate })),
      'pixel aspect': reel.pixelAspect,
      rotation: movie?.displayMatrix,
      'field order': movie?.fields.slice(0, 1),
      chapters: file?.chapters.map((chapter) => (chapter as { tags?: { title?: string } }).tags?.title),
    },
  };
}

function nameIn(file: FileInfo): string | undefined {
  const tags = [...file.streams.map((stream) => stream.tags), file.format.tags];
  return tags.map((tag) => tag?.['reel_name'] ?? tag?.['REEL_NAME']).find((name) => name !== undefined);
}

/** Cells of the table in `docs/masters.md`, by row and preset. */
function tableOf(): Map<string, ReadonlyMap<string, string>> {
  const lines = readFileSync(join(packageFolder(), 'docs', 'masters.md'), 'utf8').split('\n');
  const cells = (line: string) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
  const head = lines.findIndex((line) => line.startsWith('| preset |'));
  const [, ...rows] = cells(lines[head] as string);
  const table = new Map<string, ReadonlyMap<string, string>>();
  for (let at = head + 2; lines[at]?.startsWith('|'); at++) {
    const [preset = '', ...row] = cells(lines[at] as string);
    table.set(preset, new Map(rows.map((name, k) => [name, row[k] ?? ''])));
  }
  return table;
}

const YUV = await drawn(
  'drawn.mov',
  'range=tv:color_primaries=bt2020:color_trc=bt2020-10:colorspace=bt2020nc',
  '-c:v libx264 -qp 0 -preset ultrafast -pix_fmt yuv420p10le -chroma_sample_location topleft -color_range tv -color_primaries bt2020 -color_trc bt2020-10 -colorspace bt2020nc',
);
const RGB = await drawn(
  'drawn-rgb.mov',
  'range=pc:color_primaries=bt709:color_trc=bt709',
  '-c:v ffv1 -level 3 -pix_fmt gbrp10le -color_range pc -color_primaries bt709 -color_trc bt709',
);
const names = await masterNames();
const of = (reel: string, presets: readonly string[], out: string) =>
  masterReel({ reel, presets, out: join(folder, out), manifest: 'none' });
const movies = await of(
  YUV,
  names.filter((name) => !STILLS.includes(name)),
  'movies',
);
const stills = await of(RGB, STILLS, 'stills');

describe('docs/masters.md', () => {
  it('has a row for each preset', () => {
    expect([...tableOf().keys()].toSorted()).toEqual(names);
    expect([...movies.failed, ...stills.failed]).toEqual([]);
  });

  it.each(names)('says of %s what a probe finds it to keep, and why it lacks the rest', async (name) => {
    const reel = STILLS.includes(name) ? RGB : YUV;
    const made = [...movies.masters, ...stills.masters].find(({ preset }) => preset === name);
    const [source, master] = await Promise.all([foundIn(reel), foundIn(made?.path as string)]);
    const row = tableOf().get(name) ?? new Map<string, string>();
    const claimed = [...row].map(([property, cell]) => [property, cell === '–' ? 'none' : cell === 'kept']);
    const kept = [...row.keys()].map((property) => [property, keptIn(property, source, master)]);
    expect(Object.fromEntries(claimed)).toEqual(Object.fromEntries(kept));
    const reasons = [...row.values()].filter((cell) => cell !== 'kept' && cell !== '–');
    expect(reasons.filter((reason) => reason.split(' ').length < 2)).toEqual([]);
  });
});

type Found = Awaited<ReturnType<typeof foundIn>>;

/** `none` where the drawn movie has no such property, as RGB has no chroma. */
function keptIn(property: string, source: Found, master: Found): boolean | 'none' {
  if (property === 'depth') return master.bits >= source.bits;
  const value = ({ rows }: Found) => JSON.stringify((rows as Readonly<Record<string, unknown>>)[property]);
  return value(source) === undefined ? 'none' : value(source) === value(master);
}
