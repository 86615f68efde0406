import { describe, expect, test } from 'vitest';
import { type Plane, type Plate, planesOf } from '../../../src/film/plate.ts';
import { rational } from '../../../src/film/rational.ts';
import type { FolderReel } from '../../../src/film/reel.ts';
import { pictureBytes, sampleFormat } from '../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../src/media/still/byte-source.ts';
import { parseDpx } from '../../../src/media/still/dpx/dpx.ts';
import { parseExr } from '../../../src/media/still/exr/exr.ts';
import { parseTiff } from '../../../src/media/still/tiff/tiff.ts';
import { frameConverter } from '../../../src/media/write/frames/convert-frame.ts';
import { frameFile } from '../../../src/media/write/frames/frame-file.ts';
import { FRAME_FORMAT_NAMES, type FrameFormatName, frameFormat } from '../../../src/media/write/frames/frame-format.ts';
import { temporaryFolder } from '../lavfi.ts';
import { claimsOf, tableRows } from './claims.ts';
import { decodeAll } from './decode-all.ts';
import { HEIGHT, noise, WIDTH } from './still-case.ts';

/** What the document calls samples, and a plate of them that has as many bits as the file. */
const SAMPLES = { grey: 'gray', RGB: 'gbrp', RGBA: 'gbrap' } as const;
type Samples = keyof typeof SAMPLES;
const folder = await temporaryFolder();

describe('docs/formats.md', () => {
  const rows = tableRows('`--as`', 'what is written', 'samples', 'bits of a sample');

  test('names every kind that frames can be written as, with its bits, and no others', () => {
    const named = rows.flatMap(([names = '', , , bits = '']) => names.split(', ').map((name) => [name, bits]));
    const known = FRAME_FORMAT_NAMES.map((name) => [name, bitsOf(name)]);
    expect(named.toSorted()).toEqual(known.toSorted());
  });

  test('claims the samples of each kind, which ffmpeg and this program read as they were written', async () => {
    const claims = rows
      .flatMap(([names = '', , samples = '']) => claimsOf([names, samples]))
      .map((one) => one.split(' / '));
    expect(claims).toHaveLength(FRAME_FORMAT_NAMES.length * Object.keys(SAMPLES).length);
    const drawn = await Promise.all(claims.map(([name, samples]) => draw(name as FrameFormatName, samples as Samples)));
    const decoded = await decodeAll(
      folder,
      drawn.map(({ file }) => file),
    );
    expect(
      drawn.map(({ plate }, k) => [...(claims[k] as string[]), differing(plate, decoded[k]?.plate as Plate)]),
    ).toEqual(claims.map((claim) => [...claim, 0]));
  });
});

function bitsOf(name: FrameFormatName): string {
  const { kind, bits } = frameFormat(name);
  return kind === 'integer' ? String(bits) : bits === 16 ? 'half' : 'float';
}

/** A plate of noise, and the file that is written of it. */
async function draw(name: FrameFormatName, samples: Samples) {
  const format = frameFormat(name);
  // Half floats hold ten bits and one more exactly, floats all of sixteen.
  const bits = format.kind === 'integer' ? format.bits : format.bits === 16 ? 10 : 16;
  const source = sampleFormat(`${SAMPLES[samples]}${bits === 8 ? '' : `${bits}le`}`);
  const bytes = new Uint8Array(pictureBytes(source, WIDTH, HEIGHT));
  const random = noise(bytes.length);
  const plate: Plate = { frame: 0, format: source, width: WIDTH, height: HEIGHT, bytes };
  let i = 0;
  for (const { samples } of planesOf(source, bytes, WIDTH, HEIGHT)) {
    for (let at = 0; at < samples.length; at++)
      samples[at] = (((random[i++] as number) << 8) | (random[i % random.length] as number)) >> (16 - bits);
  }
  const reel: FolderReel = {
    ...{ kind: 'folder', still: 'png', path: '/scan', files: ['/scan/a.0001.png'], first: 1, frames: 1 },
    ...{ width: WIDTH, height: HEIGHT, format: source, pixelFormat: source.name, colour: {}, transfer: 'rec709' },
    ...{ rate: rational(24), damaged: new Map() },
  };
  const converter = frameConverter(
    { ...plate, colour: { tags: {}, transfer: 'rec709', plateHeight: HEIGHT }, isInterlaced: false },
    format,
  );
  const names = { name: 'a', extension: format.extension, first: 1, digits: 4 };
  const file = await frameFile(reel, 0, converter.convert(plate), { format, names });
  const parse = { dpx: parseDpx, tiff: parseTiff, exr: parseExr }[format.still];
  const info = await parse(bytesInMemory(file));
  expect([name, info.obstacle, info.unpacked]).toEqual([name, null, undefined]);
  return {
    plate,
    file: {
      ...{ kind: format.still, bytes: file, width: WIDTH, height: HEIGHT, unpacked: false },
      pixelFormat: info.pixelFormat as string,
    },
  };
}

/** Samples of a decoded file that are not the plate's, at the file's own scale. */
function differing(plate: Plate, decoded: Plate): number {
  const planes = planesOf(plate.format, plate.bytes, WIDTH, HEIGHT);
  const [top, own] = [plate.format, decoded.format].map(({ kind, bits }) => (kind === 'float' ? 1 : 2 ** bits - 1)) as [
    number,
    number,
  ];
  return planesOf(decoded.format, decoded.bytes, WIDTH, HEIGHT).reduce((sum, { samples }, k) => {
    const codes = (planes[k] as Plane).samples;
    for (let i = 0; i < codes.length; i++) {
      if (Math.round(((samples[i] as number) / own) * top) !== codes[i]) sum += 1;
    }
    return sum;
  }, 0);
}
