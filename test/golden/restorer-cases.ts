import type { Compute } from '../../src/compute/compute.ts';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import type { Enhancer } from '../../src/face/networks.ts';
import { type AnonymiseOptions, openAnonymise } from '../../src/restore/anonymise.ts';
import { openCarried } from '../../src/restore/carried/carried-restorer.ts';
import { openFaceEnhance } from '../../src/restore/crop/enhance-face.ts';
import { type DetailOptions, openDetail } from '../../src/restore/detail.ts';
import { openEnhance } from '../../src/restore/enhance.ts';
import { openRepair, type RepairOptions } from '../../src/restore/repair.ts';
import { openReplace, type ReplaceOptions } from '../../src/restore/replace.ts';
import type { Restorer } from '../../src/restore/restorer.ts';
import type { StillPatch } from '../../src/restore/stills/still-patch.ts';
import { openSwap, type SwapNetworks, type SwapOptions } from '../../src/restore/swap.ts';
import { openWindowTools } from '../../src/restore/window/window-tools.ts';
import { type FloatPatch, type FloatRestoration, onFloats } from '../restore/on-floats.ts';
import { drawnEnhancer } from './drawn-enhancer.ts';
import { BLINK, COVERED, DIRTY } from './drawn-film.ts';
import type { DrawnPortrait } from './drawn-portrait.ts';
import { DRAWN_ENHANCER, DRAWN_SWAPPER } from './drawn-swapper.ts';
import { DRAWN_UPSCALER } from './drawn-upscaler.ts';
import { drawnPatches, drawnStills, windowOf } from './drawn-window.ts';
import type { GoldenCase } from './golden-case.ts';

const BARE = { window: 3, matteSoftness: 0.12, grainRatio: 0 };
const GRAINED = { ...BARE, grainRatio: 1 };
const PAINTED: ReplaceOptions = {
  warp: 'mesh',
  colourTransfer: true,
  membrane: true,
  matteSoftness: 0.12,
  grainRatio: 0.8,
};
const SWAPPED: SwapOptions = { ...GRAINED, pixelBoost: 1, colourTransfer: true, membrane: true };
const HIDDEN: AnonymiseOptions = { kind: 'mesh', cell: 0.6, grow: 0.1, matteSoftness: 0.08, grainRatio: 1 };
const BARELY_HIDDEN: AnonymiseOptions = { ...HIDDEN, kind: 'blur', cell: 0.4, grainRatio: 0 };
/** Where a tighter square than the patch has a face's five points, shares of its side: ArcFace's of 128 pixels, to a hundredth. */
const TIGHT = [0.36, 0.4, 0.64, 0.4, 0.5, 0.56, 0.39, 0.72, 0.62, 0.72];
/** Frames from one keyframe to the next. */
const EVERY = 4;
/** Widths of the means that smear a frame, and that put a lens out of focus, pixels. */
const SMEAR = 10;
const UNFOCUSED = 9;

/** A restorer on a drawn window. */
export interface RestorerCase {
  readonly name: string;
  /** What it makes of it: pixels and matte, and what else it tells, computed by a backend. */
  readonly output: (compute: Compute) => Promise<readonly (Float32Array | Float64Array)[]>;
}

type Opener = (compute: Compute) => Restorer | Promise<Restorer>;

/** Restorers on drawn windows, computed by the processor. */
export function goldenRestorerCases(portrait: DrawnPortrait): GoldenCase[] {
  const cpu = openCpuCompute();
  return restorerCases(portrait).map(({ name, output }) => ({ name, output: () => output(cpu) }));
}

