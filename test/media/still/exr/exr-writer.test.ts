import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { fromHalf, toHalf } from '../../../../src/film/half-float.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { parseExr } from '../../../../src/media/still/exr/exr.ts';
import { chunkLayout, chunksOf, readExrChunk } from '../../../../src/media/still/exr/exr-chunk.ts';
import type { ExrFacts } from '../../../../src/media/still/exr/exr-header-bytes.ts';
import { unpackExrChunk } from '../../../../src/media/still/exr/exr-packing.ts';
import type { ExrLevel } from '../../../../src/media/still/exr/exr-part.ts';
import { readExrSamples } from '../../../../src/media/still/exr/exr-samples.ts';
import { unpackExr } from '../../../../src/media/still/exr/unpack-exr.ts';
import { type ExrSamples, writeExr } from '../../../../src/media/still/exr/write-exr.ts';
import { type Random, randomFrom } from '../random.ts';
import { DRAWN_FACTS, drawnChannels } from './drawn-exr.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/exr-written');

interface KnownFile {
  readonly channels: Readonly<Record<string, { readonly sha256: string }>>;
}

const known = JSON.parse(readFileSync(join(FIXTURES, 'openexr.json'), 'utf8')) as { files: Record<string, KnownFile> };

describe('A written EXR file', () => {
  test('is the file in which OpenEXR and OpenImageIO read these attributes and samples', async () => {
    const [plain, packed] = ['none.exr', 'zip.exr'].map((name) => readFileSync(join(FIXTURES, name)));
    expect((await writeExr({ ...DRAWN_FACTS, compression: 'none' }, drawnChannels())).equals(plain as Buffer)).toBe(
      true,
    );
    // Another zlib may shorten otherwise; header and samples are the same.
    const now = await writeExr({ ...DRAWN_FACTS, compression: 'ZIP' }, drawnChannels());
    const end = (await parseExr(bytesInMemory(now))).tables[0]?.at;
    expect(now.subarray(0, end).equals((packed as Buffer).subarray(0, end))).toBe(true);
    for (const [name, file] of [
      ['none', plain],
      ['zip', packed],
      ['zip', now],
    ] as const) {
      const channels = await samplesIn(file as Buffer);
      const hashes = Object.fromEntries([...channels].map(([channel, samples]) => [channel, hashOf(samples)]));
      const expected = Object.entries(known.files[name]?.channels ?? {}).map(([channel, { sha256 }]) => [
        channel,
        sha256,
      ]);
      expect(hashes).toEqual(Object.fromEntries(expected));
    }
  });

  test('has its channels in the order of their names, in whichever they are given', async () => {
    const facts = { ...DRAWN_FACTS, compression: 'ZIP' } as const;
    const one = await writeExr(facts, drawnChannels());
    expect((await writeExr(facts, drawnChannels().reverse())).equals(one)).toBe(true);
    const { part } = (await parseExr(bytesInMemory(one))).picture;
    expect(part.channels.map(({ name }) => name)).toEqual(['A', 'B', 'G', 'R', 'depth.Z']);
  });

  test('is read here to the samples that were written, wherever its windows lie', async () => {
    for (let k = 0; k < 60; k++) {
      const random = randomFrom(k);
      const facts = {
        data: randomWindow(random),
        display: randomWindow(random),
        compression: random.pick(['none', 'ZIP'] as const),
      };
      const channels = random
        .shuffled(['R', 'G', 'B', 'A', 'left.mask'])
        .map((name) => randomChannel(name, facts, random));
      const file = await writeExr(facts, channels);
      const { part } = (await parseExr(bytesInMemory(file))).picture;
      expect([part.data, part.display]).toEqual([facts.data, facts.display]);
      const read = await samplesIn(file);
      for (const { name, type, samples } of channels) {
        expect(read.get(name), `${k} ${name}`).toEqual(type === 'half' ? asHalves(samples) : samples);
      }
    }
  });

  test('is decoded by ffmpeg to the samples that are read here', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reelmend-exr-'));
    const window = { left: 0, top: 0, width: 37, height: 41 };
    const read: Buffer[] = [];
    try {
      for (let k = 0; k < 40; k++) {
        const random = randomFrom(500 + k);
        const type = random.pick(['half', 'float'] as const);
        const facts = {
          ...DRAWN_FACTS,
          data: window,
          display: window,
          compression: random.pick(['none', 'ZIP'] as const),
        };
        const channels = ['A', 'R', 'G', 'B'].map((name) => ({ ...randomChannel(name, facts, random), type }));
        const file = await writeExr(facts, channels);
        read.push(Buffer.from(await unpackExr(file, await parseExr(bytesInMemory(file)))));
        writeFileSync(join(folder, `${String(k).padStart(3, '0')}.exr`), file);
      }
      const args = ['-f', 'image2', '-i', join(folder, '%03d.exr'), '-pix_fmt', 'gbrapf32le', '-f', 'rawvideo', '-'];
      const decoded = execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { maxBuffer: 1 << 28 });
      expect(decoded.equals(Buffer.concat(read))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has a rate that is read again, and no timecode whose frame has no room in it', async () => {
    const facts = { ...DRAWN_FACTS, compression: 'none' } as const;
    const header = async (timecode: string) => {
      const file = await writeExr({ ...facts, timecode }, drawnChannels());
      return parseExr(bytesInMemory(file));
    };
    const timecodeIn = async (label: string) =>
      (await header(label)).picture.part.attributes.get('timeCode')?.value.readUInt32LE().toString(16);
    expect((await header('01:02:03:04')).rate).toEqual({ num: 30000, den: 1001 });
    expect(await timecodeIn('01:02:03:39')).toBe('1020339');
    expect(await timecodeIn('01:02:03;04')).toBe('1020344');
    expect(await timecodeIn('01:02:03:40')).toBeUndefined();
    expect(await timecodeIn('no label')).toBeUndefined();
  });

  it('is not made of samples or names that do not fit', async () => {
    const facts = { ...DRAWN_FACTS, compression: 'none' } as const;
    const [one] = drawnChannels() as [ExrSamples];
    const written = (changed: Partial<ExrFacts>, channels: readonly ExrSamples[]) =>
      writeExr({ ...facts, ...changed }, channels).catch((error: Error) => error.message);
    expect(await written({}, [{ ...one, samples: one.samples.subarray(1) }])).toBe(
      'Channel R has 776 samples, for 21×37 pixels of an EXR file.',
    );
    expect(await written({}, [one, one])).toBe('"R" is given twice for an EXR file.');
    expect(await written({ texts: { lineOrder: 'x' } }, [one])).toBe('"lineOrder" is given twice for an EXR file.');
    expect(await written({}, [{ ...one, name: '' }])).toBe(
      '"" cannot name what is in an EXR file: 1 to 255 bytes were expected.',
    );
  });
});

