import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';

export const run = promisify(execFile);

/** Flips bits in the middle of a movie's packet. */
export async function damagePacket(movie: string, packet: number): Promise<void> {
  const what = ['-select_streams', 'v', '-show_entries', 'packet=pos,size', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...what, movie]);
  const [size, position] = (stdout.trim().split('\n')[packet] as string).split(',').map(Number) as [number, number];
  const bytes = await readFile(movie);
  for (let k = 0; k < 8; k++) bytes[position + (size >> 1) + k] = ~(bytes[position + (size >> 1) + k] as number) & 255;
  await writeFile(movie, bytes);
}

/** A PNG whose structure and checksums are whole, but whose pixels cannot be inflated. */
export function withDamagedPixels(png: Buffer): Buffer {
  const bytes = Buffer.from(png);
  const at = bytes.indexOf('IDAT');
  const length = bytes.readUInt32BE(at - 4);
  bytes.fill(0xff, at + 4 + (length >> 1), at + 4 + (length >> 1) + 64);
  bytes.writeUInt32BE(crc32(bytes.subarray(at, at + 4 + length)), at + 4 + length);
  return bytes;
}
