import { extname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import { openMovie } from '../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../src/media/write/movie/movie-target.ts';
import { CODEC_NAMES, chooseCodec, codedFormat } from '../../../src/media/write/movie-codec.ts';
import { outputKind } from '../../../src/pipeline/work/output-kind.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../lavfi.ts';
import { FIRST, placeIn } from '../write-take.ts';
import { claimsOf, tableRows } from './claims.ts';

const folder = await temporaryFolder();
const SIZE = { width: 256, height: 120 };

/** `YUV 4:2:2 with alpha / 10` as ffmpeg calls it in planes. */
function pixelFormatOf(claim: string): string {
  const [samples = '', bits = ''] = claim.split(' / ');
  const depth = bits === '8' ? '' : `${bits}le`;
  if (samples === 'grey') return `gray${depth}`;
  const alpha = samples.includes('alpha') ? 'a' : '';
  const chroma = /\d:\d:\d/.exec(samples)?.[0].replaceAll(':', '');
  return `${chroma ? `yuv${alpha}${chroma}` : `gbr${alpha}`}p${depth}`;
}

function accepted(pixelFormat: string): boolean {
  try {
    return sampleFormat(pixelFormat).kind === 'integer';
  } catch {
    return false;
  }
}

describe('docs/formats.md', () => {
  test('claims the samples of movies that are read and that .mkv holds as they are, and no others', async () => {
    const codec = await chooseCodec('a.mkv', undefined, sampleFormat('yuv420p'), ffmpeg);
    const held: string[] = [];
    const names = (await make('-pix_fmts')).matchAll(/^[I.][O.]\S*\s+(\w+)\s/gm);
    // Packed samples are laid out in planes, each in one format.
    for (const name of new Set(
      [...names].flatMap(([, name = '']) => (accepted(name) ? [sampleFormat(name).name] : [])),
    )) {
      const coded = codedFormat('a.mkv', codec, { format: sampleFormat(name), ...SIZE }, ffmpeg);
      if (await coded.then(({ exact }) => exact).catch(() => false)) held.push(name);
    }
    const claimed = tableRows('samples', 'bits of a sample').flatMap(claimsOf).map(pixelFormatOf);
    expect(claimed.toSorted()).toEqual(held.toSorted());
  });

  test('names each codec with its containers and its samples', async () => {
    const rows = tableRows('`--codec`', 'what it is', '`--out`', 'samples');
    const actual = CODEC_NAMES.map(async (name) => {
      const row = rows.find(([of]) => of === name);
      const { title, containers, formats } = await chooseCodec(
        `a${row?.[2]?.split(', ')[0]}`,
        name,
        sampleFormat('yuv420p'),
        ffmpeg,
      );
      const samples = formats.map((format) => format.replace(/le$/, '')).join(', ');
      return [name, title, containers.join(', '), samples || "the source's own"];
    });
    expect(rows).toEqual(await Promise.all(actual));
  });
});

describe('each container that docs/formats.md names beside a codec', () => {
  const places = tableRows('`--codec`', 'what it is', '`--out`', 'samples').flatMap(([codec = '', , containers = '']) =>
    containers.split(', ').map((container) => [codec, container] as const),
  );
  const source = make(`${moving('256x120', '24', 3)} -c:v ffv1 -pix_fmt yuv420p`, join(folder, 'source.mkv')).then(() =>
    openMovie(join(folder, 'source.mkv'), { transfer: 'auto' }, ffmpeg),
  );
  test.each(places)('%s in %s is written and read again', async (codec, container) => {
    const reel = await source;
    const out = join(folder, `${codec}${container}`);
    expect(outputKind(out)).toBe('movie');
    const target = await openMovieTarget(reel, { out, codec }, ffmpeg);
    await target.conform([await target.copyTake({ in: 0, out: 3 }, placeIn(`${out}.work`))], FIRST);
    expect(extname(out)).toBe(container);
    expect(await openMovie(out, { transfer: 'auto' }, ffmpeg)).toMatchObject({ frames: 3, ...SIZE });
  });

  test('DNxHR of a picture that its encoder does not take is refused before anything is written', async () => {
    const small = { ...(await source), width: 64, height: 36 };
    await expect(openMovieTarget(small, { out: join(folder, 'small.mov'), codec: 'dnxhr' }, ffmpeg)).rejects.toThrow(
      /DNxHR holds no picture smaller than 256 × 120, and this one is 64 × 36\. Leave --codec out\.$/,
    );
  });
});
