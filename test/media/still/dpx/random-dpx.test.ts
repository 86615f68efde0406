import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Plate, planesOf } from '../../../../src/film/plate.ts';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { DamagedStill } from '../../../../src/media/still/damaged-still.ts';
import { parseDpx } from '../../../../src/media/still/dpx/dpx.ts';
import { spliceDpx } from '../../../../src/media/still/dpx/splice-dpx.ts';
import { unpackDpx } from '../../../../src/media/still/dpx/unpack-dpx.ts';
import { processorTime } from '../../../processor-time.ts';
import { layOut, repaint } from '../footage.ts';
import { type Random, randomFrom } from '../random.ts';
import { type DrawnDpx, drawDpx } from './dpx-writer.ts';

const VALID = 500;
const ODD = 500;
/** Nothing that a file says may keep its reader busy for longer, ms. */
const QUICK = 1000;
/** Enough where the picture does not matter. */
const SMALL = { width: 18, height: 12 };
const folder = mkdtempSync(join(tmpdir(), 'reelmend-dpx-'));
afterAll(() => rmSync(folder, { recursive: true }));

function randomDpx(random: Random): DrawnDpx {
  const descriptor = random.pick([1, 6, 50, 50, 50, 51, 52, 53, 54, 55, 100, 101, 102, 103]);
  const bits = random.pick([8, 10, 10, 12, 16] as const);
  const packing = bits === 8 || bits === 16 ? random.pick([0, 1, 2, 5, 0xffff]) : random.pick([0, 1, 2]);
  const offset = random.pick([1664, 2048, 2049, 2051, 8192, 8192, 8194]);
  const rows = random.pick(['filled', 'filled', 'filled', 'tight', bits === 10 ? 'running' : 'filled'] as const);
  const saysRowPadding = random.int(3) > 0;
  // Of padding that no header tells of sizes tell only words, unless nothing lies behind the picture.
  const trailing = random.pick([0, 0, 0, 1, 7, 39]);
  const paddings = saysRowPadding || trailing === 0 ? [0, 0, 0, 4, 12, 64, 3] : [0, 0, 0, 4, 12, 64];
  const rowPadding = rows === 'running' ? 0 : random.pick(paddings);
  const drawn: DrawnDpx = {
    ...{ descriptor, bits, packing, offset, rows, rowPadding, bigEndian: random.int(2) === 0, seed: random.real() },
    ...(random.int(4) === 0 ? { width: 60, height: 44 } : { width: 64, height: 40 }),
    ...{ saysRowPadding, trailing },
    orientation: random.pick([0, 0, 1, 2, 3, 4, 5, 6, 7, 0xffff]),
    encoding: random.pick([0, 0, 0, 0xffff]),
    elements: random.pick([1, 1, 0, 0xffff]),
    ...(random.int(3) === 0 ? { fileSize: random.pick([0, 1, 2048, 0xffffffff, 1 << 24, 0x7fffffff]) } : {}),
    ...(random.int(8) === 0 ? { elementOffset: random.pick([0, 0xffffffff]) } : {}),
  };
  return drawn;
}

describe('500 random DPX files', () => {
  const random = randomFrom(268);
  const files = Array.from({ length: VALID }, () => randomDpx(random));

  test('are read to the sample, and changed in the rows that are asked for and nowhere else', async () => {
    const decodedBy = new Map<string, { file: Buffer; plate: Plate }[]>();
    for (const drawn of files) {
      const { width, height } = drawn;
      const { file, planes, pixelFormat } = drawDpx(drawn);
      const header = await parseDpx(bytesInMemory(file)).catch((cause: unknown) => {
        throw new Error(`${JSON.stringify(drawn)} ${(cause as Error).message}`);
      });
      const what = `${JSON.stringify(drawn)} ${JSON.stringify(header)}`;
      const format = sampleFormat(header.pixelFormat);
      expect(format.name, what).toBe(sampleFormat(pixelFormat).name);
      expect(Buffer.compare(unpackDpx(file, header), planes), what).toBe(0);

      const plate: Plate = { frame: 0, format, width, height, bytes: planes };
      const painted = repaint(plate, 9, 14);
      const spliced = spliceDpx(file, header, painted, { in: 9, out: 14 });
      expect(Buffer.compare(unpackDpx(spliced, header), painted.bytes), what).toBe(0);
      expect(spliced.subarray(0, drawn.offset).equals(file.subarray(0, drawn.offset)), what).toBe(true);
      expect(spliceDpx(spliced, header, plate, { in: 9, out: 14 }).equals(file), what).toBe(true);
      if (header.unpacked) continue;
      const key = `${header.pixelFormat} ${width} ${height}`;
      decodedBy.set(key, [...(decodedBy.get(key) ?? []), { file, plate }]);
    }
    // Those that are left to ffmpeg are read by it to the sample, too.
    let decoded = 0;
    for (const [key, group] of decodedBy) {
      const [pixelFormat] = key.split(' ') as [string];
      const bytes = decodedTogether(
        key.replaceAll(' ', '-'),
        pixelFormat,
        group.map(({ file }) => file),
      );
      for (const [k, { plate }] of group.entries()) {
        const length = plate.bytes.length;
        expect(Buffer.compare(bytes.subarray(k * length, (k + 1) * length), plate.bytes), `${key} ${k}`).toBe(0);
        decoded += 1;
      }
    }
    expect(decoded).toBeGreaterThan(20);
    expect(decoded).toBeLessThan(VALID - 100);
  });
});

function decodedTogether(name: string, pixelFormat: string, files: readonly Buffer[]): Buffer {
  for (const [k, file] of files.entries()) writeFileSync(join(folder, `${name}.${k}.dpx`), file);
  const input = ['-f', 'image2', '-start_number', '0', '-i', join(folder, `${name}.%d.dpx`)];
  const args = [...input, ...layOut(pixelFormat), '-f', 'rawvideo', '-'];
  return execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { maxBuffer: 1 << 28 });
}

