import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rational } from '../../../../src/film/rational.ts';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import type { CodePicture } from '../../../../src/media/still/code-picture.ts';
import { parseDpx } from '../../../../src/media/still/dpx/dpx.ts';
import { dpxColourCodes } from '../../../../src/media/still/dpx/dpx-colour.ts';
import type { DpxFacts } from '../../../../src/media/still/dpx/dpx-header-bytes.ts';
import { readDpxLabels } from '../../../../src/media/still/dpx/dpx-labels.ts';
import { unpackDpx } from '../../../../src/media/still/dpx/unpack-dpx.ts';
import { writeDpx } from '../../../../src/media/still/dpx/write-dpx.ts';
import { decodeAll } from '../../formats/decode-all.ts';
import { temporaryFolder } from '../../lavfi.ts';
import { differingCodes, drawCodes, hashesOf, readByOthers } from '../draw-codes.ts';
import { differingSamples } from '../footage.ts';

const FACTS: DpxFacts = {
  ...dpxColourCodes({ primaries: 'bt709', transfer: 'bt709' }, 'rec709'),
  fileName: 'film.0012.dpx',
  creator: 'a test',
  project: 'a project',
  source: 'film.mov',
  position: 11,
  length: 150,
  rate: rational(24000, 1001),
  timecode: '01:02:33:23',
  pixelAspect: rational(16, 15),
};

const LAYOUTS = [1, 3, 4].flatMap((planes) => ([8, 10, 12, 16] as const).map((bits) => ({ planes, bits })));
const folder = await temporaryFolder();

