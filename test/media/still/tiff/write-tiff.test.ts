import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chromaticitiesOf } from '../../../../src/film/chromaticities.ts';
import { rational } from '../../../../src/film/rational.ts';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { parseTiff } from '../../../../src/media/still/tiff/tiff.ts';
import { unpackTiff } from '../../../../src/media/still/tiff/unpack-tiff.ts';
import { type TiffFacts, writeTiff } from '../../../../src/media/still/tiff/write-tiff.ts';
import { decodeAll } from '../../formats/decode-all.ts';
import { temporaryFolder } from '../../lavfi.ts';
import { differingCodes, drawCodes, hashesOf, readByOthers } from '../draw-codes.ts';

const FACTS: TiffFacts = {
  documentName: 'film.0012.tif',
  description: 'a picture – with a dash',
  software: 'a test',
  pixelAspect: rational(16, 15),
  chromaticities: chromaticitiesOf('bt709'),
};
const LAYOUTS = [1, 3, 4].flatMap((planes) => ([8, 16] as const).map((bits) => ({ planes, bits })));
const folder = await temporaryFolder();

describe('A written TIFF file', () => {
  // An odd number of bytes in all, at 8 bits.
  const size = { width: 25, height: 31 };
  const drawn = LAYOUTS.map(({ planes, bits }) => drawCodes({ ...size, bits }, planes));

  it('is read by ffmpeg and by this program with every code as it was given, in each layout', async () => {
    const files = drawn.map((picture) => writeTiff(picture, FACTS));
    const infos = await Promise.all(files.map((file) => parseTiff(bytesInMemory(file))));
    const byFfmpeg = await decodeAll(
      folder,
      files.map((bytes, k) => ({
        ...{ kind: 'tiff' as const, bytes, ...size, unpacked: false },
        pixelFormat: infos[k]?.pixelFormat ?? '',
      })),
    );
    for (const [k, picture] of drawn.entries()) {
      const info = infos[k] as (typeof infos)[0];
      const format = sampleFormat(info.pixelFormat as string);
      const plate = { frame: 0, format, ...size, bytes: await unpackTiff(files[k] as Buffer, info) };
      const theirs = byFfmpeg[k]?.plate as typeof plate;
      expect([info.obstacle, differingCodes(picture, plate), differingCodes(picture, theirs)]).toEqual([null, 0, 0]);
    }
  });

  it.each(LAYOUTS)(
    'of $planes planes of $bits bits is a file in which OpenImageIO and tifffile read these codes',
    ({ planes, bits }) => {
      const picture = drawCodes({ width: 24, height: 11, bits }, planes);
      expect(hashesOf(writeTiff(picture, FACTS), picture)).toEqual(readByOthers()[`tiff-${planes}-${bits}.tif`]);
    },
  );

  it('states white and primaries where a program looks for them', () => {
    const file = writeTiff(drawn[3] as (typeof drawn)[0], FACTS);
    expect([rationalsOf(file, 318), rationalsOf(file, 319)]).toEqual([
      [0.3127, 0.329],
      [0.64, 0.33, 0.3, 0.6, 0.15, 0.06],
    ]);
  });

  it('states pixel aspect, its name and what its codes mean', () => {
    const path = join(folder, 'film.0012.tif');
    writeFileSync(path, writeTiff(drawn[3] as (typeof drawn)[0], FACTS));
    const args = [
      '-v',
      'error',
      '-show_entries',
      'stream=sample_aspect_ratio:frame_tags',
      '-show_frames',
      '-of',
      'json',
      path,
    ];
    const { streams, frames } = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' }));
    expect(streams[0].sample_aspect_ratio).toBe('16:15');
    expect(frames[0].tags).toMatchObject({
      ...{ document_name: 'film.0012.tif', description: 'a picture ? with a dash', software: 'a test' },
    });
  });

  it('is refused for codes of 10 bits', () => {
    expect(() => writeTiff(drawCodes({ ...size, bits: 10 }, 3), FACTS)).toThrow(
      'A TIFF file of 8 or 16 bits was expected, got 10.',
    );
  });
});

function rationalsOf(file: Buffer, tag: number): number[] {
  const directory = file.readUInt32LE(4);
  for (let at = directory + 2; at < file.length; at += 12) {
    if (file.readUInt16LE(at) !== tag) continue;
    const from = file.readUInt32LE(at + 8);
    return Array.from(
      { length: file.readUInt32LE(at + 4) },
      (_, k) => file.readUInt32LE(from + 8 * k) / file.readUInt32LE(from + 8 * k + 4),
    );
  }
  return [];
}
