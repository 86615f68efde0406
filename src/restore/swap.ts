import type { Image } from '../compute/image.ts';
import type { Enhancer, Swapper } from '../face/networks.ts';
import { count, flag, group, modelId } from '../settings/setting.ts';
import { openCarried } from './carried/carried-restorer.ts';
import { openPatchCrops } from './crop/patch-crops.ts';
import { inLightOf } from './fitted-face.ts';
import {
  type EligibleFace,
  eligibleRepair,
  finished,
  type RepairedFace,
  type RepairOptions,
  repair,
} from './repair.ts';
import type { Restorer } from './restorer.ts';
import { defineRestorer } from './restorer-definition.ts';
import type { StillPatch } from './stills/still-patch.ts';
import { boosted } from './swap/pixel-boost.ts';
import { swappedFace } from './swap/swapped-face.ts';
import { wholeRepairedMatte } from './window/repaired-matte.ts';
import { openWindowTools, type WindowTools } from './window/window-tools.ts';

/** The setting of no network. */
const NONE = 'none';

export const swap = defineRestorer({
  name: 'swap',
  summary: 'puts the face of the stills in its place by a network, with its expression; only with --authorisation',
  settings: group({
    model: modelId('The network that puts one face in another’s place; one that can "swap".').default('inswapper-128'),
    pixelBoost: count(
      1,
      8,
      'Runs along each side of the network’s square: at 2 it is twice as fine, made of four runs. As many at most as make 1024 pixels.',
    ).default(1),
    enhancer: modelId(
      'A network that makes the swapped face finer, as fine as the plate; one that can "restore" a face. "none": none does.',
    ).default(NONE),
    colourTransfer: flag(
      'Moves the skin that the network paints to the colour of the plate’s (Reinhard 2001).',
    ).default(true),
    membrane: flag('Lets the plate’s light at the matte’s edge flow into the face (Poisson blend).').default(true),
    keyframeEvery: count(
      0,
      24,
      'Frames from one keyframe to the next. Keyframes are swapped by the network; in between the change is carried from both sides where the face looks the same, and only what changed is swapped anew. Larger saves more and keeps more frames in memory. 0 = every frame by itself, as with reuse off.',
    ).default(12),
  }),
  base: repair,
  needs: {
    stills: 'required',
    authorisation: true,
    networks: ({ model, enhancer }) => [model, ...(enhancer === NONE ? [] : [enhancer])],
  },
  without: { reuse: { keyframeEvery: 0 } },
  alone: { window: 0, keyframeEvery: 0 },
  window: ({ window, keyframeEvery }) => window + keyframeEvery,
  carries: ({ keyframeEvery }) => keyframeEvery > 0,
  async open({ settings, stills, networks, compute }) {
    const tools = openWindowTools(compute);
    const swapper = await networks.swapper(settings.model);
    const enhancer = settings.enhancer === NONE ? null : await networks.enhancer(settings.enhancer);
    const restorer = await openSwap({ swapper, enhancer }, stills, settings, tools);
    const { keyframeEvery: every, matteSoftness } = settings;
    return every > 0 ? openCarried(restorer, { every, matteSoftness }, tools) : restorer;
  },
  words: repair.words,
});

export interface SwapOptions extends RepairOptions {
  /** Runs along each side of the network's square. */
  readonly pixelBoost: number;
  readonly colourTransfer: boolean;
  readonly membrane: boolean;
}

/** What faces are swapped by. */
export interface SwapNetworks {
  readonly swapper: Swapper;
  /** Makes the swapped face finer. */
  readonly enhancer?: Enhancer | null;
}

/** Side of the largest square that is made of a network's, pixels. */
const LARGEST = 1024;

/**
 * Puts the face of the stills in another's place: the face is repaired, shown to the network in its own steady square, and what the network
 * changes is put back, as blurred, coloured and lit as the plate; the frame's own grain goes on top. Pose, gaze and expression are those of
 * the plate as far as the network keeps them.
 */
export async function openSwap(
  { swapper: network, enhancer = null }: SwapNetworks,
  stills: readonly StillPatch[],
  options: SwapOptions,
  tools: WindowTools = openWindowTools(),
): Promise<Restorer & Disposable> {
  const { compute } = tools;
  const identity = await network.identity(stills);
  const factor = Math.max(1, Math.min(options.pixelBoost, Math.floor(LARGEST / network.side)));
  const crops = openPatchCrops(compute, { side: factor * network.side, five: network.five });
  const run = (rgb: Float32Array) =>
    boosted(rgb, { side: network.side, factor }, (part) => network.swap(part, identity));
  const finerCrops = enhancer ? openPatchCrops(compute, enhancer) : null;
  /** The face with the other in it, and made finer where a network does. */
  const put = async ({ rgb, aligned: { landmarks } }: RepairedFace): Promise<Image> => {
    const swapped = await swappedFace(compute, crops, { rgb, landmarks }, run, options);
    if (!enhancer || !finerCrops) return swapped;
    using coarse = swapped;
    const finer = { colourTransfer: false, asBlurredAs: rgb };
    return await swappedFace(compute, finerCrops, { rgb: coarse, landmarks }, (part) => enhancer.enhance(part), finer);
  };
  /** A swapped face in the plate's light, which is measured in the same frame. */
  const lit = async (face: EligibleFace, swapped: Image): Promise<Image> => {
    const { landmarks } = face.aligned;
    const { strength } = face.eligibility;
    const { band } = await compute.statistics({ band: compute.bandOfPatch(face.rgb, landmarks) });
    using whole = wholeRepairedMatte(compute, face, { softness: options.matteSoftness, strength });
    return inLightOf(compute, { rgb: swapped, landmarks }, whole, band);
  };
  return {
    name: 'swap',
    window: options.window,
    async restore(window) {
      // Of a face the network sees all or nothing, whatever part is asked for.
      const answer = await eligibleRepair(window, tools);
      if ('refused' in answer) return answer;
      using face = answer;
      using swapped = await put(face);
      using shown = options.membrane ? await lit(face, swapped) : compute.alias(swapped);
      return finished(compute, face, shown, options);
    },
    forget: (before) => tools.patches.forget(before),
    [Symbol.dispose]() {
      crops[Symbol.dispose]();
      finerCrops?.[Symbol.dispose]();
      tools[Symbol.dispose]();
    },
  };
}
