import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { plateColourOf } from '../../../../src/film/plate-colour.ts';
import { pictureBytes } from '../../../../src/film/sample-format.ts';
import { decodePlates } from '../../../../src/media/read/decode.ts';
import { plateProxy } from '../../../../src/media/read/pictures/plate-proxy.ts';
import { type ReadPicture, readPicture } from '../../../../src/media/read/pictures/read-picture.ts';
import { probeReel } from '../../../../src/media/read/probe-reel.ts';
import { decodeProxy } from '../../../../src/media/read/proxy.ts';
import { framePool } from '../../../../src/stream/frame-pool.ts';
import { ffmpeg, make, temporaryFolder } from '../../lavfi.ts';
import { exifBlock, jpegWithExif, pngWithExif } from '../../still/exif-block.ts';

const folder = await temporaryFolder();
const SIGNAL = new AbortController().signal;
const AUTO = { transfer: 'auto' } as const;

/** Asks for ffmpeg where it may; else fails. */
const tools = (isAllowed: boolean) => ({
  signal: SIGNAL,
  ffmpeg: async () => {
    if (!isAllowed) throw new Error('ffmpeg was asked.');
    return ffmpeg;
  },
});

async function drawn(name: string, options: string, change: (file: Buffer) => Buffer = (file) => file) {
  const path = join(folder, name);
  await make('-f lavfi -i testsrc2=s=122x86,noise=alls=20 -frames:v 1', ...options.split(' '), path);
  await writeFile(path, change(await readFile(path)));
  return path;
}

const read = async (path: string, isAllowed = false): Promise<ReadPicture> =>
  readPicture(path, await readFile(path), AUTO, tools(isAllowed));

/** The same file as ffmpeg reads it: a reel of one frame, and a small picture of it. */
async function asReel(path: string) {
  const reel = await probeReel(path.replace(/\d(?=\.[a-z]+$)/, '#'), AUTO, ffmpeg);
  const range = { in: 0, out: 1 };
  const bytes = pictureBytes(reel.format, reel.width, reel.height);
  const decoding = { ffmpeg, signal: SIGNAL };
  const [lent] = await lastValueFrom(
    decodePlates(reel, range, { ...decoding, pool: framePool(1, bytes) }).pipe(toArray()),
  );
  const size = { width: reel.width >> 1, height: reel.height >> 1 };
  const pool = framePool(1, size.width * size.height * 3);
  const [proxy] = await lastValueFrom(decodeProxy(reel, range, size, { ...decoding, pool }).pipe(toArray()));
  return { reel, plate: lent?.plate.bytes as Uint8Array, size, proxy: proxy?.loan.bytes as Uint8Array };
}

/** The greatest difference of two pictures' samples, and the mean one. */
function difference(a: Uint8Array, b: Uint8Array): { most: number; mean: number } {
  expect(a).toHaveLength(b.length);
  let [most, sum] = [0, 0];
  for (let k = 0; k < a.length; k++) {
    const one = Math.abs((a[k] as number) - (b[k] as number));
    most = Math.max(most, one);
    sum += one;
  }
  return { most, mean: sum / a.length };
}

const turned = exifBlock(6);

describe('a picture by itself', () => {
  it.each([
    ['an 8-bit PNG', 'p1.png', '-pix_fmt rgb24', undefined],
    ['a 16-bit PNG with alpha', 'q1.png', '-pix_fmt rgba64be', undefined],
    ['a grey PNG, each row by a filter of its own', 'g1.png', '-pix_fmt gray -pred mixed', undefined],
    ['a PNG on its side', 's1.png', '-pix_fmt rgb24', (file: Buffer) => pngWithExif(file, turned)],
    ['a packed TIFF', 't1.tif', '-pix_fmt rgb48le -compression_algo lzw', undefined],
    ['a DPX', 'd1.dpx', '-pix_fmt gbrp10le', undefined],
    ['an EXR', 'e1.exr', '-pix_fmt gbrpf32le -compression zip16', undefined],
  ])(
    'that is %s is read without ffmpeg, sample for sample as ffmpeg reads it in a reel',
    async (_, name, options, change) => {
      const path = await drawn(name, options, change);
      const { plate, reel } = await read(path);
      const expected = await asReel(path);
      expect(Buffer.from(plate.bytes).equals(expected.plate)).toBe(true);
      expect({ ...reel, colour: {}, unpacked: undefined }).toMatchObject({
        width: expected.reel.width,
        height: expected.reel.height,
        format: expected.reel.format,
        transfer: expected.reel.transfer,
      });
      const proxy = plateProxy(plate, plateColourOf(reel), expected.size);
      expect(difference(proxy, expected.proxy).mean).toBeLessThan(0.6);
      expect(difference(proxy, expected.proxy).most).toBeLessThanOrEqual(3);
    },
  );

  it.each([
    ['halved chroma', 'j1.jpg', '-q:v 3 -pix_fmt yuvj420p', undefined],
    ['whole chroma', 'k1.jpg', '-q:v 5 -pix_fmt yuvj444p', undefined],
    ['an orientation', 'l1.jpg', '-q:v 3 -pix_fmt yuvj422p', (file: Buffer) => jpegWithExif(file, turned)],
  ])('that is a JPEG with %s is read without ffmpeg, within a level of ffmpeg', async (_, name, options, change) => {
    const path = await drawn(name, options, change);
    const { plate, reel } = await read(path);
    const expected = await asReel(path);
    // IEEE 1180: decoders may differ by a level.
    expect(difference(plate.bytes, expected.plate).most).toBeLessThanOrEqual(1);
    expect(plateColourOf(reel)).toEqual(plateColourOf(expected.reel));
    const proxy = plateProxy(plate, plateColourOf(reel), expected.size);
    expect(difference(proxy, expected.proxy).mean).toBeLessThan(1.2);
  });

  it('that this program does not read is read by ffmpeg', async () => {
    const path = await drawn('pal1.png', '-pix_fmt pal8');
    await expect(read(path)).rejects.toThrow('ffmpeg was asked.');
    const { plate } = await read(path, true);
    expect(Buffer.from(plate.bytes).equals((await asReel(path)).plate)).toBe(true);
  });

  it('is what its first bytes say, whatever its name ends in', async () => {
    const path = await drawn('m1.png', '-pix_fmt rgb24');
    const named = join(folder, 'm1.jpg');
    await writeFile(named, await readFile(path));
    expect((await read(named)).reel.still).toBe('png');
  });

  it('is damaged where a JPEG has an end mark and too little data before it', async () => {
    const path = await drawn('n1.jpg', '-q:v 3 -pix_fmt yuvj420p');
    const file = await readFile(path);
    await writeFile(path, Buffer.concat([file.subarray(0, file.length >> 1), file.subarray(-2)]));
    await expect(read(path)).rejects.toThrow('is cut off or damaged: its picture needs more data than it has');
  });

  it('is written back with its changed rows, and all else as it was', async () => {
    const path = await drawn('w1.png', '-pix_fmt rgb24');
    const { still, plate } = await read(path);
    const bytes = plate.bytes.slice();
    bytes[5 * plate.width + 7] = (bytes[5 * plate.width + 7] as number) ^ 0xff;
    const spliced = await still.splice({ ...plate, bytes }, { in: 5, out: 6, orientation: 1 });
    const { plate: again } = await readPicture(path, spliced, AUTO, tools(false));
    expect(Buffer.from(again.bytes).equals(bytes)).toBe(true);
  });
});
