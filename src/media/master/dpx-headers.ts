import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { moveFile } from '../../disk/durable.ts';
import { lengthOf } from '../../film/range.ts';
import { advanceTimecode } from '../../film/timecode.ts';
import { dpxColourCodes } from '../still/dpx/dpx-colour.ts';
import { DPX_HEADER_BYTES, dpxHeaderBytes } from '../still/dpx/dpx-header-bytes.ts';
import { codedPicture, isInterlaced, type TakeCoding } from '../write/movie/take-coding.ts';
import type { MasterSource } from './master.ts';
import { bitsOf } from './master-codec.ts';

/** Of RGB, whose samples the header need not see. */
const NO_SAMPLES = [new Uint16Array(), new Uint16Array(), new Uint16Array()];

/**
 * Gives DPX frames that ffmpeg has written a whole header: it leaves out the film and television parts, with rate, timecode, place in the
 * sequence and codes of black and white, and calls every transfer linear.
 *
 * @param folder whose files are the range's frames in the order of their names
 */
export async function labelDpxFrames(
  folder: string,
  { reel, coded, colour }: TakeCoding,
  { range, timecode }: MasterSource,
): Promise<void> {
  const names = (await readdir(folder)).sort();
  const { width, height } = codedPicture(reel);
  const bits = bitsOf(coded.pixelFormat) === 16 ? 16 : 10;
  for (const [k, name] of names.entries()) {
    const path = join(folder, name);
    const labelled = join(folder, `.${name}`);
    {
      await using file = await open(path, 'r');
      const written = await file.readFile();
      const picture = written.subarray(written.readUInt32BE(4));
      const header = dpxHeaderBytes({ width, height, bits, planes: NO_SAMPLES }, DPX_HEADER_BYTES + picture.length, {
        ...dpxColourCodes(colour, reel.transfer),
        fileName: name,
        creator: 'reelmend',
        project: '',
        source: basename(reel.path),
        position: k,
        length: lengthOf(range),
        rate: reel.rate,
        timecode: (timecode && advanceTimecode(timecode, k, reel.rate)) ?? undefined,
        pixelAspect: reel.pixelAspect,
        interlaced: isInterlaced(reel),
      });
      await using target = await open(labelled, 'w');
      await target.writev([header, picture]);
    }
    await moveFile(labelled, path);
  }
}
