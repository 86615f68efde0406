import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restorersHelp } from '../../../src/cli/restorer-option.ts';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import { samplesOf } from '../../../src/compute/cpu/cpu-image.ts';
import { faceMatte } from '../../../src/face/matte.ts';
import type { Enhancer, Upscaler } from '../../../src/face/networks.ts';
import { PATCH_TEMPLATE } from '../../../src/face/patch.ts';
import {
  choiceOf,
  type RestorerRequest,
  restorerFor,
  restorerNetworks,
  restorerOfRun,
  windowOf,
} from '../../../src/pipeline/render/choose-restorer.ts';
import { assertNeedsNoStills } from '../../../src/pipeline/request/check-people.ts';
import { asFlag } from '../../../src/pipeline/request/field-name.ts';
import { faceFigures } from '../../../src/report/face-figures.ts';
import { faceNotes } from '../../../src/report/face-notes.ts';
import { repair } from '../../../src/restore/repair.ts';
import { openRestorer, type RestorerChoice, restorerNamed } from '../../../src/restore/restorer-choice.ts';
import { defineRestorer, type RestorerNetworks } from '../../../src/restore/restorer-definition.ts';
import { RESTORERS } from '../../../src/restore/restorers.ts';
import { loadPreset } from '../../../src/settings/preset.ts';
import { group, number } from '../../../src/settings/setting.ts';
import { type FloatPatch, floatRestoration, onFloats } from '../../restore/on-floats.ts';
import { samplePatches, windowAt } from '../../restore/sample-patches.ts';

/** A restorer that is in no file of Reelmend's: it tints the face red, more where there are stills. */
const tint = defineRestorer({
  name: 'tint',
  summary: 'tints the face',
  settings: group({ red: number(0, 1, 'How much red is added, 0 … 1.').default(0.25) }),
  base: repair,
  needs: { stills: 'required', networks: () => ['esrgan-slim'] },
  fallback: repair,
  without: { reuse: { window: 0 } },
  window: ({ window }) => window,
  open: ({ settings, stills }) => ({
    name: 'tint',
    window: settings.window,
    async restore({ centre }) {
      if (centre.frame === 1) return { refused: 'pale' };
      const { size, landmarks } = centre;
      const rgb = samplesOf(centre.rgb).map((v, i) => (i < size * size ? v + settings.red * stills.length : v));
      return floatRestoration(rgb, faceMatte(landmarks, size, { softness: settings.matteSoftness }));
    },
  }),
  words: { reasons: { pale: { brief: 'too pale', leftAlone: 'the face is too pale to be tinted' } } },
});

const REGISTER = [...RESTORERS, tint] as const;
/** Pixels twice as large. */
const DOUBLER: Upscaler = {
  id: 'doubler',
  factor: 2,
  reach: 1,
  async upscale(rgb, width, height) {
    const at = (x: number, y: number, c: number) => rgb[(c * height + y) * width + x] as number;
    return Float32Array.from({ length: rgb.length * 4 }, (_, i) => {
      const [x, row] = [i % (2 * width), Math.floor(i / (2 * width))];
      return at(x >> 1, (row % (2 * height)) >> 1, Math.floor(row / (2 * height)));
    });
  },
};
/** A face restorer that changes nothing. */
const SAME: Enhancer = { id: 'same', side: 128, five: PATCH_TEMPLATE, enhance: async (rgb) => rgb };
const NETWORKS: RestorerNetworks = {
  task: async (id) => (id === SAME.id ? 'restore' : 'upscale'),
  upscaler: async () => DOUBLER,
  enhancer: async () => SAME,
  masker: async (id) => ({ id, side: 64, five: PATCH_TEMPLATE, mask: async () => new Float32Array(64 * 64).fill(1) }),
  swapper: async (id) => ({
    ...{ id, side: 64, five: PATCH_TEMPLATE },
    identity: async () => Float32Array.of(1),
    swap: async (rgb) => rgb,
  }),
};
const JOB: RestorerRequest = { reuse: true };

let folder: string;
let patches: readonly FloatPatch[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-restorer-'));
  patches = (await samplePatches('static', [0, 3], 96)).plates;
});
afterAll(() => rm(folder, { recursive: true }));

async function presetWith(settings: object) {
  const file = join(folder, 'mine.json');
  await writeFile(
    file,
    JSON.stringify({ format: 'reelmend-preset/1', name: 'mine', extends: 'restore', restorer: 'tint', ...settings }),
  );
  return loadPreset(file, REGISTER);
}

async function opened(choice: RestorerChoice) {
  const { size, rgb, landmarks } = patches[2] as FloatPatch;
  const stills = [{ name: 'a frame', size, rgb, landmarks }];
  return openRestorer(REGISTER, choice, { stills, pose: landmarks, networks: NETWORKS, compute: openCpuCompute() });
}

