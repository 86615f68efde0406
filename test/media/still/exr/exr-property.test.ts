import { describe, expect, test } from 'vitest';
import { toHalf } from '../../../../src/film/half-float.ts';
import type { Plate } from '../../../../src/film/plate.ts';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { DamagedStill } from '../../../../src/media/still/damaged-still.ts';
import { parseExr } from '../../../../src/media/still/exr/exr.ts';
import { spliceExr } from '../../../../src/media/still/exr/splice-exr.ts';
import { unpackExr } from '../../../../src/media/still/exr/unpack-exr.ts';
import { processorTime } from '../../../processor-time.ts';
import { type Random, randomFrom } from '../random.ts';
import { chunksOfModel, floatBits, floatOf, linesOf, type ModelFile, type ModelPart, sizeOf } from './exr-model.ts';
import { type RandomExr, randomExr } from './random-exr.ts';
import { unpackedLines, type WrittenExr, writeExr } from './write-exr.ts';

/** More for a long look: `REELMEND_EXR_CASES=20000`. */
const CASES = Number(process.env['REELMEND_EXR_CASES'] ?? 500);
const DAMAGED = { deep: 0x800, tiled: 0x200, multiPart: 0x1000, unknown: 0x4000 };

/** A rectangle of the frame, half-open, that is given other samples. */
interface Matte {
  readonly left: number;
  readonly right: number;
  readonly in: number;
  readonly out: number;
}

describe('Of 500 random EXR files', () => {
  test('each is read as it was written, and spliced so that only the matte changes', async () => {
    for (let seed = 0; seed < CASES; seed++) {
      const random = randomFrom(seed);
      const made = randomExr(random);
      const written = writeExr(made.model, random);
      const context = `seed ${seed}`;
      const header = await parseExr(bytesInMemory(written.file), made.layer);
      expect(header.pixelFormat, context).toBe(made.pixelFormat);
      expect(header.obstacle, context).toBeNull();
      const floats = new Float32Array((await unpackExr(written.file, header)).buffer);
      expectSame(floats, expectedPicture(made), context);

      const matte = randomMatte(random, header);
      const painted = repainted(floats, made, header, matte, random);
      const spliced = await spliceExr(written.file, header, painted, matte);
      expectChanged(written, spliced, edited(made, painted, matte), context);
      // A plate that is the file's own picture changes nothing.
      const own = { ...painted, bytes: new Uint8Array(floats.buffer) };
      expect(
        (await spliceExr(written.file, header, own, { in: 0, out: header.height })).equals(written.file),
        context,
      ).toBe(true);
    }
  });

  test('each one damaged is named, or comes to no harm', async () => {
    const refused = { must: 0, may: 0 };
    for (let seed = 0; seed < CASES; seed++) {
      const random = randomFrom(1e6 + seed);
      const made = randomExr(random);
      const written = writeExr(made.model, random);
      const { file, certain, what } = damaged(written, made.model, random);
      const began = processorTime();
      const outcome = await read(file, made.layer);
      const context = `seed ${seed}: ${what}`;
      expect(processorTime() - began, context).toBeLessThan(1000);
      if (outcome instanceof Error) {
        expect(outcome, context).toBeInstanceOf(DamagedStill);
        expect(outcome.message, context).toMatch(/^[a-z].*[^.]$/s);
        refused[certain ? 'must' : 'may'] += 1;
      } else expect(certain, context).toBe(false);
    }
    expect(refused.must).toBeGreaterThan(CASES / 3);
  });
});

async function read(file: Buffer, layer: string | undefined): Promise<Error | 'read'> {
  try {
    const header = await parseExr(bytesInMemory(file), layer);
    const bytes = await unpackExr(file, header);
    const { width, height } = header;
    const plate = {
      frame: 0,
      format: sampleFormat(header.pixelFormat),
      width,
      height,
      bytes: bytes.map((byte) => byte ^ 8),
    };
    await spliceExr(file, header, plate, { in: 0, out: height });
    return 'read';
  } catch (error) {
    return error as Error;
  }
}

