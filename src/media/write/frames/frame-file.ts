import { basename } from 'node:path';
import { chromaticitiesOf } from '../../../film/chromaticities.ts';
import { toNumber } from '../../../film/rational.ts';
import { frameNumber, type Reel } from '../../../film/reel.ts';
import { advanceTimecode } from '../../../film/timecode.ts';
import { CREATOR } from '../../declaration.ts';
import { dpxColourCodes } from '../../still/dpx/dpx-colour.ts';
import { writeDpx } from '../../still/dpx/write-dpx.ts';
import { writeExr } from '../../still/exr/write-exr.ts';
import { writeTiff } from '../../still/tiff/write-tiff.ts';
import { isInterlaced } from '../movie/take-coding.ts';
import type { ConvertedFrame } from './convert-frame.ts';
import type { FrameFormat } from './frame-format.ts';
import { type FrameNames, frameFileName } from './frame-names.ts';

/** The bytes of a frame's file: its samples, and what its kind has a place for. No time or machine is in it. */
export async function frameFile(
  reel: Reel,
  frame: number,
  { components, planes }: ConvertedFrame,
  { format, names }: { readonly format: FrameFormat; readonly names: FrameNames },
): Promise<Buffer> {
  const { width, height, rate, pixelAspect, colour } = reel;
  const timecode = reel.timecode === undefined ? undefined : (advanceTimecode(reel.timecode, frame, rate) ?? undefined);
  const fileName = frameFileName(names, frame);
  const description = describeFrame(reel, frame, timecode);
  const chromaticities = chromaticitiesOf(colour.primaries);
  if (format.still === 'exr') {
    const window = { left: 0, top: 0, width, height };
    return writeExr(
      {
        ...{ data: window, display: window, compression: 'ZIP', rate },
        ...(pixelAspect ? { pixelAspect: toNumber(pixelAspect) } : {}),
        ...(timecode === undefined ? {} : { timecode }),
        ...(chromaticities ? { chromaticities } : {}),
        texts: { comments: description, software: CREATOR },
      },
      planes.map((samples, k) => ({
        name: components[k] as string,
        type: format.bits === 16 ? 'half' : 'float',
        samples: samples as Float32Array,
      })),
    );
  }
  const picture = { width, height, bits: format.bits as 8 | 10 | 12 | 16, planes: planes as Uint16Array[] };
  if (format.still === 'dpx') {
    return writeDpx(picture, {
      ...dpxColourCodes(colour, reel.transfer),
      ...{ fileName, creator: CREATOR, project: names.name, source: basename(reel.path) },
      ...{ position: frame, length: reel.frames, rate, timecode, pixelAspect },
      interlaced: isInterlaced(reel),
    });
  }
  return writeTiff(picture, {
    ...{ documentName: fileName, description, software: CREATOR, pixelAspect, chromaticities },
  });
}

/** What no field of the file has a place for, as one line. */
function describeFrame(reel: Reel, frame: number, timecode: string | undefined): string {
  const { colour, transfer, rate } = reel;
  return [
    `Frame ${frameNumber(reel, frame)} of ${basename(reel.path)}`,
    ...(timecode === undefined ? [] : [`timecode ${timecode}`]),
    `${toNumber(rate)
      .toFixed(3)
      .replace(/\.?0+$/, '')} frames a second`,
    meaningOf(transfer, colour.transfer),
    ...(colour.primaries === undefined ? [] : [`primaries ${colour.primaries}`]),
  ].join('; ');
}

/** What a written value stands for. */
export function meaningOf(transfer: Reel['transfer'], tag: string | undefined): string {
  if (transfer === 'log') return 'printing density of a film scan (Cineon)';
  if (transfer === 'linear') return 'linear light';
  return `code values as the reel has them, 0 black to 1 white, not linear light (transfer ${tag ?? 'not stated'})`;
}
