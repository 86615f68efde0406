import { applyRestoration } from '../../../src/compute/cpu/plate/apply.ts';
import { regionUnder } from '../../../src/compute/region-under.ts';
import type { Similarity } from '../../../src/face/similarity.ts';
import type { ColourTags, Transfer } from '../../../src/film/colour.ts';
import { cutRegion, type Plate, pasteRegion, type Region } from '../../../src/film/plate.ts';
import type { PlateColour } from '../../../src/film/plate-colour.ts';
import type { Roi } from '../../../src/film/roi.ts';
import { plateUnder } from '../../../src/pipeline/handover/patch-picture.ts';
import { keepHoldouts } from '../../../src/pipeline/render/holdouts.ts';
import type { Comped } from '../../../src/render/face-rendering.ts';
import { noisePlate, roundMatte } from '../../compute/plates.ts';
import { mulberry32 } from '../../motion/texture.ts';

const SIZE = 64;
const [WIDTH, HEIGHT] = [151, 131];
/** Plate pixels to patch pixels: one face over another, turned, the second beyond the plate's corner. */
const PLACES: readonly Similarity[] = [
  { a: 0.8, b: 0.15, tx: -50, ty: -60 },
  { a: 1.1, b: -0.1, tx: -110, ty: -60 },
];
/** Where a person let nothing be restored: it begins and ends within chroma sites, under both faces. */
const HELD_OUT: Roi = { x: 101, y: 77, width: 13, height: 9 };

/** What a plate of a kind is drawn as. */
export interface PlateKind {
  readonly format: string;
  readonly transfer?: Transfer;
  readonly tags?: ColourTags;
}

/** A plate and what two restored faces, one over the other, make of it. */
export interface RestoredFrame {
  readonly before: Plate;
  readonly after: Plate;
  readonly colour: PlateColour;
  readonly faces: readonly { readonly track: string; readonly comped: Comped }[];
  readonly untouched: Region;
}

/** @param change draws into the plate's samples, before faces are restored in it */
export function restoredFrame(
  { format, transfer = 'rec709', tags = {} }: PlateKind,
  change: (plate: Plate) => void = () => {},
): RestoredFrame {
  const before = noisePlate(format, WIDTH, HEIGHT, 3);
  change(before);
  const after = { ...before, bytes: before.bytes.slice() };
  const colour = { tags, transfer, plateHeight: HEIGHT };
  const faces = PLACES.map((toPatch, k) => {
    const region = cutRegion(after, regionUnder(toPatch, SIZE, after));
    const original = noise(3 * SIZE * SIZE, 11 + k);
    const restored = noise(original.length, 21 + k).map((value, i) => (original[i] as number) + value / 2 - 0.25);
    const applied = applyRestoration(
      region,
      { size: SIZE, toPatch, colour },
      { original, rgb: restored, matte: roundMatte(SIZE, 30) },
      { frame: 7, seed: 3 },
    );
    const comped = keepHoldouts({ ...applied, face: NOT_MEASURED }, region, [HELD_OUT]);
    pasteRegion(after, comped.region);
    return { track: `t${k}`, comped };
  });
  const regions = faces.map(({ comped }) => comped.region.roi);
  return { before, after, colour, faces, untouched: cutRegion(before, plateUnder(regions, before)) };
}

/** Nothing here looks at it. */
const NOT_MEASURED = { change: 0, before: new Float32Array(), after: new Float32Array() } as unknown as Comped['face'];

function noise(count: number, seed: number): Float32Array {
  const random = mulberry32(seed);
  return Float32Array.from({ length: count }, () => Math.fround(random()));
}