/** The picture that a person sees: the display window, with samples where the data window has some. */
function expectedPicture({ model, part: index, planes }: RandomExr): Float32Array {
  const part = model.parts[index] as ModelPart;
  const [width, height] = sizeOf(part.display);
  const picture = new Float32Array(width * height * planes.length);
  planes.forEach((name, p) => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = placeOf(part, x, y);
        if (at === null) continue;
        const { type, bits } = stored(part, name, at);
        picture[(p * height + y) * width + x] = floatOf(type, bits);
      }
    }
  });
  return picture;
}

/** The place of a pixel of the frame among a channel's samples; null where the file has none there. */
function placeOf({ data, display }: ModelPart, x: number, y: number): number | null {
  const [column, row] = [x + display.left - data.left, y + display.top - data.top];
  const [width, height] = sizeOf(data);
  return column < 0 || row < 0 || column >= width || row >= height ? null : row * width + column;
}

function stored(part: ModelPart, name: string, at: number) {
  const channel = part.channels.findIndex((one) => one.name === name);
  const { type } = part.channels[channel] as { type: 'half' | 'float' | 'uint' };
  return { type, channel, bits: part.samples[0]?.[channel]?.[at] as number };
}

function randomMatte(random: Random, { width, height }: { readonly width: number; readonly height: number }): Matte {
  const left = random.int(width);
  const top = random.int(height);
  return {
    left,
    right: left + 1 + random.int(width - left),
    in: top,
    out: top + 1 + random.int(height - top),
  };
}

function repainted(
  floats: Float32Array,
  { planes, pixelFormat }: RandomExr,
  { width, height }: { readonly width: number; readonly height: number },
  matte: Matte,
  random: Random,
): Plate {
  const painted = floats.slice();
  for (let p = 0; p < planes.length; p++) {
    for (let y = matte.in; y < matte.out; y++) {
      for (let x = matte.left; x < matte.right; x++)
        painted[(p * height + y) * width + x] = random.int(4096) / 4000 - 0.01;
    }
  }
  return { frame: 0, format: sampleFormat(pixelFormat), width, height, bytes: new Uint8Array(painted.buffer) };
}

/** The model with the plate's samples in the matte, in each channel's depth; alpha stays. */
function edited({ model, part: index, planes }: RandomExr, plate: Plate, matte: Matte): ModelFile {
  const part = model.parts[index] as ModelPart;
  const floats = new Float32Array(plate.bytes.buffer);
  const full = (part.samples[0] as Uint32Array[]).map((samples) => samples.slice());
  planes.forEach((name, p) => {
    if (/A$/.test(name)) return;
    for (let y = matte.in; y < matte.out; y++) {
      for (let x = matte.left; x < matte.right; x++) {
        const at = placeOf(part, x, y);
        if (at === null) continue;
        const { type, channel, bits } = stored(part, name, at);
        const value = floats[(p * plate.height + y) * plate.width + x] as number;
        if (!Object.is(floatOf(type, bits), value)) (full[channel] as Uint32Array)[at] = bitsOf(type, value);
      }
    }
  });
  const changed = { ...part, samples: [full, ...part.samples.slice(1)] };
  return { ...model, parts: model.parts.map((one, k) => (k === index ? changed : one)) };
}

function bitsOf(type: 'half' | 'float' | 'uint', value: number): number {
  if (type === 'half') return toHalf(value);
  return type === 'float' ? floatBits(value) : Math.round(Math.max(0, Math.min(1, value)) * 4294967295);
}

function expectSame(found: Float32Array, wanted: Float32Array, context: string): void {
  expect(found.length, context).toBe(wanted.length);
  expect(
    found.findIndex((value, k) => !Object.is(value, wanted[k])),
    context,
  ).toBe(-1);
}