describe('a restorer that is defined and registered', () => {
  it('has a room in presets, with its own defaults and checks', async () => {
    expect((await presetWith({})).tint).toEqual({ red: 0.25 });
    expect((await presetWith({ tint: { red: 0.5 } })).tint).toEqual({ red: 0.5 });
    await expect(presetWith({ tint: { red: 2 } })).rejects.toThrow(
      '"tint.red" should be a number from 0 to 1, but is 2.',
    );
    await expect(loadPreset(join(folder, 'mine.json'), RESTORERS)).rejects.toThrow(
      '"restorer" should be "detail", "repair", "enhance", "replace", "swap" or "anonymise", but is "tint".',
    );
  });

  it('is told of in the help, and refused there where it lacks stills', () => {
    expect(restorersHelp(REGISTER)).toContain(
      '  tint       tints the face\n             settings: red 0.25; and those of repair',
    );
    expect(() => assertNeedsNoStills(REGISTER, 'tint', asFlag)).toThrow(
      '--restorer tint needs the face to restore with.',
    );
    expect(() => assertNeedsNoStills(REGISTER, 'repair', asFlag)).not.toThrow();
  });

  it('is chosen by a preset or a job, with its base’s settings and what the job wishes', async () => {
    const preset = await presetWith({ tint: { red: 0.5 }, repair: { window: 3 } });
    expect(restorerFor(REGISTER, preset, JOB, true)).toBe(tint);
    expect(restorerFor(REGISTER, preset, { ...JOB, restorer: 'repair' }, true)).toBe(repair);
    expect(restorerNetworks(REGISTER, [{ preset, request: JOB }])).toEqual(['esrgan-slim']);
    const choice = choiceOf(tint, preset, JOB);
    expect(choice).toEqual({ name: 'tint', settings: { red: 0.5, window: 3, matteSoftness: 0.12, grainRatio: 1 } });
    expect(windowOf(REGISTER, choice)).toBe(3);
    expect(choiceOf(tint, preset, { grain: 'none', reuse: false }).settings).toMatchObject({
      grainRatio: 0,
      window: 0,
    });
  });

  it('gives way where there are no stills, and the run is known by what it gives way to', async () => {
    const preset = await presetWith({});
    expect(restorerFor(REGISTER, preset, JOB, false)).toBe(repair);
    expect(restorerOfRun(REGISTER, preset, JOB, false)).toBe(repair);
  });

  it('paints, once it has crossed to a worker as plain data', async () => {
    const choice = choiceOf(tint, await presetWith({}), JOB);
    const restorer = onFloats(await opened(structuredClone(choice)));
    const restored = await restorer.restore(windowAt(patches, 0));
    if ('refused' in restored) throw new Error(`The face was refused: ${restored.refused}.`);
    const { rgb, size } = patches[0] as FloatPatch;
    expect(restored.rgb[5]).toBeCloseTo((rgb[5] as number) + 0.25, 6);
    expect(restored.rgb[size * size + 5]).toBe(rgb[size * size + 5]);
  });

  it('has its refusals told in its own words', async () => {
    const restorer = onFloats(await opened(choiceOf(tint, await presetWith({}), JOB)));
    const refused = await restorer.restore(windowAt(patches, 1));
    if (!('refused' in refused)) throw new Error('The face was restored.');
    const figures = faceFigures({
      track: 't1',
      restored: [],
      refused: [{ frame: 1, reason: refused.refused }],
      likeness: [],
    });
    expect(faceNotes('t1', figures, 1, restorerNamed(REGISTER, 'tint').words)).toEqual([
      't1: left as it was in frame 2: the face is too pale to be tinted.',
    ]);
  });
});

describe('every restorer', () => {
  it.each(REGISTER)('$name, opened, wants the window that its definition says', async ({ name, settings, base }) => {
    const restorer = restorerNamed(REGISTER, name);
    const whole = { ...base?.settings.parse({}), ...settings.parse({}) };
    const open = await opened({ name, settings: whole });
    expect(open.window).toBe(restorer.window(whole));
    expect('keyframes' in open).toBe(restorer.carries?.(whole) ?? false);
  });

  it('without a fallback is left out where it requires stills, and runs where it only uses them', async () => {
    const preset = await presetWith({});
    const { fallback: _, ...bare } = tint;
    const using = { ...bare, needs: { ...bare.needs, stills: 'used' as const } };
    expect(restorerFor([bare], preset, JOB, false)).toBeNull();
    expect(restorerOfRun([bare], preset, JOB, false)).toBe(bare);
    expect(restorerFor([using], preset, JOB, false)).toBe(using);
  });
});
