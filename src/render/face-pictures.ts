import type { Compute } from '../compute/compute.ts';
import type { Image } from '../compute/image.ts';
import type { Patch } from '../compute/patch.ts';
import type { Applied } from '../compute/plates.ts';
import { applyX, applyY } from '../face/similarity.ts';
import { mix } from '../film/interpolate.ts';
import type { Region } from '../film/plate.ts';
import { intersect, type Roi } from '../film/roi.ts';
import type { Restoration } from '../restore/restorer.ts';
import { appliedTo, type LiftedFace } from './applied-to.ts';
import { displayPicture, eightBit } from './display-picture.ts';

/** One face in one frame for the report: a part of the plate pixel by pixel, and how it came to be what it is. */
export interface FacePictures {
  readonly width: number;
  readonly height: number;
  /** Interleaved 8-bit RGB, 3·width·height, display-referred; `repaired` is without the stills' detail and the film's grain. */
  readonly plate: Uint8Array;
  readonly repaired?: Uint8Array;
  readonly restored: Uint8Array;
  /** width·height, 255 = restored, 0 = the plate. */
  readonly matte: Uint8Array;
  /** width·height, 255 = the stills' detail was accepted in full. */
  readonly gate?: Uint8Array;
}

/** Longest side of the part that is shown, plate pixels: a larger face is shown in its middle. */
const MOST = 480;
/** What is shown around the matte, over its longer side. */
const MARGIN = 0.08;

/** Draws a comped face step by step. Null where nothing of it was changed. */
export async function facePictures(
  compute: Compute,
  lifted: LiftedFace,
  restored: Restoration,
  applied: Applied,
): Promise<FacePictures | null> {
  const { region, patch, colour } = lifted;
  const part = partShown(applied);
  if (!part) return null;
  const { repaired, gate } = restored.layers ?? {};
  const pictureOf = async (of: Region) => (await displayPicture(compute, of, { part, scale: 1, colour })).rgb;
  const comped = async (rgb: Image) => {
    const step = { rgb, matte: restored.matte };
    return (await appliedTo(compute, lifted, step, { frame: patch.frame, seed: 0 })).region;
  };
  return {
    width: part.width,
    height: part.height,
    plate: await pictureOf(region),
    ...(repaired ? { repaired: await pictureOf(await comped(repaired)) } : {}),
    restored: await pictureOf(applied.region),
    matte: matteIn(applied, part),
    ...(gate ? { gate: planeOnPlate(await compute.read(gate), patch, part) } : {}),
  };
}

/** The matte with some plate around it. */
function partShown({ region: { roi }, matte }: Applied): Roi | null {
  let [left, top, right, bottom] = [roi.width, roi.height, 0, 0];
  for (let y = 0, i = 0; y < roi.height; y++) {
    for (let x = 0; x < roi.width; x++, i++) {
      if (!(matte[i] as number)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  if (right <= left) return null;
  const margin = Math.round(MARGIN * Math.max(right - left, bottom - top));
  const width = Math.min(MOST, right - left + 2 * margin);
  const height = Math.min(MOST, bottom - top + 2 * margin);
  const x = roi.x + Math.round((left + right - width) / 2);
  const y = roi.y + Math.round((top + bottom - height) / 2);
  return intersect({ x, y, width, height }, roi);
}

function matteIn({ region: { roi }, matte }: Applied, part: Roi): Uint8Array {
  const out = new Uint8Array(part.width * part.height);
  for (let y = 0, o = 0; y < part.height; y++) {
    const row = (part.y - roi.y + y) * roi.width + part.x - roi.x;
    for (let x = 0; x < part.width; x++, o++) out[o] = eightBit((matte[row + x] as number) / 65535);
  }
  return out;
}

/** A plane of the patch as it lies on the plate, bilinear; 0 beyond the patch. */
function planeOnPlate(plane: Float32Array, { size, toPatch }: Patch, part: Roi): Uint8Array {
  const out = new Uint8Array(part.width * part.height);
  for (let y = 0, o = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++, o++) {
      const u = applyX(toPatch, part.x + x + 0.5, part.y + y + 0.5) - 0.5;
      const v = applyY(toPatch, part.x + x + 0.5, part.y + y + 0.5) - 0.5;
      const i = Math.floor(u);
      const j = Math.floor(v);
      if (i < 0 || j < 0 || i + 1 >= size || j + 1 >= size) continue;
      const at = j * size + i;
      const above = mix(plane[at] as number, plane[at + 1] as number, u - i);
      const below = mix(plane[at + size] as number, plane[at + size + 1] as number, u - i);
      out[o] = eightBit(mix(above, below, v - j));
    }
  }
  return out;
}
