import { fromHalf, toHalf } from '../../film/half-float.ts';
import { type Plane, type Plate, planesOf } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import type { ExrChannel, ExrHeader } from './exr.ts';
import { canUnpackExr, packExr, unpackExr } from './exr-packing.ts';

const ZIP = 3;
const ZIP_LINES = 16;

/**
 * A copy of an EXR file in which the samples of the rows `[rows.in, rows.out)` are the plate's, in each channel's own depth.
 * Attributes, alpha, other channels and all chunks without a changed row stay; so does every sample that did not change.
 *
 * A file with a compression that is not written here comes back as ZIP, with all of its samples from the plate.
 */
export async function spliceExr(file: Buffer, header: ExrHeader, plate: Plate, rows: FrameRange): Promise<Buffer> {
  return canUnpackExr(header.compression) ? splice(file, header, plate, rows) : repack(file, header, plate);
}

async function splice(file: Buffer, header: ExrHeader, plate: Plate, rows: FrameRange): Promise<Buffer> {
  const planes = planesByName(plate);
  const order = header.places.map((place, k) => ({ place, k })).sort((a, b) => a.place - b.place);
  const parts: Buffer[] = [];
  const places = new Array<number>(header.places.length);
  let at = header.tableAt + header.places.length * 8;
  for (const { place, k } of order) {
    const line = file.readInt32LE(place) - header.top;
    const lines = Math.min(header.linesPerChunk, header.height - line);
    let chunk = file.subarray(place, place + 8 + file.readUInt32LE(place + 4));
    if (line < rows.out && line + lines > rows.in) {
      const raw = await unpackExr(header.compression, chunk.subarray(8), lines * header.lineBytes);
      for (const channel of header.channels) {
        const plane = channel.name === 'A' ? undefined : planes.get(channel.name);
        if (!plane) continue;
        for (let y = Math.max(line, rows.in); y < Math.min(line + lines, rows.out); y++) {
          putLine(raw, (y - line) * header.lineBytes + channel.offset, channel, plane, y);
        }
      }
      chunk = framed(line + header.top, await packExr(header.compression, raw));
    }
    places[k] = at;
    at += chunk.length;
    parts.push(chunk);
  }
  return Buffer.concat([file.subarray(0, header.tableAt), tableOf(places), ...parts]);
}

async function repack(file: Buffer, header: ExrHeader, plate: Plate): Promise<Buffer> {
  const planes = planesByName(plate);
  const head = Buffer.from(file.subarray(0, header.tableAt));
  head[header.compressionAt] = ZIP;
  head[header.lineOrderAt] = 0;
  const parts: Buffer[] = [];
  const places: number[] = [];
  let at = header.tableAt + Math.ceil(header.height / ZIP_LINES) * 8;
  for (let line = 0; line < header.height; line += ZIP_LINES) {
    const lines = Math.min(ZIP_LINES, header.height - line);
    const raw = Buffer.alloc(lines * header.lineBytes);
    for (const channel of header.channels) {
      const plane = planes.get(channel.name);
      if (!plane) throw new Error(`Unreachable: an EXR with the channel ${channel.name} was accepted.`);
      for (let y = line; y < line + lines; y++)
        putLine(raw, (y - line) * header.lineBytes + channel.offset, channel, plane, y);
    }
    const chunk = framed(line + header.top, await packExr(ZIP, raw));
    places.push(at);
    at += chunk.length;
    parts.push(chunk);
  }
  return Buffer.concat([head, tableOf(places), ...parts]);
}

function planesByName(plate: Plate): Map<string, Plane> {
  const planes = planesOf(plate.format, plate.bytes, plate.width, plate.height);
  return new Map(plate.format.planes.map(({ component }, k) => [component, planes[k] as Plane]));
}

/** Bits stay where the value is the same: of the bit patterns for not-a-number, the file's own is kept. */
function putLine(raw: Buffer, at: number, { type }: ExrChannel, plane: Plane, y: number): void {
  for (let x = 0; x < plane.width; x++) {
    const value = plane.samples[y * plane.width + x] as number;
    if (type === 'half') {
      const half = raw.readUInt16LE(at + x * 2);
      if (!Object.is(fromHalf(half), value)) raw.writeUInt16LE(toHalf(value), at + x * 2);
    } else if (!Object.is(raw.readFloatLE(at + x * 4), value)) raw.writeFloatLE(value, at + x * 4);
  }
}

function framed(line: number, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32LE(line, 0);
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data]);
}

function tableOf(places: readonly number[]): Buffer {
  const table = Buffer.alloc(places.length * 8);
  places.forEach((place, k) => {
    table.writeBigUInt64LE(BigInt(place), k * 8);
  });
  return table;
}
