import { EventEmitter, once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Compute } from '../../src/compute/compute.ts';
import type { Roi } from '../../src/film/roi.ts';
import { psnr } from '../../src/metrics/psnr.ts';
import { keyframeNumbers } from '../../src/restore/carried/carried-keyframes.ts';
import { openCarried } from '../../src/restore/carried/carried-restorer.ts';
import { openRepair } from '../../src/restore/repair.ts';
import type { PatchWindow, Refusal, Restoration, Restorer } from '../../src/restore/restorer.ts';
import { openWindowTools } from '../../src/restore/window/window-tools.ts';
import { countingCompute } from './counting-compute.ts';
import {
  type FloatPatch,
  type FloatRestoration,
  floatRestoration,
  imaged,
  imagedWindow,
  readAndClosed,
} from './on-floats.ts';
import { insideFace, type SamplePatches, samplePatches, windowAt as samplesAround } from './sample-patches.ts';

const SIZE = 128;
const REACH = 2;
const EVERY = 6;
const OPTIONS = { window: REACH, matteSoftness: 0.12, grainRatio: 1 };

/**
 * A restorer that remembers what it prepared until it is closed, the areas that it was asked for, and by whom it is spared. Closing that
 * closes all that was opened.
 *
 * @param begun called whenever the restorer is about to restore
 * @param canRepair true: it can be asked to repair alone, which is not counted among what it was asked for
 */
function carrying(compute?: Compute, begun: () => Promise<void> = async () => {}, canRepair = false) {
  const tools = openWindowTools(compute);
  const repair = openRepair(OPTIONS, compute);
  const asked: Array<{ readonly frame: number; readonly area: Roi | undefined }> = [];
  const inner: Restorer = {
    name: repair.name,
    window: repair.window,
    async restore(window, area) {
      asked.push({ frame: window.centre.frame, area });
      await begun();
      return await repair.restore(window, area);
    },
    ...(canRepair ? { repair: repair.restore } : {}),
    [Symbol.dispose]() {
      repair[Symbol.dispose]();
      tools[Symbol.dispose]();
    },
  };
  return { asked, repair, carried: openCarried(inner, { every: EVERY, matteSoftness: 0.12 }, tools) };
}

const windowAt = (plates: readonly FloatPatch[], at: number, reach: number): PatchWindow =>
  imagedWindow(samplesAround(plates, at, reach));
const windowOf = (plates: readonly FloatPatch[], at: number): PatchWindow => windowAt(plates, at, EVERY + REACH);

/** What was restored, read and closed. */
function expectRestored(result: Restoration | Refusal): FloatRestoration {
  if ('refused' in result) throw new Error(`The face was refused: ${result.refused}.`);
  return readAndClosed(result);
}

/** The plates with one of them painted over where `inside`. */
function painted(
  plates: readonly FloatPatch[],
  at: number,
  inside: (x: number, y: number) => boolean,
  value: number,
): FloatPatch[] {
  return plates.map((patch, k) => {
    if (k !== at) return patch;
    const rgb = patch.rgb.map((v, i) => {
      const p = i % (SIZE * SIZE);
      return inside(p % SIZE, Math.floor(p / SIZE)) ? value : v;
    });
    return { ...patch, rgb };
  });
}

let still: SamplePatches;
let talking: SamplePatches;
beforeAll(async () => {
  const clean = { dirt: 0, scratches: 0 };
  still = await samplePatches('static', [0, 12], SIZE, clean);
  talking = await samplePatches('talking', [6, 14], SIZE, clean);
});

describe('keyframes', () => {
  it('are the same frames of the reel, whoever asks, and the ends of a run', () => {
    expect(keyframeNumbers(14, 0, 100, 6)).toEqual([12, 18]);
    expect(keyframeNumbers(12, 0, 100, 6)).toEqual([12, 12]);
    expect(keyframeNumbers(14, 13, 100, 6)).toEqual([13, 18]);
    expect(keyframeNumbers(14, 0, 16, 6)).toEqual([12, 16]);
  });
});

