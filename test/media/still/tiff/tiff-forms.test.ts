import { describe, expect, it } from 'vitest';
import { type Plane, type Plate, planesOf } from '../../../../src/film/plate.ts';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { DamagedStill } from '../../../../src/media/still/damaged-still.ts';
import { spliceTiff } from '../../../../src/media/still/tiff/splice-tiff.ts';
import { parseTiff, type TiffHeader } from '../../../../src/media/still/tiff/tiff.ts';
import { unpackTiff } from '../../../../src/media/still/tiff/unpack-tiff.ts';
import { decodeStills, repaint } from '../footage.ts';
import { randomFrom } from '../random.ts';
import { randomTiff } from './drawn-tiffs.ts';
import { type DrawnPage, writeTiff } from './tiff-writer.ts';

const FILES = 500;

/** The picture in planes as it was drawn. */
function truth(page: DrawnPage, header: TiffHeader): number[][] {
  const format = sampleFormat(header.pixelFormat as string);
  const flip = page.photometric === 0 ? 2 ** page.bits - 1 : 0;
  return format.planes.map(({ component }) => {
    const c = component === 'Y' ? 0 : ['R', 'G', 'B', 'A'].indexOf(component);
    return Array.from(
      { length: page.width * page.height },
      (_, k) => page.value(k % page.width, Math.floor(k / page.width), c) ^ flip,
    );
  });
}

const samplesOf = (plate: Plate) =>
  planesOf(plate.format, plate.bytes, plate.width, plate.height).map(({ samples }: Plane) => [...samples]);

async function plateOf(file: Buffer): Promise<{ header: TiffHeader; plate: Plate }> {
  const header = await parseTiff(bytesInMemory(file));
  const { width, height } = header;
  const bytes = await unpackTiff(file, header);
  return { header, plate: { frame: 0, format: sampleFormat(header.pixelFormat as string), width, height, bytes } };
}

/** Every field of every directory but those that say where the picture is, by a reader of the test's own. */
function fieldsIn(file: Buffer): string[] {
  const bigEndian = file.toString('latin1', 0, 2) === 'MM';
  const read = (at: number, bytes: number) => {
    let value = 0;
    for (let k = 0; k < bytes; k++) value = value * 256 + (file[at + (bigEndian ? k : bytes - 1 - k)] as number);
    return value;
  };
  const big = read(2, 2) === 43;
  const word = big ? 8 : 4;
  const found: string[] = [];
  for (let at = read(big ? 8 : 4, word); at !== 0; ) {
    const count = read(at, big ? 8 : 2);
    let entry = at + (big ? 8 : 2);
    for (let k = 0; k < count; k++, entry += big ? 20 : 12) {
      const [tag, type, length] = [read(entry, 2), read(entry + 2, 2), read(entry + 4, word)];
      const bytes = ({ 1: 1, 2: 1, 3: 2, 4: 4, 16: 8 }[type] ?? 0) * length;
      const place = bytes <= word ? entry + 4 + word : read(entry + 4 + word, word);
      if ([273, 279, 324, 325].includes(tag)) found.push(`${tag} of ${length}`);
      else found.push(`${tag} ${type} ${file.toString('hex', place, place + bytes)}`);
    }
    at = read(entry, word);
  }
  return found;
}

