import { crc32 } from 'node:zlib';

/** A chunk of a PNG file as it stands there, with its length, type and sum (W3C PNG §5.3). */
export function pngChunk(type: string, data: Buffer): Buffer {
  const framed = Buffer.alloc(data.length + 12);
  framed.writeUInt32BE(data.length, 0);
  framed.write(type, 4, 'latin1');
  data.copy(framed, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, data.length + 8)), data.length + 8);
  return framed;
}
