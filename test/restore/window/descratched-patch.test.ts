import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import { scratchesUnder } from '../../../src/compute/cpu/scratch/scratches-under.ts';
import { regionUnder } from '../../../src/compute/region-under.ts';
import type { Scratch } from '../../../src/compute/scratch.ts';
import { CANONICAL_POINTS } from '../../../src/face/canonical-face.ts';
import { fivePoints } from '../../../src/face/landmarks.ts';
import { PATCH_TEMPLATE } from '../../../src/face/patch.ts';
import { applyX, applyY, fitSimilarity, type Similarity, transformLandmarks } from '../../../src/face/similarity.ts';
import { cutRegion, planesOf } from '../../../src/film/plate.ts';
import type { PlateColour } from '../../../src/film/plate-colour.ts';
import { pictureBytes, sampleFormat } from '../../../src/film/sample-format.ts';
import { descratchedPatch } from '../../../src/restore/window/descratched-patch.ts';
import { gaussianNoise, texture } from '../../motion/texture.ts';

/** A plate, and the patch that covers most of it. */
const SIDE = 256;
const SIZE = 256;
const AREA = SIZE * SIZE;
const COLOUR = { tags: {}, transfer: 'rec709', plateHeight: SIDE } as const;
const LANDMARKS = transformLandmarks(
  fitSimilarity(
    fivePoints(CANONICAL_POINTS),
    PATCH_TEMPLATE.map((v) => v * SIZE),
  ),
  CANONICAL_POINTS,
);
const LIGHT = { exposure: 0.5, colour: [], band: new Float32Array(0), blur: 1, grain: 0 };

type Picture = (x: number, y: number) => number;

/** A face's worth of soft texture. */
const at = texture(5);
const clean: Picture = (x, y) => 0.4 + 0.15 * at(x / 2, y / 2);

/** A line that takes the picture a share of the way to white (above 0) or to black. */
interface Line {
  readonly x: (y: number) => number;
  readonly share: number;
}

const under =
  (lines: readonly Line[], picture: Picture = clean): Picture =>
  (x, y) =>
    lines.reduce(
      (value, line) => {
        const cover = Math.abs(line.share) * (0.7 + 0.3 * Math.sin(y / 23)) * Math.exp(-((x - line.x(y)) ** 2) / 1.5);
        return value + cover * ((line.share > 0 ? 0.95 : 0.05) - value);
      },
      picture(x, y),
    );

/** A patch's place on the plate: turned about its middle. */
const turned = (tilt: number): Similarity => {
  const [a, b] = [Math.cos(tilt), Math.sin(tilt)];
  const middle = SIDE / 2;
  return { a, b, tx: SIZE / 2 - a * middle + b * middle, ty: SIZE / 2 - b * middle - a * middle };
};

/** What is found of a picture, and its patch with and without it: luma, 0 … 1. */
async function descratched(
  picture: Picture,
  { toPatch = turned(0), format = 'gbrp16le', grain = 0, colour = COLOUR as PlateColour } = {},
) {
  const compute = openCpuCompute();
  const samples = sampleFormat(format);
  const bytes = new Uint8Array(pictureBytes(samples, SIDE, SIDE));
  const noise = gaussianNoise(9);
  const top = 2 ** samples.bits - 1;
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    return picture((i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5) + grain * noise();
  });
  planesOf(samples, bytes, SIDE, SIDE).forEach(({ samples: plane }, k) => {
    // Of luma and chroma, chroma is none.
    if (plane.length < values.length || (k > 0 && samples.model === 'yuv')) plane.fill(2 ** (samples.bits - 1));
    else plane.set(values.map((v) => Math.round(top * Math.min(1, Math.max(0, v)))));
  });
  const plate = { frame: 0, format: samples, width: SIDE, height: SIDE, bytes };
  const region = cutRegion(plate, regionUnder(toPatch, SIZE, plate));
  const scratches = scratchesUnder(region, { toPatch, landmarks: LANDMARKS }, colour);
  const rgb = compute.lift(region, { size: SIZE, toPatch, colour });
  const patch = { frame: 0, size: SIZE, rgb, toPatch, landmarks: LANDMARKS, light: LIGHT, scratches };
  const found = descratchedPatch(compute, patch);
  const [before, after, where] = [rgb, found.rgb, found.scratched].map((image) => image && compute.read(image));
  return {
    scratches,
    before: (await before)?.slice(0, AREA) as Float32Array,
    after: (await after)?.slice(0, AREA) as Float32Array,
    where: (await where)?.slice() ?? null,
  };
}

/** Root mean square difference on the face where lines are, 8-bit levels. */
function errorNear(lines: readonly Line[], patch: Float32Array, truth: Float32Array, toPatch = turned(0)): number {
  let sum = 0;
  let count = 0;
  for (let y = 60; y < 200; y++) {
    for (const line of lines) {
      for (let d = -1; d <= 1; d++) {
        const x = line.x(y + 0.5) + d;
        const i = Math.floor(applyY(toPatch, x, y + 0.5)) * SIZE + Math.floor(applyX(toPatch, x, y + 0.5));
        sum += (255 * ((patch[i] as number) - (truth[i] as number))) ** 2;
        count += 1;
      }
    }
  }
  return Math.sqrt(sum / count);
}