describe('A written DPX file', () => {
  // 25 pixels: rows end within a word.
  const size = { width: 25, height: 32 };
  const drawn = LAYOUTS.map(({ planes, bits }) => drawCodes({ ...size, bits }, planes));

  it('is read by ffmpeg and by this program with every code as it was given, in each layout', async () => {
    const files = drawn.map((picture) => writeDpx(picture, FACTS));
    const infos = await Promise.all(files.map((file) => parseDpx(bytesInMemory(file))));
    const byFfmpeg = await decodeAll(
      folder,
      files.map((bytes, k) => ({
        ...{ kind: 'dpx' as const, bytes, ...size, unpacked: false },
        pixelFormat: infos[k]?.pixelFormat ?? '',
      })),
    );
    const found = drawn.map((picture, k) => {
      const info = infos[k] as (typeof infos)[0];
      const format = sampleFormat(info.pixelFormat);
      const plate = { frame: 0, format, ...size, bytes: unpackDpx(files[k] as Buffer, info) };
      return {
        decoded: info.unpacked === undefined,
        wrong: differingCodes(picture, plate),
        differing: differingSamples(byFfmpeg[k]?.plate as typeof plate, plate, () => true),
      };
    });
    expect(found).toEqual(drawn.map(() => ({ decoded: true, wrong: 0, differing: 0 })));
  });

  it.each(LAYOUTS)(
    'of $planes planes of $bits bits is a file in which OpenImageIO reads these codes',
    ({ planes, bits }) => {
      const picture = drawCodes({ width: 24, height: 11, bits }, planes);
      expect(hashesOf(writeDpx(picture, FACTS), picture)).toEqual(readByOthers()[`dpx-${planes}-${bits}.dpx`]);
    },
  );

  it('tells ffprobe its samples, pixel aspect, range and timecode', async () => {
    const path = join(folder, 'film.0012.dpx');
    writeFileSync(path, writeDpx(drawn[5] as CodePicture, FACTS));
    const entries = 'stream=pix_fmt,width,height,sample_aspect_ratio,color_range:frame_tags=timecode';
    const args = ['-v', 'error', '-show_entries', entries, '-show_frames', '-of', 'json', path];
    const { streams, frames } = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' }));
    expect(streams[0]).toMatchObject({
      pix_fmt: 'gbrp10le',
      width: 25,
      sample_aspect_ratio: '16:15',
      color_range: 'pc',
    });
    expect(frames[0]?.tags?.['timecode']).toBe('01:02:33:23');
    expect(await readDpxLabels(path)).toEqual({ timecode: '01:02:33:23', pixelAspect: rational(16, 15) });
  });

  it('states rate, names and place where SMPTE ST 268 puts them, and nothing that is not known', () => {
    const bytes = writeDpx(drawn[5] as CodePicture, FACTS);
    const text = (at: number, length: number) => bytes.toString('latin1', at, at + length).replace(/\0.*$/s, '');
    expect([text(0, 4), text(8, 8), text(36, 100), text(160, 100), text(260, 200), text(1432, 100)]).toEqual([
      ...['SDPX', 'V2.0', 'film.0012.dpx', 'a test', 'a project', 'film.mov'],
    ]);
    expect([bytes.readUInt32BE(4), bytes.readUInt32BE(16)]).toEqual([2048, bytes.length]);
    expect([bytes.readFloatBE(1724), bytes.readFloatBE(1940)]).toEqual([
      Math.fround(24000 / 1001),
      Math.fround(24000 / 1001),
    ]);
    expect([bytes.readUInt32BE(1712), bytes.readUInt32BE(1716)]).toEqual([11, 150]);
    // Creation time, shutter angle and gamma.
    expect([text(136, 24), bytes.readUInt32BE(1728), bytes.readUInt32BE(1948)]).toEqual(['', 0xffffffff, 0xffffffff]);
  });

  it('has the same bytes for the same picture and facts', () => {
    const picture = drawn[5] as CodePicture;
    expect(writeDpx(picture, FACTS)).toEqual(writeDpx(picture, FACTS));
  });

  it('states density and logarithmic codes of a film scan', async () => {
    const file = writeDpx(drawn[5] as CodePicture, { ...FACTS, ...dpxColourCodes({}, 'log') });
    expect([...file.subarray(801, 803), file.readFloatBE(796)]).toEqual([1, 1, Math.fround(2.046)]);
    expect((await parseDpx(bytesInMemory(file))).transfer).toBe('log');
  });

  it('keeps the edge code and slate of a scan', () => {
    const edgeCode = { maker: '02', type: '91', offset: '00', prefix: '123456', count: '0029' };
    const bytes = writeDpx(drawn[5] as CodePicture, {
      ...FACTS,
      edgeCode,
      slate: 'take 1',
      date: '2026:01:01:12:00:00:UTC',
    });
    expect(bytes.toString('latin1', 1664, 1680)).toBe('0291001234560029');
    expect(bytes.toString('latin1', 1764, 1770)).toBe('take 1');
    expect(bytes.toString('latin1', 136, 159)).toBe('2026:01:01:12:00:00:UTC');
  });

  it('is refused for planes that do not fill the picture', () => {
    const picture = { width: 2, height: 2, bits: 10, planes: [0, 1, 2].map(() => new Uint16Array(3)) } as const;
    expect(() => writeDpx(picture, FACTS)).toThrow('A plane of a 2×2 picture has 4 codes; got 3.');
  });
});

describe('The codes of a DPX header', () => {
  it.each([
    [{ primaries: 'bt709', transfer: 'bt709' }, 'rec709', [6, 6]],
    [{ primaries: 'bt470bg', transfer: 'smpte170m' }, 'rec709', [7, 7]],
    [{ primaries: 'smpte170m', transfer: 'smpte170m' }, 'rec709', [8, 8]],
    [{ primaries: 'bt2020', transfer: 'bt2020-10' }, 'rec709', [6, 4]],
    [{ primaries: 'bt2020', transfer: 'smpte2084' }, 'pq', [4, 4]],
    [{}, 'rec709', [4, 4]],
    [{ primaries: 'bt709' }, 'linear', [2, 6]],
  ] as const)('of %j shown as %s are %j', (tags, shown, codes) => {
    const { transferCode, colorimetricCode } = dpxColourCodes(tags, shown);
    expect([transferCode, colorimetricCode]).toEqual(codes);
  });
});
