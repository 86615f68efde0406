import { beforeAll, describe, expect, it } from 'vitest';
import { lumaOfPlanar } from '../../src/compute/cpu/filter/planar.ts';
import { fivePoints, interOcular } from '../../src/face/landmarks.ts';
import { insideDistance } from '../../src/face/matte.ts';
import { faceOutline } from '../../src/face/outline.ts';
import { ssim } from '../../src/metrics/ssim.ts';
import { openDetail } from '../../src/restore/detail.ts';
import { openRepair } from '../../src/restore/repair.ts';
import { drawFace } from '../face/drawn-face.ts';
import { type FloatPatch, type FloatRestoration, onFloats } from './on-floats.ts';
import { decibels, insideFace, type SamplePatches, samplePatches, stillsOfActor, windowAt } from './sample-patches.ts';

const SIZE = 256;
const OPTIONS = { window: 5, matteSoftness: 0.12, grainRatio: 0 };
const MIDDLE = 5;
/** A head turned by 80°, its eyes at their distance of a patch. */
const PROFILE = drawFace({ x: SIZE / 2, y: SIZE / 2, interOcular: 400, yaw: 1.4 });

async function restored(shot: SamplePatches, at: number, options = OPTIONS): Promise<FloatRestoration> {
  const result = await onFloats(openRepair(options)).restore(windowAt(shot.plates, at));
  if ('refused' in result) throw new Error(`The face was left alone: ${result.refused}.`);
  return result;
}

const known = new Map<number, Promise<FloatRestoration>>();

/** A frame of the shot that all tests share, restored once by a restorer of its own. */
function repaired(at: number): Promise<FloatRestoration> {
  const found = known.get(at) ?? restored(shot, at);
  known.set(at, found);
  return found;
}

function faceOf(shot: SamplePatches, at: number) {
  const plate = shot.plates[at] as FloatPatch;
  const truth = shot.truths[at] as Float32Array;
  return { plate, truth, inside: insideFace(plate) };
}

/** Mean of a plane where `inside` is. */
function meanOf(plane: Float32Array, inside: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < plane.length; i++) {
    if ((inside[i] as number) === 0) continue;
    sum += plane[i] as number;
    count += 1;
  }
  return sum / count;
}

let shot: SamplePatches;
beforeAll(async () => {
  shot = await samplePatches('talking', [4, 15], SIZE);
});