/** Reads a spliced file chunk by chunk: headers as they were, and the lines that the model says. */
function expectChanged(before: WrittenExr, after: Buffer, model: ModelFile, context: string): void {
  expect(after.subarray(0, before.tablesAt).equals(before.file.subarray(0, before.tablesAt)), context).toBe(true);
  let table = before.tablesAt;
  for (const [p, part] of model.parts.entries()) {
    for (const [k, chunk] of chunksOfModel(part).entries()) {
      const place = Number(after.readBigUInt64LE(table));
      table += 8;
      const head = [...(model.multiPart ? [p] : []), ...chunk.key];
      expect(
        head.map((_, i) => after.readInt32LE(place + i * 4)),
        context,
      ).toEqual(head);
      const from = place + head.length * 4;
      const data = after.subarray(from + 4, from + 4 + after.readUInt32LE(from));
      const lines = linesOf(part, chunk);
      const found = unpackedLines(part, data, lines, chunk.window);
      if (!found.equals(lines)) expect.fail(`${context}: chunk ${k} of part ${p} has other samples`);
    }
  }
}

/** A file with one fault; `certain` where it must be noticed. */
function damaged(written: WrittenExr, model: ModelFile, random: Random) {
  const file = Buffer.from(written.file);
  const { tablesAt, attributesAt, places } = written;
  const p = random.int(places.length);
  const at = (name: string) => attributesAt[p]?.get(name) as number;
  const fault = random.int(16);
  const certainly = (what: string, result: Buffer = file) => ({ file: result, certain: true, what });
  switch (fault) {
    case 0:
      return certainly('cut off', file.subarray(0, random.int(file.length)));
    case 1:
      file.fill(0, tablesAt, tablesAt + places.flat().length * 8);
      return certainly('an empty table');
    case 2:
      file.writeUInt32LE(random.int(tablesAt), tablesAt);
      return certainly('a chunk in the header');
    case 3:
      file.writeUInt32LE(file.readUInt32LE(4) | random.pick([DAMAGED.unknown, 0x8000_0000 >>> 1, 1]), 4);
      return certainly('an unknown version');
    case 4:
      file.writeInt32LE(0x7fff_ffff, at('dataWindow') + 8);
      return certainly('a window of 2³¹ columns');
    case 5:
      file.writeInt32LE(file.readInt32LE(at('displayWindow')) - 1 - random.int(9), at('displayWindow') + 8);
      return certainly('a window inside out');
    case 6:
      file[at('compression')] = 10 + random.int(240);
      return certainly('an unknown compression');
    case 7:
      file[at('channels')] = 0;
      return certainly('no channels');
    case 8:
      file.writeUInt32LE(3 + random.int(1000), file.indexOf(0, at('channels')) + 1);
      return certainly('samples of an unknown type');
    case 9:
      file[at('lineOrder')] = 3 + random.int(250);
      return certainly('an unknown order of lines');
    case 10:
      file.writeUInt32LE(random.pick([0xffff_ffff, 0x7fff_ffff, file.length]), at('dataWindow') - 4);
      return certainly('an attribute longer than the file');
    case 11:
      if (model.multiPart) return certainly('deep data', deep(file, at('type')));
      file.writeUInt32LE(file.readUInt32LE(4) | DAMAGED.deep, 4);
      return certainly('deep data');
    default: {
      // Bits anywhere: samples that are stored as they are have no checksum.
      for (let k = 1 + random.int(4); k > 0; k--) {
        const byte = random.chance(0.5) ? random.int(tablesAt + places.flat().length * 8) : random.int(file.length);
        file[byte] = (file[byte] as number) ^ (1 << random.int(8));
      }
      return { file, certain: false, what: 'bits turned' };
    }
  }
}

/** The type of a part made one that no program knows. */
function deep(file: Buffer, at: number): Buffer {
  file[at] = 'x'.charCodeAt(0);
  return file;
}
