import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { type Plate, planesOf } from '../../src/film/plate.ts';
import { sampleFormat } from '../../src/film/sample-format.ts';
import { bytesInMemory } from '../../src/media/still/byte-source.ts';
import { parseTiff } from '../../src/media/still/tiff/tiff.ts';
import { unpackTiff } from '../../src/media/still/tiff/unpack-tiff.ts';
import { differingOutside } from '../../src/metrics/fidelity.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { type Pixels, storedFor } from '../media/lying.ts';
import { exifBlock, jpegWithExif } from '../media/still/exif-block.ts';
import { writeTiff } from '../media/still/tiff/tiff-writer.ts';
import { laidOver, readPatch } from '../pipeline/handover/rebuilt.ts';
import { decoded, stillNames } from './decoded.ts';
import { jobOf, QUIET } from './job-of.ts';
import { readMattes } from './mattes.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const TALKING = 2;

let scratch: Scratch;
/** The frames as people see them. */
const frames: Pixels[] = [];

beforeAll(async () => {
  scratch = await openScratch('turned');
  process.env['REELMEND_CACHE'] = scratch.cache;
  const scan = join(scratch.path, 'scan');
  await makeTinyReel(scan, TALKING, 1);
  for await (const { format, bytes, width, height } of decoded(scan, 'gbrp')) {
    const [green, blue, red] = planesOf(format, bytes, width, height);
    const pixels = Uint8Array.from(
      { length: width * height * 3 },
      (_, k) => [red, green, blue][k % 3]?.samples[Math.floor(k / 3)] as number,
    );
    frames.push({ width, height, channels: 3, bytes: pixels });
  }
});
afterAll(() => scratch[Symbol.asyncDispose]());

function jpegOf({ width, height, bytes }: Pixels, orientation: number): Promise<Buffer> {
  return sharp(bytes, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer()
    .then((file) => jpegWithExif(file, exifBlock(orientation)));
}

async function tiffOf({ width, height, bytes }: Pixels, orientation: number): Promise<Buffer> {
  const form = {
    bits: 12,
    samples: 3,
    photometric: 2,
    planar: false,
    compression: 8,
    predictor: 1,
    fillOrder: 1,
  } as const;
  const value = (x: number, y: number, c: number) => 16 * (bytes[(y * width + x) * 3 + c] as number);
  const page = { ...form, width, height, orientation, cut: { tile: [64, 64] }, value } as const;
  return writeTiff({ bigEndian: false, big: true, directoriesFirst: false, pages: [page] });
}

/** The stored samples of a folder's files, by none of the reel's own reading but, of TIFF, its reader of samples. */
async function storedPlates(folder: string, extension: string): Promise<Plate[]> {
  if (extension === 'jpg') {
    const plates: Plate[] = [];
    for await (const plate of decoded(folder)) plates.push(plate);
    return plates;
  }
  return Promise.all(
    (await stillNames(folder)).map(async (name, frame) => {
      const file = await readFile(join(folder, name));
      const header = await parseTiff(bytesInMemory(file));
      const { width, height, pixelFormat } = header;
      const bytes = await unpackTiff(file, header);
      return { frame, format: sampleFormat(pixelFormat as string), width, height, bytes };
    }),
  );
}

describe('A reel whose files lie on their side or head', () => {
  it.each([
    ['JPEG', 6, 'jpg', jpegOf, 16],
    ['tiled TIFF of 12 bits', 3, 'tif', tiffOf, 1],
  ] as const)(
    'as %s in orientation %i has its faces restored, and nothing else',
    async (_, orientation, extension, encode, block) => {
      const reel = join(scratch.path, extension);
      await mkdir(reel);
      for (const [k, frame] of frames.entries()) {
        await writeFile(
          join(reel, `scan.${1001 + k}.${extension}`),
          await encode(storedFor(orientation, frame), orientation),
        );
      }
      const out = `${reel}-out`;
      const mattes = `${reel}-mattes`;
      const patches = `${reel}-patches`;
      const summary = await restoreReel(jobOf(reel, out, PORTRAIT, { mattes, patches, restorer: 'replace' }), QUIET);
      expect(summary).toMatchObject({ frames: TALKING + 1, restored: TALKING, isolated: 0 });
      expect(summary.notes).toContain(
        'Frames are stored turned or mirrored; patches and tracks are upright, as the picture is seen. Where a compositor shows the plate as it is stored, turn it upright first.',
      );

      const known = await readMattes(mattes);
      expect([...known.keys()]).toEqual([1001, 1002]);
      const [before, after] = [await storedPlates(reel, extension), await storedPlates(out, extension)];
      const { width, height } = frames[0] as Pixels;
      before.forEach((plate, k) => {
        const matte = known.get(1001 + k);
        // A block of JPEG that the matte touches may change as a whole.
        const under =
          matte &&
          storedFor(orientation, {
            width,
            height,
            channels: 1,
            bytes: Uint8Array.from(matte, (value) => Number(value > 0)),
          });
        const inside = under && inBlocks(under, block);
        expect(differingOutside(plate, after[k] as Plate, inside ?? null)).toBe(0);
        if (inside) expect(differingOutside(plate, after[k] as Plate, null)).toBeGreaterThan(1000);
      });
      // JPEG is written in whole blocks.
      if (block === 1) await expectUprightPatches(patches, orientation, before, after);
    },
    240_000,
  );
});

/** Expects patches to make, of the plates turned upright, the restored ones turned upright. */
async function expectUprightPatches(
  folder: string,
  orientation: number,
  before: readonly Plate[],
  after: readonly Plate[],
): Promise<void> {
  expect(await stillNames(folder)).toEqual(['scan.1001.exr', 'scan.1002.exr']);
  for (const [k, name] of (await stillNames(folder)).entries()) {
    const patch = await readPatch(await readFile(join(folder, name)));
    const { width, height } = frames[k] as Pixels;
    // Where each seen pixel lies in the stored picture: a picture of places, turned as the frames were.
    const places = Uint8Array.from(
      { length: width * height * 3 },
      (_, i) => (Math.floor(i / 3) >> (8 * (i % 3))) & 255,
    );
    const { bytes } = storedFor(orientation, { width, height, channels: 3, bytes: places });
    const [was, is] = [before, after].map((plates) => {
      const { format, bytes, width, height } = plates[k] as Plate;
      const [green, blue, red] = planesOf(format, bytes, width, height);
      return [red, green, blue].map((plane) => plane?.samples as Uint16Array);
    }) as [Uint16Array[], Uint16Array[]];
    let greatest = 0;
    for (let stored = 0; stored < width * height; stored++) {
      const seen = [0, 1, 2].reduce((sum, c) => sum + ((bytes[stored * 3 + c] as number) << (8 * c)), 0);
      for (let c = 0; c < 3; c++) {
        const [old, now] = [was[c]?.[stored] as number, is[c]?.[stored] as number];
        const rebuilt = laidOver(old / 4095, patch[c]?.[seen] as number, patch[3][seen] as number, 'premultiplied');
        greatest = Math.max(greatest, Math.abs(rebuilt - now / 4095));
      }
    }
    expect(greatest).toBeLessThan(1 / 1023);
  }
}

function inBlocks({ width, bytes }: Pixels, block: number): Uint8Array {
  const blockOf = (k: number) => Math.floor(Math.floor(k / width) / block) * 10_000 + Math.floor((k % width) / block);
  const touched = new Set<number>();
  bytes.forEach((value, k) => {
    if (value > 0) touched.add(blockOf(k));
  });
  return bytes.map((_, k) => Number(touched.has(blockOf(k))));
}