/** Every restorer on drawn windows: a patch finer than the plate, and one coarser. */
export function restorerCases(portrait: DrawnPortrait): RestorerCase[] {
  const fine = drawnPatches(portrait, { size: 192, scale: 1.1875 });
  const coarse = drawnPatches(portrait, { size: 128, scale: 0.8125 });
  const clean = drawnPatches(portrait, { size: 128, scale: 0.8125, grain: 4, worn: false });
  const small = drawnPatches(portrait, { size: 128, scale: 1 });
  const stills = drawnStills(portrait);
  const repair = (options: RepairOptions) => (compute: Compute) => openRepair(options, compute);
  const detail = (grainRatio: number) => (compute: Compute) =>
    openDetail(stills, { ...BARE, grainRatio, strength: 1, stills: 2 }, compute);
  const enhance = (grainRatio: number) => (compute: Compute) =>
    openEnhance(DRAWN_UPSCALER, { ...BARE, grainRatio, strength: 1 }, openWindowTools(compute));
  const enhanceBy = (network: Enhancer) => (compute: Compute) =>
    openFaceEnhance(network, { ...GRAINED, strength: 1, weight: 0.5 }, openWindowTools(compute));
  // The stretched still alone: the others have the frame's own shape, so that no warp would bend them.
  const replace = (options: Partial<ReplaceOptions>) => (compute: Compute) =>
    openReplace(stills.slice(2), (fine[0] as FloatPatch).landmarks, { ...PAINTED, ...options }, compute);
  const swap =
    (options: Partial<SwapOptions>, networks: Partial<SwapNetworks> = {}) =>
    (compute: Compute) =>
      openSwap({ swapper: DRAWN_SWAPPER, ...networks }, stills, { ...SWAPPED, ...options }, openWindowTools(compute));
  const carried = (compute: Compute) => {
    const tools = openWindowTools(compute);
    const inner = openEnhance(DRAWN_UPSCALER, { ...GRAINED, window: 2, strength: 1 }, tools);
    return openCarried(inner, { every: EVERY, matteSoftness: 0.12 }, tools);
  };
  return [
    restored('repair, without grain', repair(BARE), fine, 6),
    restored('repair, grain put back', repair(GRAINED), fine, 6),
    restored('repair of dirt and a scratch', repair(BARE), coarse, DIRTY),
    restored('repair of a blink', repair(GRAINED), coarse, BLINK),
    restored('repair in a shot’s first frame', repair(GRAINED), coarse, 0),
    restored('repair of a face so small that it fades', repair(GRAINED), small, 6),
    restored('repair beside a flash', repair(GRAINED), withFlash(coarse, 7), 6),
    restored('repair of a hand before the cheek', repair(GRAINED), coarse, COVERED),
    restored('detail, without grain', detail(0), fine, 6),
    restored('detail, grain put back', detail(1), fine, 6),
    restored('detail of a blink', detail(0), fine, BLINK),
    restored('detail in a dissolve', detail(0), dissolving(fine), 6),
    restored('enhance, without grain', enhance(0), fine, 6),
    restored('enhance, grain put back', enhance(1), coarse, DIRTY),
    restored('enhance of a face out of focus', enhance(0), withBlur(fine, 3), 6),
    restored('enhance by a restorer of faces, out of focus', enhanceBy(drawnEnhancer(256)), withBlur(fine, 3), 6),
    restored('enhance by a restorer of faces with a tighter square', enhanceBy(drawnEnhancer(128, TIGHT)), fine, BLINK),
    restored('enhance carried, in a keyframe', carried, clean, 8),
    restored('enhance carried, between keyframes', carried, clean, 6),
    restored('enhance carried, a blink', carried, clean, BLINK),
    restored('enhance carried, dirt and a scratch', carried, coarse, DIRTY),
    restored('enhance carried, a hand before the cheek', carried, clean, COVERED),
    restored('swap, grain put back', swap({}), fine, 6),
    restored('swap as the network answers, at pixel boost 2', swap({ ...AS_IT_IS, pixelBoost: 2 }), coarse, 6),
    restored('swap of dirt and a scratch, made finer', swap({}, { enhancer: DRAWN_ENHANCER }), coarse, DIRTY),
    restored('replace by the mesh', replace({}), fine, 6),
    restored('replace by the thin plate', replace({ warp: 'thin-plate' }), fine, 6),
    restored(
      'replace from the still nearest in pose',
      (compute) => openReplace(stills, (fine[3] as FloatPatch).landmarks, PAINTED, compute),
      coarse,
      6,
    ),
    restored('replace by a bare warp', replace(AS_IT_IS), coarse, 6),
    restored('replace of a face far out of focus', replace({}), withBlur(fine, 6), 6),
    restored('replace of a face sharper than the still', replace({}), withBlur(fine, 0.25), 6),
    restored(
      'replace from a still without edges or contrast',
      (compute) => openReplace(stills.slice(2).map(flat), (fine[0] as FloatPatch).landmarks, PAINTED, compute),
      fine,
      6,
    ),
    ...branchCases(portrait, fine, stills),
    ...(['mesh', 'mosaic', 'blur'] as const).map((kind) =>
      restored(`anonymise by ${kind}`, (compute) => openAnonymise({ ...HIDDEN, kind }, compute), fine, 6),
    ),
    restored('anonymise of a small face, without grain', (compute) => openAnonymise(BARELY_HIDDEN, compute), small, 6),
  ];
}

/** Where repair and detail go another way than in most frames. */
function branchCases(
  portrait: DrawnPortrait,
  fine: readonly FloatPatch[],
  stills: readonly StillPatch[],
): RestorerCase[] {
  const large = drawnPatches(portrait, { size: 512, scale: 2.5, worn: false, frames: { in: 5, out: 8 } });
  const repair = (options: RepairOptions) => (compute: Compute) => openRepair(options, compute);
  const detailOf =
    (of: readonly StillPatch[], options: Partial<DetailOptions> = {}) =>
    (compute: Compute) =>
      openDetail(of, { ...BARE, strength: 1, stills: 2, ...options }, compute);
  const turned = [0.6, 1.05, 1.25].map((by, k) => turnedStill(stills[k] as StillPatch, by));
  const soft = stills.map((still) => ({ ...still, rgb: smeared(smeared(still.rgb, 1, 6), still.size, 6) }));
  return [
    restored('repair of a frame that motion has smeared', repair(GRAINED), withSmear(fine, 6), 6),
    transferred('detail of a frame that motion has smeared', detailOf(stills), withSmear(fine, 6), 6),
    restored('repair of a patch of 512 pixels', repair({ ...GRAINED, window: 1 }), large, 6),
    transferred(
      'detail of a patch of 512 pixels, grain put back',
      detailOf(stills, { window: 1, grainRatio: 1 }),
      large,
      6,
    ),
    transferred('detail from stills some of which are turned too far', detailOf(turned, { stills: 3 }), fine, 6),
    restored('detail from stills all of which are turned too far', detailOf(turned.slice(2)), fine, 6),
    transferred('detail of a plate that is far out of focus', detailOf(stills), outOfFocus(fine), 6),
    transferred('detail of a plate sharper than the stills', detailOf(soft), fine, 6),
  ];
}

