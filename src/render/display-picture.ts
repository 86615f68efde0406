import type { Compute } from '../compute/compute.ts';
import type { RgbPicture } from '../face/networks.ts';
import type { Region } from '../film/plate.ts';
import type { PlateColour } from '../film/plate-colour.ts';
import type { Roi } from '../film/roi.ts';

export interface DisplayedPart {
  /** Plate pixels, inside the region. */
  readonly part: Roi;
  /** Picture pixels a plate pixel; at 1 the picture's pixels are the plate's. */
  readonly scale: number;
  readonly colour: PlateColour;
}

/** A display-referred picture of a part of a region. */
export async function displayPicture(
  compute: Compute,
  region: Region,
  { part, scale, colour }: DisplayedPart,
): Promise<RgbPicture> {
  const width = Math.max(1, Math.floor(part.width * scale));
  const height = Math.max(1, Math.floor(part.height * scale));
  // A patch is a square; the picture is the part of it that the plate fills.
  const side = Math.max(width, height);
  const toPatch = { a: scale, b: 0, tx: -part.x * scale, ty: -part.y * scale };
  using patch = compute.lift(region, { size: side, toPatch, colour });
  const lifted = await compute.read(patch);
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, o++) rgb[o] = eightBit(lifted[(c * side + y) * side + x] as number);
    }
  }
  return { width, height, rgb };
}

/** 0 … 1 as a byte. */
export function eightBit(value: number): number {
  return Math.min(255, Math.max(0, Math.round(255 * value)));
}
