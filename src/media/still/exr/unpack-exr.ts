import { pictureBytes, sampleFormat } from '../../../film/sample-format.ts';
import { bytesInMemory } from '../byte-source.ts';
import type { ExrHeader, ExrTable } from './exr.ts';
import { chunkLayout, chunksOf, readExrChunk } from './exr-chunk.ts';
import { isSeen, planesByComponent, seenLines } from './exr-frame.ts';
import { unpackExrChunk } from './exr-packing.ts';
import type { ExrLevel } from './exr-part.ts';
import { readExrSamples } from './exr-samples.ts';

/**
 * The picture of an EXR file in planes of `header.pixelFormat`: what of its data window is in its display window. Pixels without
 * samples are 0, black and transparent.
 *
 * @throws DamagedStill
 */
export async function unpackExr(file: Buffer, header: ExrHeader): Promise<Uint8Array> {
  const { picture, multiPart, width, height } = header;
  const { part } = picture;
  const source = bytesInMemory(file);
  const format = sampleFormat(header.pixelFormat);
  const bytes = new Uint8Array(pictureBytes(format, width, height));
  const planes = planesByComponent({ format, bytes, width, height });
  const { places } = header.tables[part.index] as ExrTable;
  const rows = { in: 0, out: height };
  for (const chunk of chunksOf(part, part.levels[0] as ExrLevel)) {
    if (!isSeen(picture, chunk, rows)) continue;
    const packed = await readExrChunk(source, { part, multiPart, place: places[chunk.index] as number }, chunk);
    const layout = chunkLayout(part.channels, chunk);
    const raw = await unpackExrChunk(part.compression, packed, layout);
    for (const { component, type, at, from, count } of seenLines(picture, layout, chunk, rows)) {
      readExrSamples(raw, at, type, (planes.get(component) as Float32Array).subarray(from, from + count));
    }
  }
  return bytes;
}
