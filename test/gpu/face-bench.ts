import type { Compute } from '../../src/compute/compute.ts';
import type { Patch } from '../../src/compute/patch.ts';
import { regionUnder } from '../../src/compute/region-under.ts';
import { cutRegion, type Region } from '../../src/film/plate.ts';
import type { PlateColour } from '../../src/film/plate-colour.ts';
import type { FrameRange } from '../../src/film/range.ts';
import { appliedTo } from '../../src/render/applied-to.ts';
import { measureFace } from '../../src/render/face-measure.ts';
import { openDetail } from '../../src/restore/detail.ts';
import { openEnhance } from '../../src/restore/enhance.ts';
import { openRepair } from '../../src/restore/repair.ts';
import { openReplace } from '../../src/restore/replace.ts';
import type { Restorer } from '../../src/restore/restorer.ts';
import type { StillPatch } from '../../src/restore/stills/still-patch.ts';
import { openWindowTools } from '../../src/restore/window/window-tools.ts';
import { drawnPlate } from '../compute/plates.ts';
import type { DrawnPortrait } from '../golden/drawn-portrait.ts';
import { DRAWN_UPSCALER } from '../golden/drawn-upscaler.ts';
import { drawnPatches } from '../golden/drawn-window.ts';
import type { FloatPatch } from '../restore/on-floats.ts';

/** Neighbours on each side. */
export const REACH = 5;
export const PLATE_FORMATS = ['gbrp10le', 'gbrp16le'] as const;
const COLOUR: PlateColour = { tags: {}, transfer: 'log', plateHeight: 1556 };

/** A drawn face, and the regions of plates of each format that it lies on. */
export interface DrawnFace {
  readonly patch: FloatPatch;
  readonly regions: readonly Region[];
}

export type RestorerName = 'repair' | 'detail' | 'enhance' | 'replace';

async function opened(name: RestorerName, compute: Compute, stills: readonly StillPatch[]): Promise<Restorer> {
  const options = { window: REACH, matteSoftness: 0.12, grainRatio: 1 };
  if (name === 'repair') return openRepair(options, compute);
  if (name === 'detail') return openDetail(stills, { ...options, strength: 1, stills: stills.length }, compute);
  if (name === 'enhance') return openEnhance(DRAWN_UPSCALER, { ...options, strength: 1 }, openWindowTools(compute));
  const [first] = stills as [StillPatch];
  const painted = { warp: 'mesh', colourTransfer: true, membrane: true, matteSoftness: 0.12, grainRatio: 0.8 } as const;
  return openReplace(stills, first.landmarks, painted, compute);
}

/** One face in its window, and what is done with it from plate to plate. */
export interface FaceBench extends Disposable {
  /** The middle face restored and applied to its plate of the k-th format. */
  face(
    format: number,
  ): Promise<{ readonly rgb: Float32Array; readonly matte: Float32Array; readonly bytes: Uint8Array }>;
  /** A face a call, everything included: its plate is lifted, it is restored, measured and applied. */
  next(): Promise<void>;
}

export async function faceBench(
  compute: Compute,
  name: RestorerName,
  faces: readonly DrawnFace[],
  stills: readonly StillPatch[],
): Promise<FaceBench> {
  const restorer = await opened(name, compute, stills);
  const lifted = (k: number, format: number, frame: number): Patch => {
    const { patch, regions } = faces[k] as DrawnFace;
    const place = { size: patch.size, toPatch: patch.toPatch, colour: COLOUR };
    return { ...patch, frame, rgb: compute.lift(regions[format] as Region, place) };
  };
  const windowAround = (patches: readonly Patch[], at: number) => ({
    centre: patches[at] as Patch,
    before: patches.slice(at - REACH, at).reverse(),
    after: patches.slice(at + 1, at + 1 + REACH),
  });
  const applied = async (patch: Patch, k: number, format: number, restored: Parameters<typeof appliedTo>[2]) => {
    const region = (faces[k] as DrawnFace).regions[format] as Region;
    const own = { ...region, bytes: region.bytes.slice() };
    return appliedTo(compute, { region: own, patch, colour: COLOUR }, restored, { frame: 3, seed: 7, inPlace: true });
  };
  // A film that goes on: the drawn frames forth and back.
  const last = faces.length - 1;
  const drawnAt = (frame: number) => Math.abs(((frame + last) % (2 * last)) - last);
  const film: Patch[] = [];
  let filmed = 0;
  let done = 0;
  const open = new Set<number>();
  const ahead = (until: number) => {
    for (; filmed <= until; filmed++) film.push(lifted(drawnAt(filmed), 0, filmed));
  };
  return {
    async face(format) {
      const patches = faces.map((_, k) => lifted(k, format, k));
      const at = faces.length >> 1;
      const answer = await restorer.restore(windowAround(patches, at));
      if ('refused' in answer) throw new Error(`The face was refused: ${answer.refused}.`);
      using restored = answer;
      const [rgb, matte] = [await compute.read(restored.rgb), await compute.read(restored.matte)];
      const { region } = await applied(patches[at] as Patch, at, format, restored);
      for (const { rgb: image } of patches) image[Symbol.dispose]();
      restorer.forget?.(Infinity);
      return { rgb, matte, bytes: region.bytes };
    },
    async next() {
      const frame = REACH + done++;
      open.add(frame);
      ahead(frame + REACH);
      const first = (film[0] as Patch).frame;
      const window = windowAround(film, frame - first);
      const answer = await restorer.restore(window);
      if ('refused' in answer) throw new Error(`The face was refused: ${answer.refused}.`);
      using restored = answer;
      await Promise.all([
        measureFace(compute, window.centre, restored),
        applied(window.centre, drawnAt(frame), 0, restored),
      ]);
      open.delete(frame);
      const needed = Math.min(REACH + done, ...open) - REACH;
      restorer.forget?.(needed);
      while ((film[0] as Patch).frame < needed) film.shift()?.rgb[Symbol.dispose]();
    },
    [Symbol.dispose]() {
      for (const { rgb } of film.splice(0)) rgb[Symbol.dispose]();
      restorer[Symbol.dispose]?.();
    },
  };
}

/** Faces on 10-bit and 16-bit film scans whose patches are the drawn film's. */
export function drawnFaces(portrait: DrawnPortrait, size: number): DrawnFace[] {
  const frames: FrameRange = { in: 0, out: 2 * REACH + 1 };
  return drawnPatches(portrait, { size, scale: size / 256, worn: false, frames }).map((patch) => {
    const toPatch = { a: 1.03125, b: 0.015625, tx: 2.25 + patch.frame / 4, ty: 3.5 - patch.frame / 8 };
    const regions = PLATE_FORMATS.map((format) => {
      const side = size + 8;
      const most = format === 'gbrp10le' ? 1023 : 65535;
      // The format's planes are green, blue, red.
      const plate = drawnPlate(format, side, side, (k, x, y) => {
        const plane = [1, 2, 0][k] as number;
        const at = Math.min(size - 1, y) * size + Math.min(size - 1, x);
        return Math.round(most * (0.1 + 0.7 * (patch.rgb[plane * size * size + at] as number)));
      });
      return cutRegion(plate, regionUnder(toPatch, size, plate));
    });
    return { patch: { ...patch, toPatch }, regions };
  });
}