describe('a carried restoration of a still face', () => {
  it('asks the restorer at anchors alone, and comes within 44 dB of restoring every frame', async () => {
    const { asked, repair, carried } = carrying();
    const { plates } = still;
    for (const at of [7, 8, 9]) {
      const result = expectRestored(await carried.restore(windowOf(plates, at)));
      const anew = expectRestored(await repair.restore(windowAt(plates, at, REACH)));
      expect(result.facts?.carried).toBe(1);
      expect(psnr(result.rgb, anew.rgb, { mask: insideFace(plates[at] as FloatPatch) })).toBeGreaterThan(44);
    }
    expect(asked).toEqual([
      { frame: 6, area: undefined },
      { frame: 11, area: undefined },
    ]);
  });

  it('follows the exposure alone: nothing is asked anew, and the face is as bright as the frame', async () => {
    const { asked, carried } = carrying();
    const plates = still.plates.map((patch, k) =>
      k === 8 ? { ...patch, rgb: patch.rgb.map((v) => 1.06 * v) } : patch,
    );
    const result = expectRestored(await carried.restore(windowOf(plates, 8)));
    expect(asked.filter(({ frame }) => frame === 8)).toEqual([]);
    const centre = plates[8] as FloatPatch;
    const face = insideFace(centre);
    const mean = (rgb: Float32Array) => face.reduce((sum, w, i) => sum + w * (rgb[i] as number), 0);
    expect(mean(result.rgb) / mean(centre.rgb)).toBeCloseTo(1, 2);
  });

  it('is restored anew where something covers it, and only there', async () => {
    const { asked, carried } = carrying();
    const hand = (x: number, y: number) => x > 0.55 * SIZE && x < 0.72 * SIZE && y > 0.55 * SIZE && y < 0.7 * SIZE;
    const plates = painted(still.plates, 8, hand, 0.3);
    const result = expectRestored(await carried.restore(windowOf(plates, 8)));
    const [own, ...others] = asked.filter(({ frame }) => frame === 8);
    expect(others).toEqual([]);
    expect(own?.area?.x).toBeLessThan(0.56 * SIZE);
    expect((own?.area?.x ?? 0) + (own?.area?.width ?? 0)).toBeGreaterThan(0.71 * SIZE);
    expect(own?.area?.height).toBeLessThan(0.45 * SIZE);
    const middle = Math.round(0.62 * SIZE) * SIZE + Math.round(0.64 * SIZE);
    expect(result.rgb[middle]).toBeCloseTo(0.3, 1);
    expect(result.facts?.carried).toBeGreaterThan(0.6);
  });

  it('has a speck of dirt repaired that no anchor has', async () => {
    const { repair, carried } = carrying();
    const speck = (x: number, y: number) => Math.hypot(x - 0.42 * SIZE, y - 0.62 * SIZE) < 2.5;
    const plates = painted(still.plates, 8, speck, 0.95);
    const result = expectRestored(await carried.restore(windowOf(plates, 8)));
    const anew = expectRestored(await repair.restore(windowAt(plates, 8, REACH)));
    const at = Math.round(0.62 * SIZE) * SIZE + Math.round(0.42 * SIZE);
    expect(anew.rgb[at]).toBeLessThan(0.9);
    expect(result.rgb[at]).toBeCloseTo(anew.rgb[at] as number, 1);
  });

  it('is asked no more than to repair a frame that dirt alone tells from the anchors, and all of one that is covered', async () => {
    const { asked, repair, carried } = carrying(undefined, undefined, true);
    const speck = (x: number, y: number) => Math.hypot(x - 0.42 * SIZE, y - 0.62 * SIZE) < 2.5;
    const hand = (x: number, y: number) => x > 0.56 * SIZE && x < 0.71 * SIZE && y > 0.54 * SIZE && y < 0.71 * SIZE;
    const dirty = painted(still.plates, 8, speck, 0.95);
    const result = expectRestored(await carried.restore(windowOf(dirty, 8)));
    expect(asked.filter(({ frame }) => frame === 8)).toEqual([]);
    expect(result.facts?.carried).toBe(1);
    const anew = expectRestored(await repair.restore(windowAt(dirty, 8, REACH)));
    const at = Math.round(0.62 * SIZE) * SIZE + Math.round(0.42 * SIZE);
    expect(anew.rgb[at]).toBeLessThan(0.9);
    expect(result.rgb[at]).toBeCloseTo(anew.rgb[at] as number, 1);

    expectRestored(await carried.restore(windowOf(painted(still.plates, 9, hand, 0.3), 9)));
    expect(asked.filter(({ frame }) => frame === 9)).toHaveLength(1);
  });

  it('takes nothing from the dirt of anchors, though each of them is clean where the other is not', async () => {
    const { carried } = carrying();
    const at = { x: 0.42 * SIZE, y: 0.62 * SIZE };
    const dirt = (dx: number) => (x: number, y: number) => Math.hypot(x - at.x - dx, y - at.y) < 2.5;
    // In neighbouring tiles, so that no place near both is clean in all of its tiles on either side.
    const plates = painted(painted(still.plates, 6, dirt(-6), 0.95), 11, dirt(6), 0.95);
    const result = expectRestored(await carried.restore(windowOf(plates, 8)));
    const clean = expectRestored(await carrying().carried.restore(windowOf(still.plates, 8)));
    const farthest = result.rgb.reduce((most, v, i) => Math.max(most, Math.abs(v - (clean.rgb[i] as number))), 0);
    expect(farthest).toBeLessThan(0.12);
  });

  it('is refused in a flash, as the restorer itself refuses it', async () => {
    const { carried } = carrying();
    const plates = still.plates.map((patch, k) =>
      k === 8 ? { ...patch, rgb: patch.rgb.map((v) => Math.min(1, 1.5 * v + 0.3)) } : patch,
    );
    expect(await carried.restore(windowOf(plates, 8))).toEqual({ refused: 'flash' });
  });
});

