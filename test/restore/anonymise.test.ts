import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleStills } from '../../samples/make-stills.ts';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { type Embedding, similarity } from '../../src/face/embedding.ts';
import { fivePoints } from '../../src/face/landmarks.ts';
import { measureLight, smoothLight } from '../../src/face/light.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import type { Light } from '../../src/face/observation.ts';
import { psnr } from '../../src/metrics/psnr.ts';
import { shadingFlicker, shadingOf } from '../../src/metrics/shading.ts';
import type { Opened } from '../../src/model/detector.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openRecogniser } from '../../src/model/recogniser.ts';
import { type AnonymiseOptions, anonymise, openAnonymise } from '../../src/restore/anonymise.ts';
import { RESTORERS } from '../../src/restore/restorers.ts';
import { loadPreset } from '../../src/settings/preset.ts';
import { bytesOf } from './bytes-of.ts';
import { type FloatPatch, onFloats } from './on-floats.ts';
import { samplePatches } from './sample-patches.ts';

const OPTIONS = anonymise.settings.parse({});
const KINDS = ['mesh', 'mosaic', 'blur'] as const;
/** Cosine below which nobody is recognised, whatever a preset shifts. */
let floor: number;
const SIZE = 256;

let recogniser: Opened<Awaited<ReturnType<typeof openRecogniser>>>;
let stills: readonly Embedding[];
let talking: readonly FloatPatch[];
let turning: readonly FloatPatch[];
beforeAll(async () => {
  recogniser = await openRecogniser(openLibrary(), 'mobilefacenet-192');
  ({ floor } = recogniser);
  stills = await Promise.all(
    (await sampleStills()).map(({ picture: { width, height, rgb }, landmarks }) =>
      recogniser.embed(pictureOf(rgb, width, height), fivePoints(landmarks)),
    ),
  );
  talking = lit((await samplePatches('talking', [4, 9], SIZE)).plates);
  turning = [];
  for (const frame of [2, 14]) {
    turning = [...turning, ...lit((await samplePatches('turn', [frame, frame + 1], SIZE)).plates)];
  }
});
afterAll(() => recogniser[Symbol.asyncDispose]());

/** The patches with the skin's own light, measured and smoothed as tracking does it. */
function lit(patches: readonly FloatPatch[]): FloatPatch[] {
  const measured = patches.map(({ rgb, size, landmarks, light }) => {
    return { ...measureLight(pictureOf(rgb, size), landmarks), grain: light.grain };
  });
  const lights = smoothLight(measured, 5);
  return patches.map((patch, k) => ({ ...patch, light: lights[k] as Light }));
}

function pictureOf(rgb: Float32Array, width: number, height = width): RgbPicture {
  const area = width * height;
  const at = (i: number) => Math.min(1, Math.max(0, rgb[(i % 3) * area + Math.floor(i / 3)] as number));
  return { width, height, rgb: Uint8Array.from({ length: 3 * area }, (_, i) => Math.round(255 * at(i))) };
}

/** The face as it is seen when it is hidden. */
async function hidden(patch: FloatPatch, options: Partial<AnonymiseOptions> = {}): Promise<Float32Array> {
  const answer = await onFloats(openAnonymise({ ...OPTIONS, ...options }), openCpuCompute()).restore({
    centre: patch,
    before: [],
    after: [],
  });
  if ('refused' in answer) throw new Error(`The face was refused: ${answer.refused}.`);
  const { rgb, matte } = answer;
  return rgb.map((v, i) => {
    const alpha = matte[i % (SIZE * SIZE)] as number;
    return (patch.rgb[i] as number) + alpha * (v - (patch.rgb[i] as number));
  });
}

const kept = new Map<string, Promise<Float32Array>>();
/** The same as is set where nothing is, made once a kind and patch of the shots. */
function hiddenAs(kind: (typeof KINDS)[number], shot: 'talking' | 'turning'): Promise<Float32Array>[] {
  return { talking, turning }[shot].map((patch, k) => {
    const key = `${kind} ${shot} ${k}`;
    const picture = kept.get(key) ?? hidden(patch, { kind });
    kept.set(key, picture);
    return picture;
  });
}

async function likeness(rgb: Float32Array, { landmarks }: FloatPatch): Promise<number> {
  const embedding = await recogniser.embed(pictureOf(rgb, SIZE), fivePoints(landmarks));
  return Math.max(...stills.map((still) => similarity(still, embedding)));
}

