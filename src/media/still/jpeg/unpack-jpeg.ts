import { type Plane, planesOf } from '../../../film/plate.ts';
import { pictureBytes, sampleFormat } from '../../../film/sample-format.ts';
import { DamagedStill, UnsupportedStill } from '../damaged-still.ts';
import type { JpegHeader } from './jpeg.ts';
import { lookAtCoefficients } from './jpeg-coefficients.ts';
import { inverseDct, ZIGZAG } from './jpeg-dct.ts';
import type { Coefficients } from './jpeg-scan.ts';

/**
 * The picture of a JPEG file in planes, as `sampleFormat(header.pixelFormat)` says, to the nearest level of what its coefficients mean.
 * Other decoders may differ by a level (IEEE 1180).
 *
 * @throws DamagedStill
 */
export function unpackJpeg(file: Buffer, header: JpegHeader): Uint8Array {
  const { width, height, pixelFormat, obstacle } = header;
  if (pixelFormat === null || obstacle !== null) {
    throw new UnsupportedStill(`is a JPEG of a form that only ffmpeg reads: ${obstacle}`);
  }
  const { all, quantisers, whole } = coefficientsIn(file, header);
  if (!whole) throw new DamagedStill('is cut off or damaged: its picture needs more data than it has');
  const format = sampleFormat(pixelFormat);
  const bytes = new Uint8Array(pictureBytes(format, width, height));
  planesOf(format, bytes, width, height).forEach((plane, k) => {
    const coefficients = all[k];
    const quantiser = coefficients && quantisers.get(coefficients.component.table);
    if (!quantiser) throw new DamagedStill('is damaged: it lacks a quantisation table');
    putBlocks(coefficients, quantiser, plane);
  });
  return bytes;
}

function coefficientsIn(file: Buffer, header: JpegHeader): ReturnType<typeof lookAtCoefficients> {
  try {
    return lookAtCoefficients(file, header);
  } catch (cause) {
    throw new DamagedStill(`is damaged: ${(cause as Error).message.replace(/\.$/, '')}`, { cause });
  }
}

function putBlocks({ values, columns, usedColumns, usedRows }: Coefficients, quantiser: Uint16Array, to: Plane): void {
  const { samples, width, height } = to;
  const raw = new Float64Array(64);
  const block = new Float64Array(64);
  for (let row = 0; row < usedRows; row++) {
    const rows = Math.min(8, height - row * 8);
    for (let column = 0; column < usedColumns; column++) {
      const at = (row * columns + column) * 64;
      for (let k = 0; k < 64; k++) raw[ZIGZAG[k] as number] = (values[at + k] as number) * (quantiser[k] as number);
      inverseDct(raw, block);
      const across = Math.min(8, width - column * 8);
      for (let y = 0; y < rows; y++) {
        const line = (row * 8 + y) * width + column * 8;
        for (let x = 0; x < across; x++) {
          samples[line + x] = Math.max(0, Math.min(255, Math.round((block[y * 8 + x] as number) + 128)));
        }
      }
    }
  }
}
