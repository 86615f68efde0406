import { beforeAll, describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import type { Masker } from '../../../src/face/networks.ts';
import { openCarried } from '../../../src/restore/carried/carried-restorer.ts';
import { openDetail } from '../../../src/restore/detail.ts';
import { openEnhance } from '../../../src/restore/enhance.ts';
import type { FrameMask } from '../../../src/restore/masked/frame-masks.ts';
import { openMasked } from '../../../src/restore/masked/masked-restorer.ts';
import { openRepair } from '../../../src/restore/repair.ts';
import { openReplace } from '../../../src/restore/replace.ts';
import type { Restorer } from '../../../src/restore/restorer.ts';
import { openWindowTools } from '../../../src/restore/window/window-tools.ts';
import { DRAWN_UPSCALER } from '../../golden/drawn-upscaler.ts';
import { countingCompute } from '../counting-compute.ts';
import { type FloatPatch, type FloatRestoration, imaged, imagedWindow, onFloats, readAndClosed } from '../on-floats.ts';
import { insideFace, type SamplePatches, samplePatches, stillsOfActor, windowAt } from '../sample-patches.ts';
import { drawnMasker } from './drawn-masker.ts';

const SIZE = 96;
const OPTIONS = { window: 1, matteSoftness: 0.12, grainRatio: 1 };
const PAINTED = { warp: 'mesh', colourTransfer: true, membrane: true, matteSoftness: 0.12, grainRatio: 1 } as const;
const MASKING = { every: 6, settling: 2, softness: 0.08 };
const COMPUTE = openCpuCompute();
/** Frames in which a hand passes before the face: twelve of sixteen, and where it is then. */
const HAND = { in: 2, out: 14 };
const LAST = 15;

/** How far inside the hand's edge a place lies, pixels: a fist that rises and passes to the right. */
function depthInHand(x: number, y: number, frame: number): number {
  if (frame < HAND.in || frame >= HAND.out) return -1;
  const step = frame - HAND.in;
  const [u, v] = [x / SIZE - (0.22 + 0.05 * step), y / SIZE - 0.72];
  return SIZE * (0.13 - Math.hypot(u, v));
}

function withHand(patch: FloatPatch): FloatPatch {
  const area = SIZE * SIZE;
  const rgb = patch.rgb.map((v, i) => {
    const p = i % area;
    const isHand = depthInHand((p % SIZE) + 0.5, Math.floor(p / SIZE) + 0.5, patch.frame) > 0;
    return isHand ? ([0.1, 0.8, 0.2][Math.floor(i / area)] as number) : v;
  });
  return { ...patch, rgb };
}

let shot: SamplePatches;
let covered: readonly FloatPatch[];
let stills: Awaited<ReturnType<typeof stillsOfActor>>;
beforeAll(async () => {
  shot = await samplePatches('talking', [0, LAST + 1], SIZE, { dirt: 0, scratches: 0 });
  covered = shot.plates.map(withHand);
  stills = await stillsOfActor();
});

const repairing = () => openRepair(OPTIONS, COMPUTE);
const enhancing = () => openEnhance(DRAWN_UPSCALER, { ...OPTIONS, strength: 1 }, openWindowTools(COMPUTE));
const carrying = () => openCarried(enhancing(), { every: 4, matteSoftness: 0.12 }, openWindowTools(COMPUTE));

const RESTORERS: Record<string, () => Restorer | Promise<Restorer>> = {
  detail: () => openDetail(stills, { ...OPTIONS, strength: 1, stills: 1 }, COMPUTE),
  enhance: enhancing,
  'enhance, carried': carrying,
  replace: () => openReplace(stills, (shot.plates[0] as FloatPatch).landmarks, PAINTED, COMPUTE),
};

function masked(inner: Restorer, maskers: readonly Masker[], options: Partial<typeof MASKING> = {}) {
  return openMasked(inner, maskers, { ...MASKING, ...options }, COMPUTE);
}

async function restoredAt(restorer: Restorer, plates: readonly FloatPatch[], at: number): Promise<FloatRestoration> {
  const result = await onFloats(restorer).restore(windowAt(plates, at, restorer.window));
  if ('refused' in result) throw new Error(`The face was refused: ${result.refused}.`);
  return result;
}

/** The shot with the hand, repaired frame by frame, and the masks that were made on the way. */
interface MaskedRun {
  readonly frames: readonly FloatRestoration[];
  readonly masks: readonly FrameMask[];
  readonly runs: number;
}

async function maskedRun(plates: readonly FloatPatch[]): Promise<MaskedRun> {
  const masker = drawnMasker();
  const restorer = masked(repairing(), [masker]);
  const frames: FloatRestoration[] = [];
  const masks: FrameMask[] = [];
  for (let at = 0; at <= LAST; at++) {
    frames.push(await restoredAt(restorer, plates, at));
    masks.push(await restorer.maskOf(imagedWindow(windowAt(plates, at, restorer.window))));
  }
  return { frames, masks, runs: masker.runs() };
}

let repairedRun: MaskedRun;
beforeAll(async () => {
  repairedRun = await maskedRun(covered);
});

/** Of the faces with the hand before them: pixels of the hand, those of them that the matte changes, and of the face beside that are restored. */
function countsOf(mattes: readonly Float32Array[]) {
  const counts = { hand: 0, changed: 0, restored: 0 };
  mattes.forEach((matte, k) => {
    const at = HAND.in + k;
    const face = insideFace(covered[at] as FloatPatch);
    matte.forEach((v, i) => {
      const depth = depthInHand((i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5, at);
      if (depth > 1) {
        counts.hand += face[i] as number;
        counts.changed += v > 0 ? 1 : 0;
      } else if (depth < -0.12 * SIZE && face[i]) counts.restored += v > 0.5 ? 1 : 0;
    });
  });
  return counts;
}

describe('a hand before a face, with a masker that sees it', () => {
  it('is the plate’s in all its frames where the face is repaired', () => {
    const counts = countsOf(repairedRun.frames.slice(HAND.in, HAND.out).map(({ matte }) => matte));
    expect(counts.hand).toBeGreaterThan(2000);
    expect(counts.changed).toBe(0);
    expect(counts.restored).toBeGreaterThan(10000);
  });

  it.each(Object.entries(RESTORERS))(
    'is the plate’s in all its frames with every other restorer: %s',
    async (_, opened) => {
      const restorer = masked(await opened(), [drawnMasker()]);
      repairedRun.masks.forEach((mask, at) => {
        restorer.adoptMask(imaged(covered[at] as FloatPatch), mask);
      });
      const mattes: Float32Array[] = [];
      for (let at = HAND.in; at < HAND.out; at++) mattes.push((await restoredAt(restorer, covered, at)).matte);
      const { changed, restored } = countsOf(mattes);
      expect(changed).toBe(0);
      expect(restored).toBeGreaterThan(10000);
    },
  );
});

describe('maskers', () => {
  it('are asked at anchors, and where the face shows what these do not', () => {
    const { frames, runs } = repairedRun;
    const ran = frames.flatMap(({ facts }, at) => (facts?.maskersRan ? [at] : []));
    expect(runs).toBe(ran.length);
    for (let at = 5; at < HAND.out - 1; at++) expect(ran).toContain(at);
    expect(frames[HAND.in + 5]?.facts?.hidden).toBeGreaterThan(0.1);
  });

  it('are spared where a face only talks', async () => {
    const { frames, runs } = await maskedRun(shot.plates);
    for (const { facts } of frames) expect(facts?.hidden).toBeCloseTo(0, 3);
    // Anchors are 0, 6, 12 and the last.
    expect(runs).toBeLessThanOrEqual(7);
  });

  it('do not let the edge of a hand flicker whose answers do not agree', async () => {
    const still = shot.plates
      .map((patch) => withHand({ ...patch, frame: HAND.in + 5 }))
      .map((patch, frame) => ({ ...patch, frame }));
    const flicker = async (settling: number) => {
      const restorer = masked(repairing(), [drawnMasker({ unrest: 1.4 })], { every: 1, settling });
      const mattes: Float32Array[] = [];
      for (let at = 3; at < 10; at++) mattes.push((await restoredAt(restorer, still, at)).matte);
      let sum = 0;
      for (let k = 1; k < mattes.length - 1; k++) {
        const [a, b, c] = [mattes[k - 1], mattes[k], mattes[k + 1]] as [Float32Array, Float32Array, Float32Array];
        b.forEach((v, i) => {
          sum += (v - ((a[i] as number) + (c[i] as number)) / 2) ** 2;
        });
      }
      return Math.sqrt(sum);
    };
    const [loose, settled] = [await flicker(0), await flicker(2)];
    expect(loose).toBeGreaterThan(1);
    expect(settled).toBeLessThan(0.4 * loose);
  });
});

describe('a masked restoration', () => {
  const AT = 7;

  it('is the same whichever frames were asked for before, and whoever made the masks', async () => {
    const alone = await restoredAt(masked(carrying(), [drawnMasker()]), covered, AT);
    const one = masked(carrying(), [drawnMasker()]);
    for (const before of [9, 4]) await restoredAt(one, covered, before);
    const again = await restoredAt(one, covered, AT);
    expect(again.matte).toEqual(alone.matte);
    expect(again.rgb).toEqual(alone.rgb);

    const other = masked(carrying(), [drawnMasker()]);
    const maker = masked(carrying(), [drawnMasker()]);
    for (let at = AT - 5; at <= AT + 5; at++) {
      const mask = await maker.maskOf(imagedWindow(windowAt(covered, at, maker.window)));
      other.adoptMask(imaged(covered[at] as FloatPatch), mask);
    }
    const adopted = await restoredAt(other, covered, AT);
    expect(adopted.matte).toEqual(alone.matte);
    expect(adopted.rgb).toEqual(alone.rgb);
  });

  it('sees no difference between a window that ends with its take and one that goes on', async () => {
    const restorer = masked(repairing(), [drawnMasker()]);
    expect(restorer.window).toBe(MASKING.every + MASKING.settling);
    const short = await onFloats(restorer).restore(windowAt(covered, AT, restorer.window));
    const long = await onFloats(masked(repairing(), [drawnMasker()])).restore(windowAt(covered, AT, LAST));
    if ('refused' in short || 'refused' in long) throw new Error('The face was refused.');
    expect(short.matte).toEqual(long.matte);
  });

  it('closes its images with itself, frames restored at the same time included', async () => {
    const { compute, open } = countingCompute();
    const tools = openWindowTools(compute);
    const repair = openRepair(OPTIONS, compute);
    const both = {
      ...repair,
      [Symbol.dispose]() {
        repair[Symbol.dispose]();
        tools[Symbol.dispose]();
      },
    };
    const inner = openCarried(both, { every: 4, matteSoftness: 0.12 }, tools);
    const restorer = openMasked(inner, [drawnMasker()], MASKING, compute);
    const restoring = [6, AT].map((at) => restorer.restore(imagedWindow(windowAt(covered, at, restorer.window))));
    for (const result of await Promise.all(restoring)) {
      if ('refused' in result) throw new Error('The face was refused.');
      readAndClosed(result);
    }
    restorer.forget?.(5);
    restorer[Symbol.dispose]?.();
    expect(open()).toBe(0);
  });
});