/** The patches with one frame smeared along its rows. */
function withSmear(patches: readonly FloatPatch[], at: number): readonly FloatPatch[] {
  return patches.map((patch) => (patch.frame === at ? { ...patch, rgb: smeared(patch.rgb, 1, SMEAR) } : patch));
}

/** The patches as a lens out of focus shows them. */
function outOfFocus(patches: readonly FloatPatch[]): readonly FloatPatch[] {
  return patches.map((patch) => ({ ...patch, rgb: smeared(smeared(patch.rgb, 1, UNFOCUSED), patch.size, UNFOCUSED) }));
}

/** Means over `width` samples, `step` apart, around each. */
function smeared(samples: Float32Array, step: number, width: number): Float32Array {
  const last = samples.length - 1;
  return samples.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < width; k++)
      sum += samples[Math.min(last, Math.max(0, i + (k - (width >> 1)) * step))] as number;
    return sum / width;
  });
}

/** The still of a head turned about its vertical axis: landmarks to the right lie the further away, by `by` of their distance. */
function turnedStill(still: StillPatch, by: number): StillPatch {
  const { landmarks, size } = still;
  const deeper = (i: number) => by * ((landmarks[i - 2] as number) - size / 2);
  return { ...still, landmarks: landmarks.map((v, i) => (i % 3 === 2 ? v + deeper(i) : v)) };
}

const AS_IT_IS = { colourTransfer: false, membrane: false, grainRatio: 0 };

/** The patches with one frame lit by a lamp of its own. */
function withFlash(patches: readonly FloatPatch[], at: number): readonly FloatPatch[] {
  return patches.map((patch) =>
    patch.frame === at ? { ...patch, rgb: patch.rgb.map((v) => Math.min(1, 1.5 * v + 0.25)) } : patch,
  );
}

/** The patches giving way to their own mirror image, a sixteenth a frame. */
function dissolving(patches: readonly FloatPatch[]): readonly FloatPatch[] {
  return patches.map((patch) => {
    const { rgb, size, frame } = patch;
    const share = frame / 16;
    const mirrored = (i: number) => rgb[i - (i % size) + size - 1 - (i % size)] as number;
    return { ...patch, rgb: rgb.map((v, i) => v + share * (mirrored(i) - v)) };
  });
}

/** A still of one colour. */
function flat(still: StillPatch): StillPatch {
  const area = still.size ** 2;
  return { ...still, rgb: still.rgb.map((_, i) => [0.75, 0.5, 0.375][Math.floor(i / area)] as number) };
}

/** The patches as if measured to be blurred by `blur` plate pixels. */
function withBlur(patches: readonly FloatPatch[], blur: number): readonly FloatPatch[] {
  return patches.map((patch) => ({ ...patch, light: { ...patch.light, blur } }));
}

/** A restored face's pixels and matte. A refused face has none. */
function restored(name: string, open: Opener, patches: readonly FloatPatch[], frame: number): RestorerCase {
  return {
    name,
    async output(compute) {
      const { rgb, matte } = await restorationOf({ name, open, patches, frame }, compute);
      return [rgb, matte];
    },
  };
}

/** The same, with the share of the stills' detail that was believed, and the plate's blur. */
function transferred(name: string, open: Opener, patches: readonly FloatPatch[], frame: number): RestorerCase {
  return {
    name,
    async output(compute) {
      const { rgb, matte, layers, facts } = await restorationOf({ name, open, patches, frame }, compute);
      if (!layers?.gate || facts?.blur === undefined) throw new Error(`No still was looked at in "${name}".`);
      return [rgb, matte, layers.gate, Float64Array.of(facts.gate ?? -1, facts.blur)];
    },
  };
}

interface DrawnWindow {
  readonly name: string;
  readonly open: Opener;
  readonly patches: readonly FloatPatch[];
  readonly frame: number;
}

async function restorationOf({ name, open, patches, frame }: DrawnWindow, compute: Compute): Promise<FloatRestoration> {
  const restorer = onFloats(await open(compute), compute);
  const result = await restorer.restore(windowOf(patches, frame, restorer.window));
  if ('refused' in result) throw new Error(`The face of "${name}" was refused: ${result.refused}.`);
  return result;
}