const straight = (x: number, share: number): Line => ({ x: () => x, share });

async function errors(lines: readonly Line[], options: Parameters<typeof descratched>[1] = {}) {
  const truth = (await descratched(clean, options)).before;
  const found = await descratched(under(lines), options);
  const of = (patch: Float32Array) => errorNear(lines, patch, truth, options?.toPatch);
  return { ...found, before: of(found.before), after: of(found.after) };
}

const middles = (scratches: readonly Scratch[]) =>
  scratches.map(({ x }) => x[x.length >> 1] as number).sort((a, b) => a - b);

describe('a patch without scratches', () => {
  it('is without a bright and without a dark line, wherever they are', async () => {
    for (const share of [0.4, -0.4]) {
      const { before, after, where, scratches } = await errors([straight(140.3, share)]);
      expect(scratches).toHaveLength(1);
      expect(before).toBeGreaterThan(20);
      expect(after).toBeLessThan(before / 7);
      expect(where?.[130 * SIZE + 140]).toBe(1);
      expect(where?.[130 * SIZE + 110]).toBe(0);
    }
  });

  it('is without both of two lines side by side, and the gap between them is no line', async () => {
    for (const gap of [5, 6, 8]) {
      const lines = [straight(130.5, 0.35), straight(130.5 + gap, 0.3)];
      const { before, after, scratches } = await errors(lines);
      expect(middles(scratches).map(Math.floor)).toEqual([130, 130 + gap]);
      expect(after).toBeLessThan(before / 4);
    }
  });

  it('is without a dark line whose shoulders are bright, as a scratch raises them', async () => {
    const core = straight(130.5, -0.7);
    const { before, after, scratches } = await errors([core, straight(127.5, 0.3), straight(133.5, 0.3)]);
    expect(before).toBeGreaterThan(20);
    expect(after).toBeLessThan(before / 4);
    expect(middles(scratches).map(Math.floor)).toContain(130);
  });

  it('is without lines on a plate so large that they are looked for in means over its pixels', async () => {
    const wide = under([straight(130, 0.45), straight(131, 0.45)]);
    for (const format of ['gbrp16le', 'gray16le', 'yuv420p']) {
      const large = { format, colour: { ...COLOUR, plateHeight: 1440 } };
      const truth = (await descratched(clean, large)).before;
      const { before, after, scratches } = await descratched(wide, large);
      const of = (patch: Float32Array) => errorNear([straight(130.5, 0)], patch, truth);
      expect(scratches[0]?.pitch).toBe(2);
      expect(of(before)).toBeGreaterThan(20);
      expect(of(after)).toBeLessThan(of(before) / 3);
    }
  });

  it('is without a line that wanders', async () => {
    const { before, after } = await errors([{ x: (y) => 120 + 0.05 * y + 2 * Math.sin(y / 40), share: 0.35 }]);
    expect(after).toBeLessThan(before / 2.5);
  });

  it('is without a line under grain that is half as strong as the line', async () => {
    const line = straight(135, 0.25);
    const quiet = (await descratched(clean)).before;
    const { before, after } = await descratched(under([line]), { grain: 0.035 });
    const bare = await descratched(clean, { grain: 0.035 });
    const [worn, mended, grained] = [before, after, bare.before].map((patch) => errorNear([line], patch, quiet));
    expect(worn).toBeGreaterThan(2 * (grained as number));
    expect(mended).toBeLessThan(1.15 * (grained as number));
  });

  it('is so under a tilted head, and on a plate of luma and subsampled chroma', async () => {
    for (const options of [{ toPatch: turned(0.35) }, { toPatch: turned(-1.2) }, { format: 'yuv420p' }]) {
      const { before, after } = await errors([straight(128, 0.4)], options);
      expect(before).toBeGreaterThan(20);
      expect(after).toBeLessThan(before / 4);
    }
  });

  it('is the very patch where there is no line', async () => {
    for (const grain of [0, 0.035]) {
      const { scratches, before, after, where } = await descratched(clean, { grain });
      expect(scratches).toEqual([]);
      expect(after).toEqual(before);
      expect(where).toBeNull();
    }
  });

  it('keeps lines of the scene: short ones, crooked ones, and those that end at the face', async () => {
    const short: Picture = (x, y) => (y > 95 && y < 155 ? under([straight(128, 0.4)])(x, y) : clean(x, y));
    const crooked = under([{ x: (y) => 128 + 14 * Math.sin(y / 17), share: 0.4 }]);
    const behind: Picture = (x, y) => (y < 70 || y > 230 ? under([straight(128, 0.4)])(x, y) : clean(x, y));
    for (const picture of [short, crooked, behind]) expect((await descratched(picture)).scratches).toEqual([]);
  });
});
