import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  type Changes,
  type Orientation,
  storedRows,
  uprightFormat,
  uprightSize,
} from '../../../src/film/orientation.ts';
import { type Plane, type Plate, planesOf } from '../../../src/film/plate.ts';
import type { StillKind } from '../../../src/film/reel.ts';
import { pictureBytes, sampleFormat } from '../../../src/film/sample-format.ts';
import { turnBack, turnUpright } from '../../../src/film/turn-picture.ts';
import { bytesInMemory } from '../../../src/media/still/byte-source.ts';
import { DamagedStill } from '../../../src/media/still/damaged-still.ts';
import { parseJpeg } from '../../../src/media/still/jpeg/jpeg.ts';
import { parsePng } from '../../../src/media/still/png/png.ts';
import { spliceStill } from '../../../src/media/still/still.ts';
import { exifBlock, jpegWithExif, pngWithExif } from './exif-block.ts';
import { decodeStills } from './footage.ts';
import { type Random, randomFrom } from './random.ts';

const FILES = 250;
/** Stored sizes, one of them odd, so that chroma ends within a site. */
const SIZES = [
  { width: 48, height: 32 },
  { width: 37, height: 27 },
] as const;

interface Drawn {
  readonly file: Buffer;
  readonly exif: Buffer;
  readonly size: (typeof SIZES)[number];
  readonly orientation: Orientation;
  readonly title: string;
}

/** A random JPEG or PNG with an EXIF block, by libjpeg or libpng. */
async function drawn(kind: StillKind, seed: number): Promise<Drawn> {
  const random = randomFrom(seed);
  const size = random.pick(SIZES);
  const orientation = (1 + random.int(8)) as Orientation;
  const channels = kind === 'jpeg' ? random.pick([1, 3] as const) : random.pick([1, 2, 3, 4] as const);
  const deep = kind === 'png' && random.chance(0.4);
  const picture = sharp(pixels(random, size, channels, deep), { raw: { ...size, channels } });
  const exif = exifBlock(orientation, random.chance(0.5));
  const title = `${kind} ${seed}: ${size.width}×${size.height}, orientation ${orientation}, ${channels} channels`;
  if (kind === 'jpeg') {
    const chromaSubsampling = random.pick(['4:2:0', '4:4:4']);
    const grey = channels === 1 ? picture.toColourspace('b-w') : picture;
    const quality = 70 + random.int(31);
    const file = await grey.jpeg({ quality, chromaSubsampling, progressive: random.chance(0.3) }).toBuffer();
    return { file: jpegWithExif(file, exif), exif, size, orientation, title };
  }
  const space = channels < 3 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  const file = await picture
    .toColourspace(space)
    .png({ adaptiveFiltering: random.chance(0.5), compressionLevel: random.int(10) })
    .toBuffer();
  return { file: pngWithExif(file, exif, random.chance(0.3)), exif, size, orientation, title };
}

/** Smooth with a little noise, as film is. */
function pixels(
  random: Random,
  { width, height }: { readonly width: number; readonly height: number },
  channels: number,
  deep: boolean,
): Uint8Array | Uint16Array {
  const values = new (deep ? Uint16Array : Uint8Array)(width * height * channels);
  for (let k = 0; k < values.length; k++) {
    const [x, y] = [Math.floor(k / channels) % width, Math.floor(k / channels / width)];
    values[k] = (deep ? 257 : 1) * (30 + 2 * x + 3 * y + 10 * (k % channels) + random.int(8));
  }
  return values;
}

/** A rectangle of the upright picture painted over: the changes, and the plate with them in its stored order. */
function painted(
  stored: Plate,
  orientation: Orientation,
  random: Random,
): { plate: Plate; changed: Changes; rows: Changes } {
  const format = uprightFormat(stored.format, orientation);
  const size = uprightSize(stored.format, { ...stored, orientation });
  const upright = { format, ...size, bytes: new Uint8Array(pictureBytes(format, size.width, size.height)) };
  turnUpright(stored, orientation, upright);
  const [left, top] = [4 + 2 * random.int(4), 4 + 2 * random.int(4)];
  const changed = { in: top, out: top + 8, columns: { in: left, out: left + 8 } };
  planesOf(format, upright.bytes, size.width, size.height).forEach(({ samples, width }, k) => {
    const { component, shiftX = 0, shiftY = 0 } = format.planes[k] ?? {};
    if (component === 'A') return;
    for (let y = top >> shiftY; y < (top + 8) >> shiftY; y++) {
      for (let x = left >> shiftX; x < (left + 8) >> shiftX; x++)
        samples[y * width + x] = (samples[y * width + x] as number) ^ 0x30;
    }
  });
  const plate = { ...stored, bytes: new Uint8Array(stored.bytes.length) };
  turnBack(upright, orientation, plate);
  return { plate, changed, rows: storedRows(changed, upright, { ...stored, orientation }) };
}