describe('repair of a talking face', () => {
  it('brings it nearly two decibels nearer to the truth', async () => {
    const { plate, truth, inside } = faceOf(shot, MIDDLE);
    const { rgb } = await repaired(MIDDLE);
    expect(decibels(rgb, truth, inside)).toBeGreaterThan(decibels(plate.rgb, truth, inside) + 1.7);
  });

  it('gives the same picture for the same window, whatever was restored before', async () => {
    const restorer = onFloats(openRepair(OPTIONS));
    await restorer.restore(windowAt(shot.plates, MIDDLE - 1));
    const later = await restorer.restore(windowAt(shot.plates, MIDDLE));
    expect(later?.rgb).toEqual((await repaired(MIDDLE)).rgb);
    expect(later?.matte).toEqual((await repaired(MIDDLE)).matte);
  });

  it('keeps the brightness of every frame, so that the film goes on breathing', async () => {
    for (const at of [MIDDLE - 1, MIDDLE, MIDDLE + 1]) {
      const { plate, inside } = faceOf(shot, at);
      const { rgb } = await repaired(at);
      const ratio = meanOf(lumaOfPlanar(rgb), inside) / meanOf(lumaOfPlanar(plate.rgb), inside);
      expect(Math.abs(ratio - 1)).toBeLessThan(0.005);
    }
  });

  it('works with the neighbours of one side at the end of a shot', async () => {
    const { plate, truth, inside } = faceOf(shot, 0);
    const { rgb } = await repaired(0);
    expect(decibels(rgb, truth, inside)).toBeGreaterThan(decibels(plate.rgb, truth, inside) + 1);
  });

  it('leaves less of strong grain than a mean over eleven frames does', async () => {
    // Out of focus, so that all that is finer than the blur is grain.
    const wear = { dirt: 0, scratches: 0, softness: 3 };
    const grainy = await samplePatches('talking', [4, 15], SIZE, { ...wear, grain: 2.2 });
    const [grainless] = (await samplePatches('talking', [4 + MIDDLE, 5 + MIDDLE], SIZE, { ...wear, grain: 0 })).plates;
    const { plate, inside } = faceOf(grainy, MIDDLE);
    const target = lumaOfPlanar((grainless as FloatPatch).rgb);
    const left = (of: Float32Array) =>
      Math.sqrt(
        meanOf(
          lumaOfPlanar(of).map((v, i) => (v - (target[i] as number)) ** 2),
          inside,
        ),
      );
    const { rgb } = await restored(grainy, MIDDLE);
    // The mean leaves 0.40, much of it in the mouth, whose neighbours differ.
    expect(left(rgb) / left(plate.rgb)).toBeLessThan(0.36);
  });

  it('puts the frame’s own grain back at its strength', async () => {
    const { plate, truth, inside } = faceOf(shot, MIDDLE);
    const bare = await repaired(MIDDLE);
    const grained = await restored(shot, MIDDLE, { ...OPTIONS, grainRatio: 1 });
    // What the plate and the restored face hold beyond the repaired picture, fine grain only: neighbouring pixels' differences.
    const energy = (rgb: Float32Array) => {
      let sum = 0;
      for (let i = 0; i + 1 < SIZE * SIZE; i++) {
        if ((inside[i] as number) === 0) continue;
        const a = (rgb[i] as number) - (bare.rgb[i] as number);
        const b = (rgb[i + 1] as number) - (bare.rgb[i + 1] as number);
        sum += (a - b) ** 2;
      }
      return Math.sqrt(sum);
    };
    const ratio = energy(grained.rgb) / energy(plate.rgb);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
    expect(decibels(grained.rgb, truth, inside)).toBeGreaterThan(decibels(plate.rgb, truth, inside));
  });

  it('draws its matte on the face alone', async () => {
    const { matte } = await repaired(MIDDLE);
    const { inside } = faceOf(shot, MIDDLE);
    expect(meanOf(matte, inside)).toBeGreaterThan(0.9);
    for (let i = 0; i < SIZE; i++) expect(matte[i]).toBe(0);
  });

  it('refuses a frame that a lamp lit alone', async () => {
    const flash = shot.plates.map((patch, k) =>
      k === MIDDLE ? { ...patch, rgb: patch.rgb.map((v) => Math.min(1, 1.5 * v + 0.3)) } : patch,
    );
    expect(await onFloats(openRepair(OPTIONS)).restore(windowAt(flash, MIDDLE))).toEqual({ refused: 'flash' });
    const { truth, inside, plate } = faceOf(shot, MIDDLE + 1);
    const beside = await onFloats(openRepair(OPTIONS)).restore(windowAt(flash, MIDDLE + 1));
    expect(decibels(beside?.rgb as Float32Array, truth, inside)).toBeGreaterThan(
      decibels(plate.rgb, truth, inside) + 1.5,
    );
  });

  it.each([
    ['its neighbours', MIDDLE],
    ['those of one side, where the shot begins', 0],
  ])('fills a speck of dirt from %s', async (_, at) => {
    const { truth, inside } = faceOf(shot, at);
    const speck = { x: 150, y: 165, radius: 4 };
    const isDirt = (i: number) => Math.hypot((i % SIZE) - speck.x, Math.floor(i / SIZE) - speck.y) < speck.radius;
    const dirty = shot.plates.map((patch, k) =>
      k === at ? { ...patch, rgb: patch.rgb.map((v, i) => (isDirt(i % (SIZE * SIZE)) ? 0.05 : v)) } : patch,
    );
    const around = inside.map((v, i) => (v > 0 && isDirt(i) ? 1 : 0));
    const result = await onFloats(openRepair(OPTIONS)).restore(windowAt(dirty, at));
    expect(result?.facts?.dirt).toBeGreaterThan(0);
    expect(decibels(result?.rgb as Float32Array, truth, around)).toBeGreaterThan(24);
    expect(decibels(dirty[at]?.rgb as Float32Array, truth, around)).toBeLessThan(12);
  });
});

describe('dirt at the edge of a face', () => {
  it('is taken away up to the outline, and nothing beyond it', async () => {
    const { truth, plate } = faceOf(shot, MIDDLE);
    const outline = faceOutline(plate.landmarks);
    const distance = interOcular(fivePoints(plate.landmarks));
    // On the jaw, within the soft edge.
    const cheek = nearOutline(outline, { from: [0.9, 0.2], inwards: 0.065 * distance, size: SIZE });
    const isDirt = (i: number) => Math.hypot((i % SIZE) - cheek.x, Math.floor(i / SIZE) - cheek.y) < 3;
    const dirty = shot.plates.map((patch, k) =>
      k === MIDDLE ? { ...patch, rgb: patch.rgb.map((v, i) => (isDirt(i % (SIZE * SIZE)) ? 0.02 : v)) } : patch,
    );
    const result = await onFloats(openRepair(OPTIONS)).restore(windowAt(dirty, MIDDLE));
    if (!result || 'refused' in result) throw new Error('The face was left alone.');
    const speck = Float32Array.from({ length: SIZE * SIZE }, (_, i) => (isDirt(i) ? 1 : 0));
    const clean = (await repaired(MIDDLE)).matte;
    expect(meanOf(clean, speck)).toBeLessThan(0.65);
    expect(meanOf(result.matte, speck)).toBeGreaterThan(0.9);
    const shown = (dirty[MIDDLE] as FloatPatch).rgb.map((v, i) => {
      const share = result.matte[i % (SIZE * SIZE)] as number;
      return v + share * ((result.rgb[i] as number) - v);
    });
    expect(decibels(shown, truth, speck)).toBeGreaterThan(24);
    // Away from the dirt the matte is the soft one, and outside the outline there is none.
    for (let i = 0; i < SIZE * SIZE; i++) {
      const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
      if (Math.hypot(x - cheek.x, y - cheek.y) > 14) expect(result.matte[i]).toBeCloseTo(clean[i] as number, 1);
      if (insideDistance(outline, x + 0.5, y + 0.5) < -1) expect(result.matte[i]).toBe(0);
    }
  });
});