/** Ways in which a file is none that can be read, each of which must be named. */
const FAULTS: readonly [string, (file: Buffer, drawn: DrawnDpx, random: Random) => Buffer, RegExp][] = [
  [
    'cut off',
    (file, _, random) => file.subarray(0, random.int(file.length - 64)),
    /is cut off|rows that do not lie|byte at which/,
  ],
  ['run-length encoded', (file, drawn) => field16(file, drawn, 806, 1), /is run-length encoded/],
  [
    'of an unknown encoding',
    (file, drawn, random) => field16(file, drawn, 806, 2 + random.int(9000)),
    /its encoding is/,
  ],
  [
    'of an unknown kind',
    (file, _, random) => field8(file, 800, random.pick([0, 4, 7, 8, 9, 104, 105, 150, 156, 200, 255])),
    /holds /,
  ],
  [
    'of an unknown depth',
    (file, _, random) => field8(file, 803, random.pick([0, 1, 2, 9, 14, 17, 32, 64, 255])),
    /samples of \d+ bits/,
  ],
  [
    'without a size',
    (file, drawn, random) => field32(file, drawn, random.pick([772, 776]), random.pick([0, 0xffffffff, 1 << 30])),
    /damaged header|odd width/,
  ],
  [
    'whose picture begins nowhere',
    (file, drawn) => field32(field32(file, drawn, 4, 0xfffffff0), drawn, 808, 0),
    /byte at which/,
  ],
  ['with signed samples', (file, drawn) => field32(file, drawn, 780, 1), /signed/],
  ['of another kind', (file) => Buffer.concat([Buffer.from('II*\0'), file.subarray(4)]), /is not a DPX file/],
  ['with colours apart', (file, drawn) => apart(file, drawn), /separate image elements/],
];

describe('500 odd DPX files', () => {
  test.each(FAULTS)('are named where they are %s', async (_, damage, sentence) => {
    const random = randomFrom(17);
    for (let k = 0; k < ODD / FAULTS.length; k++) {
      const drawn = { ...randomDpx(random), ...SMALL, trailing: 0, fileSize: 0xffffffff };
      const odd = damage(Buffer.from(drawDpx(drawn).file), drawn, random);
      const began = processorTime();
      const error = await parseDpx(bytesInMemory(odd)).then(
        (header) => new Error(`was read: ${JSON.stringify(drawn)} ${JSON.stringify(header)}`),
        (cause: unknown) => cause as Error,
      );
      expect(error.message).toMatch(sentence);
      expect(error).toBeInstanceOf(DamagedStill);
      expect(processorTime() - began).toBeLessThan(QUICK);
    }
  });

  test('are never a sheared picture where rows are longer than anything tells', async () => {
    const random = randomFrom(33);
    let refused = 0;
    for (let k = 0; k < 60; k++) {
      const extra = 1 + random.int(40);
      const drawn = { ...randomDpx(random), rows: 'filled' as const, rowPadding: extra, saysRowPadding: false };
      const { file, planes } = drawDpx({ ...drawn, fileSize: 0xffffffff, trailing: 1000 + random.int(9000) });
      try {
        const header = await parseDpx(bytesInMemory(file));
        expect(Buffer.compare(unpackDpx(file, header), planes), JSON.stringify({ ...drawn, rows: header.rows })).toBe(
          0,
        );
      } catch (cause) {
        if (!(cause instanceof DamagedStill)) throw cause;
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(20);
  });

  test('are read or named, whatever bytes of their headers are damaged', async () => {
    const random = randomFrom(5);
    let named = 0;
    for (let k = 0; k < ODD; k++) {
      const drawn = { ...randomDpx(random), ...SMALL };
      const file = drawDpx(drawn).file;
      for (let n = 0; n <= random.int(6); n++) {
        const at = random.pick([random.int(32), 768 + random.int(60), random.int(1664)]);
        file[at] = random.pick([0, 1, 255, random.int(256)]);
      }
      const began = processorTime();
      try {
        const header = await parseDpx(bytesInMemory(file));
        const { pixelFormat, width, height } = header;
        const bytes = unpackDpx(file, header);
        const plate: Plate = { frame: 0, format: sampleFormat(pixelFormat), width, height, bytes };
        expect(planesOf(plate.format, bytes, width, height).length).toBeGreaterThan(0);
        expect(spliceDpx(file, header, plate, { in: 0, out: height }).equals(file)).toBe(true);
      } catch (cause) {
        if (!(cause instanceof DamagedStill)) throw cause;
        named += 1;
      }
      expect(processorTime() - began).toBeLessThan(QUICK);
    }
    expect(named).toBeGreaterThan(100);
    expect(named).toBeLessThan(ODD - 50);
  });
});

function field8(file: Buffer, at: number, value: number): Buffer {
  file[at] = value;
  return file;
}

function field16(file: Buffer, { bigEndian }: DrawnDpx, at: number, value: number): Buffer {
  if (bigEndian) file.writeUInt16BE(value, at);
  else file.writeUInt16LE(value, at);
  return file;
}

function field32(file: Buffer, { bigEndian }: DrawnDpx, at: number, value: number): Buffer {
  if (bigEndian) file.writeUInt32BE(value, at);
  else file.writeUInt32LE(value, at);
  return file;
}

/** Red, green and blue in three elements. */
function apart(file: Buffer, drawn: DrawnDpx): Buffer {
  field16(file, drawn, 770, 3);
  for (let k = 0; k < 3; k++) file[800 + 72 * k] = 1 + k;
  return file;
}