describe('a hidden face', () => {
  it('is recognised before it is hidden, by the same measure', async () => {
    for (const patch of [...talking, ...turning]) expect(await likeness(patch.rgb, patch)).toBeGreaterThan(0.7);
  });

  it.each(KINDS)('is recognised as nobody in any frame (%s)', async (kind) => {
    const shown = await Promise.all([...hiddenAs(kind, 'talking'), ...hiddenAs(kind, 'turning')]);
    for (const [k, patch] of [...talking, ...turning].entries()) {
      expect(await likeness(shown[k] as Float32Array, patch)).toBeLessThan(floor);
    }
  });

  it.each(['mosaic', 'blur'] as const)('is nobody in the finest squares that are let pass (%s)', async (kind) => {
    for (const patch of talking) {
      expect(await likeness(await hidden(patch, { kind, cell: 0.4, grainRatio: 0 }), patch)).toBeLessThan(floor);
    }
  });

  it.each(KINDS)('flickers no more than the plate (%s)', async (kind) => {
    const matte = new Float32Array(SIZE * SIZE).fill(1);
    const flickerOf = (pictures: readonly Float32Array[]) => {
      // Of the picture's own brightness: a print that breathes moves what is bright by more levels than what is dark.
      const grids = pictures.map((rgb) => shadingOf(lumaOf(rgb), matte, SIZE));
      const means = grids.map((grid) => grid.reduce((sum, v) => sum + v, 0) / grid.length);
      return grids.slice(2).map((now, k) => {
        const [first, second] = [grids[k], grids[k + 1]] as [Float32Array, Float32Array];
        return shadingFlicker(first, second, now) / (means[k + 1] as number);
      });
    };
    const shown = await Promise.all(hiddenAs(kind, 'talking'));
    const [plate, output] = [flickerOf(talking.map(({ rgb }) => rgb)), flickerOf(shown)];
    output.forEach((flicker, k) => {
      expect(flicker).toBeLessThanOrEqual(1.05 * (plate[k] as number));
    });
  });

  it('shows nothing of the plate as a mesh: another face in the same light and place is the same picture', async () => {
    const [patch] = talking as [FloatPatch];
    const other = { ...patch, rgb: patch.rgb.map((v, i) => 1 - (patch.rgb[(i * 7) % patch.rgb.length] as number) * v) };
    const bare = { grainRatio: 0, kind: 'mesh' } as const;
    const [one, two] = await Promise.all(
      [patch, other].map((of) => onFloats(openAnonymise({ ...OPTIONS, ...bare }), openCpuCompute()).restore(alone(of))),
    );
    if (!one || !two || 'refused' in one || 'refused' in two) throw new Error('No face is refused.');
    expect(Buffer.compare(bytesOf(two.rgb), bytesOf(one.rgb))).toBe(0);
    expect(Buffer.compare(bytesOf(two.matte), bytesOf(one.matte))).toBe(0);
  });

  it('has grain as strong as the plate’s, and another in the next frame', async () => {
    const [patch, next] = talking as [FloatPatch, FloatPatch];
    const bare = await hidden(patch, { grainRatio: 0 });
    const grained = await hidden(patch);
    const middle = (rgb: Float32Array) => rgb.subarray(100 * SIZE, 140 * SIZE);
    const noise = (a: Float32Array, b: Float32Array) => 10 ** (-psnr(middle(a), middle(b)) / 20);
    // A patch pixel is a plate pixel or less here: as many as it covers are averaged when it is written.
    expect(noise(grained, bare)).toBeGreaterThan(0.8 * patch.light.grain);
    const later = await hidden({ ...patch, frame: next.frame });
    expect(noise(later, grained)).toBeGreaterThan(1.2 * noise(grained, bare));
    expect(Buffer.compare(bytesOf(await hidden(patch)), bytesOf(grained))).toBe(0);
  });

  it('is hidden whatever restorers refuse: a tiny face, a profile, a flash, no light', async () => {
    const [patch] = talking as [FloatPatch];
    const tiny = { ...patch, toPatch: { a: 30, b: 0, tx: 0, ty: 0 } };
    const flash = { ...patch, rgb: patch.rgb.map(() => 1) };
    const dark = { ...patch, light: { ...patch.light, exposure: 0, colour: [0, 0, 0, 0, 0, 0] } };
    const profile = {
      ...patch,
      landmarks: patch.landmarks.map((v, i) => (i % 3 === 0 ? SIZE / 2 + (v - SIZE / 2) / 6 : v)),
    };
    for (const kind of KINDS) {
      for (const of of [tiny, flash, dark, profile]) {
        const answer = await onFloats(openAnonymise({ ...OPTIONS, kind }), openCpuCompute()).restore(alone(of));
        if ('refused' in answer) throw new Error('No face is refused.');
        for (let n = 0; n < 468; n++) {
          const [x, y] = [of.landmarks[3 * n] as number, of.landmarks[3 * n + 1] as number];
          expect(answer.matte[Math.floor(y) * SIZE + Math.floor(x)]).toBeGreaterThan(0.999);
        }
        expect(answer.rgb.every((v) => Number.isFinite(v))).toBe(true);
      }
    }
  });
});

describe('the settings of anonymise', () => {
  it('refuse squares through which a face is recognised, with the reason', async () => {
    await expect(loadPreset('restore', RESTORERS, { 'anonymise.cell': 0.2 })).rejects.toThrow(
      '"anonymise.cell" should be a number from 0.4 to 2 (through smaller squares a face is still recognised, by machines before people), but is 0.2.',
    );
  });
});

function alone(centre: FloatPatch) {
  return { centre, before: [], after: [] };
}

function lumaOf(rgb: Float32Array): Float32Array {
  const area = rgb.length / 3;
  return rgb
    .slice(0, area)
    .map((r, i) => 0.2126 * r + 0.7152 * (rgb[area + i] as number) + 0.0722 * (rgb[2 * area + i] as number));
}
