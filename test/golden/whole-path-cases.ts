import { applyRestoration } from '../../src/compute/cpu/plate/apply.ts';
import { liftPatch } from '../../src/compute/cpu/plate/lift.ts';
import { scratchesUnder } from '../../src/compute/cpu/scratch/scratches-under.ts';
import { regionUnder } from '../../src/compute/region-under.ts';
import { type Similarity, transformLandmarks } from '../../src/face/similarity.ts';
import { cutRegion, type Plate, type Region } from '../../src/film/plate.ts';
import { openRepair } from '../../src/restore/repair.ts';
import { drawnPlate } from '../compute/plates.ts';
import { type FloatPatch, onFloats } from '../restore/on-floats.ts';
import { BLINK, DIRTY, drawnCodes } from './drawn-film.ts';
import type { DrawnPortrait } from './drawn-portrait.ts';
import { windowOf } from './drawn-window.ts';
import type { GoldenCase } from './golden-case.ts';

const WIDTH = 208;
const HEIGHT = 180;
const SIZE = 192;
const REACH = 2;
/** A film scan as DPX holds it: 10-bit RGB, printing density. */
const FORMAT = 'gbrp10le';
const COLOUR = { tags: {}, transfer: 'log', plateHeight: HEIGHT } as const;

/** Portrait pixels to the plate's. */
const ON_PLATE: Similarity = { a: 0.9375, b: 0.0625, tx: -98.5, ty: -37.25 };

/** A face lifted from plates of a drawn film, repaired with its neighbours, and applied to its own plate. */
export function wholePathCases(portrait: DrawnPortrait): GoldenCase[] {
  return [BLINK, DIRTY, 10].map((frame) => ({
    name: `lift, repair and apply on ${FORMAT}, frame ${frame}`,
    async output() {
      const faces = Array.from({ length: frame + REACH + 1 }, (_, k) => lifted(portrait, k));
      const patches = faces.map(({ patch }) => patch);
      const repair = onFloats(openRepair({ window: REACH, matteSoftness: 0.12, grainRatio: 1 }));
      const restored = await repair.restore(windowOf(patches, frame, REACH));
      if ('refused' in restored) throw new Error(`The face of frame ${frame} was refused: ${restored.refused}.`);
      const { region, patch } = faces[frame] as LiftedFace;
      const place = { size: SIZE, toPatch: patch.toPatch, colour: COLOUR };
      const samples = { original: patch.rgb, rgb: restored.rgb, matte: restored.matte };
      const applied = applyRestoration(region, place, samples, { frame, seed: 5 });
      return [applied.region.bytes, applied.matte];
    },
  }));
}

interface LiftedFace {
  readonly region: Region;
  readonly patch: FloatPatch;
}

function lifted(portrait: DrawnPortrait, frame: number): LiftedFace {
  const plate = drawnFilmPlate(portrait, frame);
  const toPatch = patchOn(frame);
  const region = cutRegion(plate, regionUnder(toPatch, SIZE, plate));
  const landmarks = transformLandmarks(toPatch, transformLandmarks(ON_PLATE, portrait.landmarks));
  const patch: FloatPatch = {
    frame,
    size: SIZE,
    rgb: liftPatch(region, { size: SIZE, toPatch, colour: COLOUR }),
    toPatch,
    landmarks,
    light: { exposure: 0.5, colour: [0, 0, 0, 1, 1, 1], band: new Float32Array(192), blur: 1.25, grain: 0.0156 },
    scratches: scratchesUnder(region, { toPatch, landmarks }, COLOUR),
  };
  return { region, patch };
}

/** Codes 95 … 862 of 1023, in which a scan holds its picture. */
function drawnFilmPlate(portrait: DrawnPortrait, frame: number): Plate {
  const drawing = { width: WIDTH, height: HEIGHT, toPicture: ON_PLATE, frame, grain: 14, worn: true };
  const codes = drawnCodes(portrait, drawing);
  const area = WIDTH * HEIGHT;
  // The format's planes are green, blue, red.
  const plane = [1, 2, 0];
  const plate = drawnPlate(FORMAT, WIDTH, HEIGHT, (k, x, y) => {
    const code = codes[(plane[k] as number) * area + y * WIDTH + x] as number;
    return 95 + Math.round((3 * code) / 4);
  });
  return { ...plate, frame };
}

/** Plate pixels to patch pixels: upright, the face where the template has it, and a weave of a quarter of a pixel. */
function patchOn(frame: number): Similarity {
  return { a: 1.171875, b: -0.078125, tx: -31.75 + (frame % 3) / 4, ty: 9 - (frame % 2) / 4 };
}
