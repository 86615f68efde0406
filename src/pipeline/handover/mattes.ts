import sharp from 'sharp';
import { frameNumber } from '../../film/reel.ts';
import type { FrameToHandOver, SideOutput } from './side-output.ts';

/** Digits of a matte's number: as film scans are numbered, four at least. */
const DIGITS = 4;

/** The mattes of frames as 16-bit grey PNGs, `matte.NNNN.png`, numbered as the reel is. */
export function mattes(folder: string): SideOutput {
  return {
    kind: 'mattes',
    id: 'mattes',
    folder,
    needsPlate: false,
    nameOf: (reel, frame) => `matte.${String(frameNumber(reel, frame)).padStart(DIGITS, '0')}.png`,
    hasName: (name) => /^matte\.\d+\.png$/.test(name),
    encode: matteOf,
  };
}

/** One matte of the plate's size: 65535 = restored, 0 = not one bit changed. Where faces overlap the larger value counts. */
async function matteOf({ plate, faces }: FrameToHandOver): Promise<Uint8Array> {
  const whole = new Uint16Array(plate.width * plate.height);
  for (const { comped } of faces) {
    const { roi } = comped.region;
    for (let y = 0; y < roi.height; y++) {
      for (let x = 0; x < roi.width; x++) {
        const at = (roi.y + y) * plate.width + roi.x + x;
        whole[at] = Math.max(whole[at] as number, comped.matte[y * roi.width + x] as number);
      }
    }
  }
  return sharp(whole, { raw: { width: plate.width, height: plate.height, channels: 1 } })
    .toColourspace('grey16')
    .png({ compressionLevel: 6 })
    .toBuffer();
}
