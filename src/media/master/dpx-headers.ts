import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { moveFile } from '../../disk/durable.ts';
import type { ColourTags } from '../../film/colour.ts';
import { lengthOf } from '../../film/range.ts';
import { toNumber } from '../../film/rational.ts';
import { frameNumber } from '../../film/reel.ts';
import { advanceTimecode } from '../../film/timecode.ts';
import type { MasterSource } from './master.ts';
import { bitsOf } from './master-codec.ts';

/** Header of SMPTE ST 268-1 with its film and television parts, and what ffmpeg (seen in 5.1) writes of it. */
const WHOLE_BYTES = 2048;
const GENERIC_BYTES = 1664;
const UNDEFINED = 0xffffffff;

/** Codes of table 5A and 5B by ffmpeg's names; `dpxColour` reads them. */
const TRANSFERS: Readonly<Record<string, number>> = { linear: 2, bt709: 6, smpte170m: 8, gamma28: 10 };
const PRIMARIES: Readonly<Record<string, number>> = { bt709: 6, bt470bg: 7, smpte170m: 8 };
/** Of film scans. */
const LOGARITHMIC = 3;
const PRINTING_DENSITY = 1;

/** What every frame of a folder states. */
interface FolderLabels extends Pick<MasterSource, 'reel' | 'range' | 'timecode'> {
  readonly colour: ColourTags;
  readonly pixelFormat: string;
}

/**
 * Gives DPX frames that ffmpeg has written the film and television parts of their header, which it leaves out, with what they state of
 * rate, timecode, place in the sequence and code values; and the reel's transfer, which it always calls linear.
 *
 * @param folder whose files are the range's frames in the order of their names
 */
export async function labelDpxFrames(folder: string, labels: FolderLabels): Promise<void> {
  const names = (await readdir(folder)).sort();
  for (const [k, name] of names.entries()) {
    const path = join(folder, name);
    const labelled = join(folder, `.${name}`);
    {
      await using file = await open(path, 'r');
      const written = await file.readFile();
      await using target = await open(labelled, 'w');
      await target.writeFile(withHeader(written, name, { ...labels, k }));
    }
    await moveFile(labelled, path);
  }
}

function withHeader(
  written: Buffer,
  name: string,
  { reel, range, timecode, colour, pixelFormat, k }: FolderLabels & { readonly k: number },
): Buffer {
  const picture = written.subarray(written.readUInt32BE(4));
  const whole = Buffer.alloc(WHOLE_BYTES + picture.length);
  written.copy(whole, 0, 0, GENERIC_BYTES);
  picture.copy(whole, WHOLE_BYTES);
  const u32 = (at: number, value: number) => void whole.writeUInt32BE(value, at);
  const f32 = (at: number, value: number) => void whole.writeFloatBE(value, at);
  const text = (at: number, length: number, value: string) =>
    void whole.write(value.slice(0, length - 1), at, 'latin1');
  u32(4, WHOLE_BYTES);
  u32(16, whole.length);
  u32(24, GENERIC_BYTES);
  u32(28, WHOLE_BYTES - GENERIC_BYTES);
  whole.fill(0, 36, 136);
  text(36, 100, name);
  whole.fill(0, 160, 260);
  text(160, 100, 'reelmend');
  const isLog = reel.transfer === 'log';
  whole[801] = isLog ? LOGARITHMIC : (TRANSFERS[colour.transfer ?? ''] ?? 0);
  whole[802] = isLog ? PRINTING_DENSITY : (PRIMARIES[colour.primaries ?? ''] ?? 0);
  u32(808, WHOLE_BYTES);

  // Film: edge code is unknown; place in the sequence, its length, and rate.
  u32(1712, frameNumber(reel, range.in + k));
  u32(1716, lengthOf(range));
  u32(1720, UNDEFINED);
  f32(1724, toNumber(reel.rate));
  u32(1728, UNDEFINED);

  // Television: timecode, user bits, scan, rates, and the codes of black and white.
  u32(1920, timecodeBits(timecode && advanceTimecode(timecode, k, reel.rate)));
  for (const at of [1924, 1928, 1932, 1936, 1944, 1948, 1956, 1960, 1968]) u32(at, UNDEFINED);
  f32(1940, toNumber(reel.rate));
  const bits = bitsOf(pixelFormat);
  const [black, white] = colour.range === 'tv' ? [2 ** (bits - 4), 235 * 2 ** (bits - 8)] : [0, 2 ** bits - 1];
  f32(1952, black);
  f32(1964, white);
  return whole;
}

/** Eight decimal digits, four bits each. */
function timecodeBits(label: string | null | undefined): number {
  const digits = label?.replace(/\D/g, '') ?? '';
  return digits.length === 8 ? Number.parseInt(digits, 16) : UNDEFINED;
}
