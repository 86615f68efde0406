import { type Plane, planesOf } from '../../../film/plate.ts';
import { pictureBytes, sampleFormat } from '../../../film/sample-format.ts';
import { UnsupportedStill } from '../damaged-still.ts';
import type { TiffHeader } from './tiff.ts';
import { chunkPlace, readTiffChunk } from './tiff-chunks.ts';
import { planesBehind, takeSamples } from './tiff-samples.ts';

/** The picture of a TIFF file in planes, as `sampleFormat(header.pixelFormat)` says. @throws DamagedStill */
export async function unpackTiff(file: Buffer, header: TiffHeader): Promise<Uint8Array> {
  const { width, height, pixelFormat, obstacle } = header;
  if (pixelFormat === null || obstacle !== null) {
    throw new UnsupportedStill(`is a TIFF that only ffmpeg reads, among others that it does not: ${obstacle}`);
  }
  const format = sampleFormat(pixelFormat);
  const bytes = new Uint8Array(pictureBytes(format, width, height));
  const planes = planesOf(format, bytes, width, height);
  for (let k = 0; k < header.chunks.length; k++) {
    const place = chunkPlace(header, k);
    const behind = planesBehind(header, place, format, planes);
    if (behind.every((plane) => plane === null)) continue;
    const raw = await readTiffChunk(file, header, place);
    behind.forEach((plane: Plane | null, component) => {
      if (plane) takeSamples(raw, header, place, { component, rows: place.rows }, plane);
    });
  }
  return bytes;
}