/** Files whose pictures ffmpeg decodes together: of one size and format. */
async function grouped(kind: StillKind): Promise<Map<string, Drawn[]>> {
  const groups = new Map<string, Drawn[]>();
  const parse = kind === 'jpeg' ? parseJpeg : parsePng;
  for (let seed = 0; seed < FILES; seed++) {
    const one = await drawn(kind, seed);
    const header = await parse(bytesInMemory(one.file));
    expect(header.orientation, one.title).toBe(one.orientation);
    expect(header.obstacle, one.title).toBeNull();
    const key = `${header.pixelFormat} ${one.size.width} ${one.size.height}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

/** Samples of a plane that differ though no 8 × 8 block of it is changed, and how many of changed ones do. */
function differing(before: Plate, after: Plate, wanted: Plate, block: number): { outside: number; inside: number } {
  let [outside, inside] = [0, 0];
  const [old, now, want] = [before, after, wanted].map((plate) =>
    planesOf(plate.format, plate.bytes, plate.width, plate.height),
  );
  old?.forEach(({ samples, width }: Plane, k) => {
    const blockOf = (i: number) => Math.floor(Math.floor(i / width) / block) * 1000 + Math.floor((i % width) / block);
    const touched = new Set<number>();
    samples.forEach((sample: number, i: number) => {
      if (sample !== want?.[k]?.samples[i]) touched.add(blockOf(i));
    });
    samples.forEach((sample: number, i: number) => {
      const same = sample === now?.[k]?.samples[i];
      if (touched.has(blockOf(i))) inside += Number(!same);
      else outside += Number(!same);
    });
  });
  return { outside, inside };
}

describe.each([
  ['png', 1],
  ['jpeg', 8],
] as const)(`${FILES} %s stills in random orientations`, (kind, block) => {
  it('are changed where the upright picture was, and nowhere else', async () => {
    for (const [key, files] of await grouped(kind)) {
      const [pixelFormat, width, height] = key.split(' ') as [string, string, string];
      const size = { width: Number(width), height: Number(height) };
      const plateOf = (bytes: Uint8Array): Plate => ({
        frame: 0,
        format: sampleFormat(pixelFormat),
        ...size,
        bytes: Uint8Array.from(bytes),
      });
      const before = decodeStills(
        kind,
        files.map(({ file }) => file),
        pixelFormat,
        size,
      ).map(plateOf);
      const wanted = before.map((plate, k) => painted(plate, (files[k] as Drawn).orientation, randomFrom(k)));
      const spliced: Buffer[] = [];
      for (const [k, { file, orientation }] of files.entries()) {
        const { plate, rows } = wanted[k] as (typeof wanted)[number];
        spliced.push(await spliceStill(kind, file, plate, { in: rows.in, out: rows.out, orientation }));
      }
      const after = decodeStills(kind, spliced, pixelFormat, size).map(plateOf);
      for (const [k, { title, file, exif }] of files.entries()) {
        const { plate } = wanted[k] as (typeof wanted)[number];
        const { outside, inside } = differing(before[k] as Plate, after[k] as Plate, plate, block);
        expect(outside, title).toBe(0);
        expect(inside, title).toBeGreaterThan(30);
        if (kind === 'png') expect(Buffer.from((after[k] as Plate).bytes).equals(plate.bytes), title).toBe(true);
        const [was, is] = await Promise.all([sharp(file).metadata(), sharp(spliced[k] as Buffer).metadata()]);
        expect(is.orientation, title).toBe(was.orientation);
        expect(spliced[k]?.includes(exif), title).toBe(true);
      }
    }
  }, 60_000);

  it('that are damaged anywhere are refused with a sentence or read, within a second', async () => {
    const parse = kind === 'jpeg' ? parseJpeg : parsePng;
    let refused = 0;
    for (let seed = 0; seed < FILES; seed++) {
      const one = await drawn(kind, 5000 + seed);
      const random = randomFrom(7000 + seed);
      let file = one.file;
      const at = random.int(random.chance(0.6) ? Math.min(file.length, 250) : file.length);
      if (random.chance(0.3)) file = file.subarray(0, at);
      else file.fill(random.int(256), at, Math.min(file.length, at + 1 + random.int(4)));
      const started = performance.now();
      try {
        const header = await parse(bytesInMemory(file));
        const format = header.pixelFormat;
        if (header.obstacle === null && format !== null && header.width * header.height < 10_000) {
          const { width, height, orientation } = header;
          const plane = new Uint8Array(pictureBytes(sampleFormat(format), width, height));
          const plate = { frame: 0, format: sampleFormat(format), width, height, bytes: plane };
          await spliceStill(kind, file, plate, { in: 0, out: height, orientation });
        }
      } catch (error) {
        expect((error as Error).message, one.title).toMatch(/^[A-Za-z].{8,}/);
        if (error instanceof DamagedStill) refused += 1;
        // What only decoding shows is told to the user with the file's name in front.
        else expect((error as Error).name, `${one.title}: ${(error as Error).stack}`).toBe('Error');
      }
      expect(performance.now() - started, one.title).toBeLessThan(1000);
    }
    expect(refused).toBeGreaterThan(FILES / 10);
  }, 60_000);
});