describe(`${FILES} TIFF stills of random form`, () => {
  it('are read sample for sample, and a change of rows changes nothing else of picture, alpha, pages or fields', async () => {
    for (let seed = 0; seed < FILES; seed++) {
      const random = randomFrom(seed);
      const { tiff, page, title } = randomTiff(random);
      const drawn = tiff.pages[page] as DrawnPage;
      const file = writeTiff(tiff);
      const said = `file ${seed}: ${title}`;
      const { header, plate } = await plateOf(file);
      const { orientation = 1 } = drawn;
      expect(header.orientation, said).toBe(orientation >= 1 && orientation <= 8 ? orientation : 1);
      expect(header.obstacle, said).toBeNull();
      const before = samplesOf(plate);
      expect(before, said).toEqual(truth(drawn, header));

      const from = random.int(drawn.height);
      const to = from + 1 + random.int(drawn.height - from);
      expect((await spliceTiff(file, header, plate, { in: 0, out: drawn.height })).equals(file), said).toBe(true);
      const painted = repaint(plate, from, to);
      const spliced = await spliceTiff(file, header, painted, { in: from, out: to });
      const after = await plateOf(spliced);
      expect(Buffer.from(after.plate.bytes).equals(painted.bytes), said).toBe(true);
      expect(fieldsIn(spliced), said).toEqual(fieldsIn(file));
      for (const [k, other] of tiff.pages.entries()) {
        if (k !== page) await expectKept(file, spliced, other, said);
      }
      if (drawn.compression === 1) expect(spliced.length, said).toBe(file.length);
    }
  }, 60_000);

  it('are read by ffmpeg as by this program, where it reads them', async () => {
    const size = { width: 24, height: 16 };
    const groups = new Map<string, { readonly file: Buffer; readonly bytes: Uint8Array; readonly title: string }[]>();
    for (let seed = 0; seed < FILES; seed++) {
      const { tiff, title } = randomTiff(randomFrom(20_000 + seed), size);
      const file = writeTiff(tiff);
      const { header, plate } = await plateOf(file);
      if (header.unpacked) continue;
      const group = groups.get(header.pixelFormat as string) ?? [];
      group.push({ file, bytes: plate.bytes, title });
      groups.set(header.pixelFormat as string, group);
    }
    expect(groups.size).toBeGreaterThan(10);
    for (const [format, files] of groups) {
      const decoded = decodeStills(
        'tiff',
        files.map(({ file }) => file),
        format,
        size,
      );
      const wrong = files.filter(({ bytes }, k) => !decoded[k]?.equals(bytes));
      expect(wrong.map(({ title }) => `${format}: ${title}`)).toEqual([]);
    }
  }, 60_000);

  it('that are damaged anywhere are read or refused with a sentence, within a second', async () => {
    let refused = 0;
    for (let seed = 0; seed < FILES; seed++) {
      const random = randomFrom(10_000 + seed);
      const { tiff } = randomTiff(random);
      let file = writeTiff(tiff);
      for (let k = 1 + random.int(3); k > 0; k--) {
        // Half of them near the beginning, where directories often are.
        const at = random.int(random.chance(0.5) ? Math.min(400, file.length) : file.length);
        const kind = random.int(4);
        if (kind === 0) file[at] = random.int(256);
        else if (kind === 1) file.fill(random.pick([0, 0xff, 0x80]), at, Math.min(file.length, at + 1 + random.int(8)));
        else if (kind === 2) file[at] = (file[at] as number) ^ (1 << random.int(8));
        else file = file.subarray(0, Math.max(1, at));
      }
      const started = performance.now();
      try {
        const header = await parseTiff(bytesInMemory(file));
        if (header.obstacle === null) await unpackTiff(file, header);
      } catch (error) {
        expect(error, `file ${seed}`).toBeInstanceOf(DamagedStill);
        expect((error as Error).message, `file ${seed}`).toMatch(/^(is|has|lacks|lists) .{10,}[^.]$/s);
        refused += 1;
      }
      expect(performance.now() - started, `file ${seed}`).toBeLessThan(1000);
    }
    expect(refused).toBeGreaterThan(FILES / 4);
  }, 60_000);
});

/** The pixels of a page that is not the picture: the bytes that its writer put there are still there. */
async function expectKept(file: Buffer, spliced: Buffer, other: DrawnPage, said: string): Promise<void> {
  const alone = writeTiff({
    bigEndian: file.toString('latin1', 0, 2) === 'MM',
    big: false,
    directoriesFirst: true,
    pages: [other],
  });
  const { chunks } = await parseTiff(bytesInMemory(alone));
  for (const { offset, length } of chunks) {
    const stored = alone.subarray(offset, offset + length);
    expect(file.includes(stored) && spliced.includes(stored), said).toBe(true);
  }
}
