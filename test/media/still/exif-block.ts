import { crc32 } from 'node:zlib';

/** An EXIF block that says its maker and an orientation, byte by byte (CIPA DC-008 §4.5). */
export function exifBlock(orientation: number, bigEndian = true): Buffer {
  const block = Buffer.alloc(8 + 2 + 2 * 12 + 4 + 8);
  const put = (value: number, at: number, bytes: number) =>
    bigEndian ? block.writeUIntBE(value, at, bytes) : block.writeUIntLE(value, at, bytes);
  block.write(bigEndian ? 'MM' : 'II', 0, 'latin1');
  put(42, 2, 2);
  put(8, 4, 4);
  put(2, 8, 2);
  // Maker: 5 characters behind the directory.
  for (const [value, at, bytes] of [
    [0x010f, 10, 2],
    [2, 12, 2],
    [5, 14, 4],
    [38, 18, 4],
  ] as const)
    put(value, at, bytes);
  block.write('Acme\0', 38, 'latin1');
  for (const [value, at, bytes] of [
    [0x0112, 22, 2],
    [3, 24, 2],
    [1, 26, 4],
    [orientation, 30, 2],
  ] as const) {
    put(value, at, bytes);
  }
  return block;
}

/** The JPEG with an EXIF segment behind its start mark. */
export function jpegWithExif(file: Buffer, block: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe1, 0, 0, ...Buffer.from('Exif\0\0', 'latin1')]);
  head.writeUInt16BE(8 + block.length, 2);
  return Buffer.concat([file.subarray(0, 2), head, block, file.subarray(2)]);
}

/** The PNG with an eXIf chunk, before its picture or at its end. */
export function pngWithExif(file: Buffer, block: Buffer, atEnd = false): Buffer {
  const chunk = Buffer.alloc(12 + block.length);
  chunk.writeUInt32BE(block.length, 0);
  chunk.write('eXIf', 4, 'latin1');
  block.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + block.length)), 8 + block.length);
  // The header chunk ends at byte 33, the end mark has 12 bytes.
  const at = atEnd ? file.length - 12 : 33;
  return Buffer.concat([file.subarray(0, at), chunk, file.subarray(at)]);
}