describe('a carried restoration of a talking face', () => {
  it('is restored anew at the mouth, and comes within 40 dB of restoring every frame', async () => {
    const { asked, repair, carried } = carrying();
    const { plates } = talking;
    const frames = plates.map((_, k) => k).filter((k) => k > 0 && k < plates.length - 1);
    const parts: Roi[] = [];
    for (const at of frames) {
      const result = expectRestored(await carried.restore(windowOf(plates, at)));
      const anew = expectRestored(await repair.restore(windowAt(plates, at, REACH)));
      expect(psnr(result.rgb, anew.rgb, { mask: insideFace(plates[at] as FloatPatch) })).toBeGreaterThan(40);
    }
    for (const { area } of asked) if (area) parts.push(area);
    expect(parts.length).toBeGreaterThan(0);
    const mouth = { x: SIZE / 2, y: 0.72 * SIZE };
    const atMouth = parts.filter(({ y, height }) => y < mouth.y && y + height > mouth.y);
    expect(atMouth.length).toBeGreaterThan(0);
  });

  it('is the same whichever frames were asked for before, and whoever restored the anchors', async () => {
    const { plates } = talking;
    const at = 4;
    const one = carrying().carried;
    for (const before of [6, 2]) await one.restore(windowOf(plates, before));
    const asked = expectRestored(await one.restore(windowOf(plates, at)));
    const alone = expectRestored(await carrying().carried.restore(windowOf(plates, at)));
    expect(asked.rgb).toEqual(alone.rgb);
    expect(asked.matte).toEqual(alone.matte);

    const other = carrying();
    const [left, right] = keyframeNumbers(6 + at, 6, 6 + plates.length - 1, EVERY);
    for (const frame of [left, right]) {
      const { rgb, matte, facts } = expectRestored(
        await carrying().carried.restoreKeyframe(windowOf(plates, frame - 6)),
      );
      const restored = { ...floatRestoration(rgb, matte), ...(facts ? { facts } : {}) };
      other.carried.adoptKeyframe(imaged(plates[frame - 6] as FloatPatch), restored);
    }
    const adopted = expectRestored(await other.carried.restore(windowOf(plates, at)));
    expect(other.asked.filter(({ area }) => area === undefined)).toEqual([]);
    expect(adopted.rgb).toEqual(alone.rgb);
  });

  it('sees no difference between a window that ends with its take and one that goes on', async () => {
    const { plates } = talking;
    const long = expectRestored(await carrying().carried.restore(windowAt(plates, 5, EVERY + REACH + 1)));
    const short = expectRestored(await carrying().carried.restore(windowAt(plates, 5, EVERY + REACH)));
    expect(long.rgb).toEqual(short.rgb);
  });
});