function randomWindow(random: Random) {
  return { left: random.int(90) - 60, top: random.int(90) - 60, width: 1 + random.int(40), height: 1 + random.int(50) };
}

function randomChannel(name: string, { data }: Pick<ExrFacts, 'data'>, random: Random): ExrSamples {
  const noisy = random.chance(0.5);
  const samples = Float32Array.from({ length: data.width * data.height }, () =>
    noisy ? random.real() * 3 - 1 : random.int(4) / 4,
  );
  return { name, type: random.pick(['half', 'float']), samples };
}

function asHalves(samples: Float32Array): Float32Array {
  return samples.map((value) => fromHalf(toHalf(value)));
}

/** Every channel's samples of the whole data window, by its name. */
async function samplesIn(file: Buffer): Promise<Map<string, Float32Array>> {
  const source = bytesInMemory(file);
  const { picture, tables, multiPart } = await parseExr(source);
  const { part } = picture;
  const { left, top, width, height } = part.data;
  const samples = new Map(part.channels.map(({ name }) => [name, new Float32Array(width * height)]));
  for (const chunk of chunksOf(part, part.levels[0] as ExrLevel)) {
    const place = tables[0]?.places[chunk.index] as number;
    const layout = chunkLayout(part.channels, chunk);
    const raw = await unpackExrChunk(
      part.compression,
      await readExrChunk(source, { part, multiPart, place }, chunk),
      layout,
    );
    expect([chunk.left, chunk.width]).toEqual([left, width]);
    for (const { channel, lines } of layout.channels) {
      lines.forEach((at, y) => {
        const from = (chunk.top - top + y) * width;
        readExrSamples(raw, at, channel.type, samples.get(channel.name)?.subarray(from, from + width) as Float32Array);
      });
    }
  }
  return samples;
}

function hashOf(samples: Float32Array): string {
  return createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex');
}
