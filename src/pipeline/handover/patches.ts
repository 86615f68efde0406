import { basename } from 'node:path';
import { chromaticitiesOf } from '../../film/chromaticities.ts';
import { lumaWeights } from '../../film/colour.ts';
import { describeOrientation } from '../../film/orientation.ts';
import type { PatchAlpha } from '../../film/patch-alpha.ts';
import { cutRegion } from '../../film/plate.ts';
import { codeScale, type PlateColour } from '../../film/plate-colour.ts';
import { frameNumber, storedAs, uprightPixelAspect } from '../../film/reel.ts';
import { frameStem, numberText } from '../../film/reel-name.ts';
import type { Roi } from '../../film/roi.ts';
import type { SampleFormat } from '../../film/sample-format.ts';
import { advanceTimecode } from '../../film/timecode.ts';
import { writeExr } from '../../media/still/exr/write-exr.ts';
import { patchPicture } from './patch-picture.ts';
import type { FrameToHandOver, SideOutput } from './side-output.ts';

/**
 * The patches of frames as OpenEXR files of halves, packed with ZIP, `<name>.<number>.exr`: see `patchPicture`. Their display window is the
 * plate, upright; their data window the faces.
 */
export function patches(folder: string, alpha: PatchAlpha): SideOutput {
  return {
    kind: 'patches',
    id: `patches-${alpha}`,
    alpha,
    folder,
    needsPlate: true,
    nameOf: (reel, frame) => `${frameStem(reel)}.${numberText(reel, frame)}.exr`,
    hasName: (name) => /\.\d+\.exr$/.test(name),
    encode: (frame) => patchFile(frame, alpha),
  };
}

async function patchFile(frame: FrameToHandOver, alpha: PatchAlpha): Promise<Uint8Array> {
  const { reel, plate, untouched, faces, colour } = frame;
  if (!untouched) throw new Error('Unreachable: patches are made of the plate as it was.');
  const after = cutRegion(plate, untouched.roi);
  const matted = faces.map(({ comped: { region, matte } }) => ({ roi: region.roi, matte }));
  const picture = patchPicture(untouched, after, matted, { plate, colour, alpha });
  const timecode = reel.timecode === undefined ? null : advanceTimecode(reel.timecode, plate.frame, reel.rate);
  const chromaticities = chromaticitiesOf(reel.colour.primaries);
  return writeExr(
    {
      data: windowOf(picture.window),
      display: windowOf({ x: 0, y: 0, width: plate.width, height: plate.height }),
      compression: 'ZIP',
      rate: reel.rate,
      pixelAspect: uprightPixelAspect(reel),
      ...(timecode === null ? {} : { timecode }),
      ...(chromaticities ? { chromaticities } : {}),
      texts: textsOf(frame, alpha),
    },
    [
      { name: 'R', type: 'half', samples: picture.red },
      { name: 'G', type: 'half', samples: picture.green },
      { name: 'B', type: 'half', samples: picture.blue },
      { name: 'A', type: 'half', samples: picture.alpha },
    ],
  );
}

function windowOf({ x, y, width, height }: Roi) {
  return { left: x, top: y, width, height };
}

/** What a person, or a program, should know of a patch, by its attributes' names. */
function textsOf({ reel, plate, colour }: FrameToHandOver, alpha: PatchAlpha): Record<string, string> {
  const { orientation } = storedAs(reel, plate.frame);
  const laid = alpha === 'premultiplied' ? 'plate * (1 - A) + RGB' : 'plate * (1 - A) + RGB * A';
  return {
    comments: `Restored faces on transparency. In the plate's own code values, ${laid} is the restored frame.`,
    'reelmend/alpha': alpha,
    'reelmend/encoding': colour.transfer,
    'reelmend/frame': String(frameNumber(reel, plate.frame)),
    'reelmend/orientation': `${orientation} (the plate's file ${orientation === 1 ? 'lies as it is seen' : `is seen upright ${describeOrientation(orientation)}`})`,
    'reelmend/reel': basename(reel.path),
    'reelmend/values': valuesOf(plate.format, colour),
  };
}

function valuesOf(format: SampleFormat, colour: PlateColour): string {
  const { model, kind, bits } = format;
  if (kind === 'float') return 'the samples as the file has them';
  const depth = `${bits}-bit`;
  const largest = 2 ** bits - 1;
  if (model !== 'yuv') return `${depth} ${model === 'gray' ? 'grey' : 'RGB'} codes: 0 is 0, 1 is ${largest}`;
  const { kr, kb } = lumaWeights(colour.tags.matrix, colour.plateHeight);
  const { zero, unit } = codeScale(format, 'Y', colour);
  return `RGB of ${depth} YUV with Kr ${kr} and Kb ${kb}: 0 is code ${zero}, 1 is code ${zero + unit}; chroma bilinear`;
}