/** A point that lies so far inside the outline, on the way from its middle towards `from` (shares of the patch from its middle). */
function nearOutline(
  outline: Float32Array,
  {
    from: [dx, dy],
    inwards,
    size,
  }: { readonly from: readonly [number, number]; readonly inwards: number; readonly size: number },
): { readonly x: number; readonly y: number } {
  for (let t = 0; t < size; t++) {
    const [x, y] = [size / 2 + dx * t, size / 2 + dy * t];
    if (insideDistance(outline, x, y) < inwards) return { x: Math.round(x), y: Math.round(y) };
  }
  throw new Error('The outline is not left.');
}

describe('repair', () => {
  it('leaves an undamaged face alone', async () => {
    const shot = await samplePatches('talking', [4, 15], SIZE, { grain: 0, softness: 0, dirt: 0, scratches: 0 });
    const { plate, inside } = faceOf(shot, MIDDLE);
    for (const grainRatio of [0, 1]) {
      const { rgb } = await restored(shot, MIDDLE, { ...OPTIONS, grainRatio });
      expect(decibels(rgb, plate.rgb, inside)).toBeGreaterThan(40);
      const luma = (picture: Float32Array) => ({ width: SIZE, height: SIZE, samples: lumaOfPlanar(picture) });
      expect(ssim(luma(rgb), luma(plate.rgb), inside)).toBeGreaterThan(0.99);
    }
  });

  it('leaves what comes before the face as the plate has it', async () => {
    const shot = await samplePatches('occlusion', [4, 13], SIZE);
    const damage: number[] = [];
    for (const at of [3, 5]) {
      const { plate, truth, inside } = faceOf(shot, at);
      // A hand over half the face: the frame is refused, and stays as it is.
      const rgb = (await onFloats(openRepair(OPTIONS)).restore(windowAt(shot.plates, at)))?.rgb ?? plate.rgb;
      damage.push(decibels(rgb, truth, inside) - decibels(plate.rgb, truth, inside));
    }
    expect(Math.min(...damage)).toBeGreaterThan(-0.2);
    // Nor does detail paint a face on the hand.
    const { plate, truth, inside } = faceOf(shot, 8);
    const detail = onFloats(openDetail(await stillsOfActor(), { ...OPTIONS, strength: 1, stills: 4 }));
    const { rgb } = await detail.restore(windowAt(shot.plates, 8));
    expect(decibels(rgb ?? plate.rgb, truth, inside)).toBeGreaterThan(decibels(plate.rgb, truth, inside) - 0.1);
  });

  it('takes no edge of a passing hand for dirt, where a track begins or ends beside it', async () => {
    const clean = await samplePatches('occlusion', [3, 11], SIZE, { dirt: 0, scratches: 0 });
    const restorer = onFloats(openRepair(OPTIONS));
    const [first, last] = [clean.plates.slice(3), clean.plates.slice(0, 6)];
    const begun = await restorer.restore(windowAt(first, 0));
    const ended = await restorer.restore(windowAt(last, last.length - 1));
    expect([begun?.facts?.dirt, ended?.facts?.dirt]).toEqual([0, 0]);
  });

  it('keeps the teeth and lids that one frame alone shows: they are no dirt, however small the face', async () => {
    const small = await samplePatches('talking', [12, 17], SIZE, { dirt: 0, scratches: 0 }, 144);
    const { plate, truth, inside } = faceOf(small, 2);
    const { rgb } = await restored(small, 2, { ...OPTIONS, grainRatio: 1 });
    expect(decibels(rgb, truth, inside)).toBeGreaterThan(decibels(plate.rgb, truth, inside));
  });

  it('refuses a face in profile', async () => {
    const turned = shot.plates.map((patch) => ({ ...patch, landmarks: PROFILE }));
    expect(await onFloats(openRepair(OPTIONS)).restore(windowAt(turned, MIDDLE))).toEqual({ refused: 'turned' });
  });

  it('fades out where the face is too small, and refuses below that', async () => {
    const smaller = (factor: number) =>
      windowAt(
        shot.plates.map((patch) => ({ ...patch, toPatch: { ...patch.toPatch, a: patch.toPatch.a * factor } })),
        MIDDLE,
      );
    const faded = await onFloats(openRepair(OPTIONS)).restore(smaller(2));
    expect(faded?.facts?.strength).toBeGreaterThan(0.02);
    expect(faded?.facts?.strength).toBeLessThan(0.98);
    expect(await onFloats(openRepair(OPTIONS)).restore(smaller(3))).toEqual({ refused: 'small' });
  });
});
