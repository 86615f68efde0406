import { type Orientation, orientationOf } from '../../film/orientation.ts';

const ORIENTATION = 0x0112;
/** Bytes of a value by field type: BYTE, SHORT, LONG. Writers are known that use each of them for the orientation. */
const VALUE_BYTES: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4 };

/**
 * The orientation that an EXIF block states (CIPA DC-008 §4.6.4 A), which is a small TIFF file; 1 where it states none. A damaged
 * block is no damage of the picture.
 */
export function exifOrientation(block: Buffer): Orientation {
  const order = block.toString('latin1', 0, 2);
  if (block.length < 8 || (order !== 'II' && order !== 'MM')) return 1;
  const bigEndian = order === 'MM';
  const read = (at: number, bytes: number) =>
    at + bytes > block.length ? undefined : bigEndian ? block.readUIntBE(at, bytes) : block.readUIntLE(at, bytes);
  const directory = read(4, 4) ?? block.length;
  const count = read(2, 2) === 42 ? (read(directory, 2) ?? 0) : 0;
  for (let at = directory + 2; at < directory + 2 + count * 12; at += 12) {
    if (read(at, 2) !== ORIENTATION) continue;
    const bytes = VALUE_BYTES[read(at + 2, 2) ?? 0];
    return bytes === undefined ? 1 : orientationOf(read(at + 8, bytes));
  }
  return 1;
}
