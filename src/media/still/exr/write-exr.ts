import { halvesOfFloats } from '../../../film/half-float.ts';
import { chunkLayout, chunksOf, framedChunk } from './exr-chunk.ts';
import { type ExrFacts, exrHeaderBytes } from './exr-header-bytes.ts';
import { packExrChunk } from './exr-packing.ts';
import { COMPRESSIONS, type ExrChannel, lineGrid, SCAN_LINES } from './exr-part.ts';

/** One channel's samples, `data.width` × `data.height`, line by line. */
export interface ExrSamples {
  readonly name: string;
  /** How they are stored; as halves each is the nearest one, see `toHalf`. */
  readonly type: 'half' | 'float';
  readonly samples: Float32Array;
}

/**
 * The bytes of an OpenEXR file of one part in scan lines, from the first to the last. The same facts and samples make the same bytes.
 *
 * @param channels in any order; the file has them in that of their names, as the format demands
 * @throws RangeError where a channel has not one sample for each pixel of the data window, and for names that cannot be stored
 */
export async function writeExr(facts: ExrFacts, channels: readonly ExrSamples[]): Promise<Buffer> {
  const { data } = facts;
  for (const { name, samples } of channels) {
    if (samples.length === data.width * data.height) continue;
    throw new RangeError(
      `Channel ${name} has ${samples.length} samples, for ${data.width}×${data.height} pixels of an EXR file.`,
    );
  }
  const sorted = channels.toSorted((a, b) => Buffer.from(a.name).compare(Buffer.from(b.name)));
  const layouts = sorted.map(({ name, type }): ExrChannel => ({ name, type, stepX: 1, stepY: 1, logarithmic: false }));
  const header = exrHeaderBytes(facts, layouts);
  const code = COMPRESSIONS.indexOf(facts.compression);
  const grid = lineGrid(data, SCAN_LINES[code] as number);
  const stored = sorted.map(({ type, samples }) => storedBytes(type, samples));
  const chunks = await Promise.all(
    chunksOf({ data, storage: 'scan lines', ...grid }, grid.levels[0]).map(async (chunk) => {
      const layout = chunkLayout(layouts, chunk);
      const raw = Buffer.allocUnsafe(layout.bytes);
      layout.channels.forEach(({ lines }, c) => {
        const bytes = stored[c] as Buffer;
        const stride = bytes.length / data.height;
        for (let y = 0; y < chunk.height; y++) {
          const from = (chunk.top - data.top + y) * stride;
          bytes.copy(raw, lines[y] as number, from, from + stride);
        }
      });
      return framedChunk({ index: 0 }, false, chunk.key, await packExrChunk(code, raw, layout));
    }),
  );
  return Buffer.concat([header, chunkTable(header.length, chunks), ...chunks]);
}

/** All samples of a channel as they are in the file, little-endian as this machine's memory is. */
function storedBytes(type: ExrSamples['type'], samples: Float32Array): Buffer {
  const { buffer, byteOffset, byteLength } = type === 'half' ? halvesOfFloats(samples) : samples;
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Where each chunk begins, bytes from the file's start. */
function chunkTable(after: number, chunks: readonly Buffer[]): Buffer {
  const table = Buffer.alloc(chunks.length * 8);
  let place = after + table.length;
  chunks.forEach((chunk, k) => {
    table.writeBigUInt64LE(BigInt(place), k * 8);
    place += chunk.length;
  });
  return table;
}