describe('what carrying remembers', () => {
  const AT = 8;
  const handAt = (x: number, y: number) => x > 0.55 * SIZE && x < 0.72 * SIZE && y > 0.55 * SIZE && y < 0.7 * SIZE;
  let covered: readonly FloatPatch[];
  let expected: FloatRestoration;
  beforeAll(async () => {
    covered = painted(still.plates, AT, handAt, 0.3);
    expected = expectRestored(await carrying().carried.restore(windowOf(covered, AT)));
  });

  /** A restorer whose inner one waits in front of a gate when it restores for the `gated`-th time. */
  const heldUp = (gated: number) => {
    const { compute, open } = countingCompute();
    const steps = new EventEmitter();
    const reached = once(steps, 'reached');
    let times = 0;
    const parts = carrying(compute, async () => {
      times += 1;
      if (times !== gated) return;
      const on = once(steps, 'on');
      steps.emit('reached');
      await on;
    });
    return { ...parts, open, reached, letOn: () => steps.emit('on') };
  };

  it('is four images a keyframe, until it is forgotten', async () => {
    const { compute, open } = countingCompute();
    const { carried, asked } = carrying(compute);
    expectRestored(await carried.restore(windowOf(covered, AT)));
    const before = open();
    carried.forget?.(6);
    expect(open()).toBe(before);
    carried.forget?.(7);
    expect(open()).toBe(before - 4);
    carried.forget?.(12);
    expect(open()).toBe(before - 8);
    expect(asked.map(({ frame }) => frame)).toEqual([6, 11, AT]);
    carried[Symbol.dispose]?.();
    expect(open()).toBe(0);
  });

  it('is closed with the restorer, frames restored at the same time included', async () => {
    const { compute, open } = countingCompute();
    const { carried } = carrying(compute);
    const results = await Promise.all([7, 8, 9, 6].map((at) => carried.restore(windowOf(covered, at))));
    expect(results.map((result) => expectRestored(result).rgb)[1]).toEqual(expected.rgb);
    carried[Symbol.dispose]?.();
    expect(open()).toBe(0);
    carried[Symbol.dispose]?.();
    expect(open()).toBe(0);
  });

  it('is restored anew when it is asked for after it was forgotten, and is the same', async () => {
    const { carried, asked } = carrying();
    expectRestored(await carried.restore(windowOf(covered, AT)));
    carried.forget?.(11);
    const again = expectRestored(await carried.restore(windowOf(covered, AT)));
    expect(again.rgb).toEqual(expected.rgb);
    expect(again.facts).toEqual(expected.facts);
    expect(asked.map(({ frame }) => frame)).toEqual([6, 11, AT, 6, AT]);
  });

  // The left keyframe, the right one, and what has changed in the frame itself.
  it.each([1, 2, 3])(
    'outlives being forgotten while a frame is restored from it, at its restoring no. %i',
    async (n) => {
      const { carried, open, reached, letOn } = heldUp(n);
      const restoring = carried.restore(windowOf(covered, AT));
      await reached;
      carried.forget?.(Infinity);
      letOn();
      expect(expectRestored(await restoring).rgb).toEqual(expected.rgb);
      carried[Symbol.dispose]?.();
      expect(open()).toBe(0);
    },
  );

  it('outlives being closed, with the restorer, at many a moment while a frame is restored', async () => {
    let waits = 0;
    const closedAt = async (moment: number) => {
      waits = 0;
      const { compute, open } = countingCompute(async () => {
        waits += 1;
        if (waits === moment) carried[Symbol.dispose]?.();
      });
      const { carried } = carrying(compute);
      expect(expectRestored(await carried.restore(windowOf(covered, AT))).rgb).toEqual(expected.rgb);
      return open();
    };
    expect(await closedAt(0)).toBeGreaterThan(0);
    // Every third is another one in each of the three restorations that a frame waits for.
    for (let moment = 1; moment <= waits; moment += 3) expect(await closedAt(moment), `at moment ${moment}`).toBe(0);
  });

  it('outlives being closed while it is restored for others', async () => {
    const { carried, open, reached, letOn } = heldUp(1);
    const restoring = carried.restoreKeyframe(windowOf(covered, 6));
    await reached;
    carried[Symbol.dispose]?.();
    letOn();
    expectRestored(await restoring);
    expect(open()).toBe(0);
  });

  it('is restored once for frames that ask for it while it is, and anew for one that asks after it was forgotten', async () => {
    const { carried, asked, open, reached, letOn } = heldUp(1);
    const first = [7, AT].map((at) => carried.restore(windowOf(covered, at)));
    await reached;
    carried.forget?.(7);
    const last = carried.restore(windowOf(covered, AT));
    letOn();
    const results = (await Promise.all([...first, last])).map(expectRestored);
    expect(results.slice(1).map(({ rgb }) => rgb)).toEqual([expected.rgb, expected.rgb]);
    expect(asked.filter(({ frame, area }) => frame === 6 && !area)).toHaveLength(2);
    expect(asked.filter(({ frame, area }) => frame === 11 && !area)).toHaveLength(1);
    carried[Symbol.dispose]?.();
    expect(open()).toBe(0);
  });

  it('leaves nothing open where restoring fails', async () => {
    const { compute, open } = countingCompute();
    const { carried } = carrying(compute, async () => {
      throw new Error('The network is gone.');
    });
    await expect(carried.restore(windowOf(covered, AT))).rejects.toThrow('The network is gone.');
    carried[Symbol.dispose]?.();
    expect(open()).toBe(0);
  });

  it('is passed on: the restorer that is spared forgets the same frames', () => {
    const forgotten: number[] = [];
    const inner: Restorer = { ...openRepair(OPTIONS), forget: (before) => void forgotten.push(before) };
    openCarried(inner, { every: EVERY, matteSoftness: 0.12 }, openWindowTools()).forget?.(9);
    expect(forgotten).toEqual([9]);
  });
});
