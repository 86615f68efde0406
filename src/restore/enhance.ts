import type { Compute } from '../compute/compute.ts';
import type { Image } from '../compute/image.ts';
import type { Upscaler } from '../face/networks.ts';
import { intersect, isEmpty, type Roi } from '../film/roi.ts';
import { count, group, modelId, number } from '../settings/setting.ts';
import { openCarried } from './carried/carried-restorer.ts';
import { openFaceEnhance } from './crop/enhance-face.ts';
import { eligibleRepair, finished, type RepairOptions, repair } from './repair.ts';
import type { Restorer } from './restorer.ts';
import { defineRestorer } from './restorer-definition.ts';
import { blurOfPatch } from './window/blur-of-patch.ts';
import { openWindowTools, type WindowTools } from './window/window-tools.ts';

export const enhance = defineRestorer({
  name: 'enhance',
  summary: 'repairs the face, then sharpens it by a network; needs no stills',
  settings: group({
    model: modelId(
      'The network that makes the face finer; one that can "upscale", or one that can "restore" a face.',
    ).default('esrgan-slim'),
    strength: number(
      0,
      2,
      'How much of what the network finds finer than the plate is added; 1 = all of it. A network that restores faces is believed only as far as it agrees with the plate.',
    ).default(1),
    weight: number(
      0,
      1,
      'How far the network holds to what it is shown, where it can be told (CodeFormer): 0 = it paints what it likes, 1 = it stays near.',
    ).default(0.5),
    keyframeEvery: count(
      0,
      24,
      'Frames from one keyframe to the next. Keyframes are restored whole; in between the restoration is carried from both sides where the face looks the same, and only what changed is restored anew. Larger saves more and keeps more frames in memory. 0 = every frame by itself, as with reuse off.',
    ).default(12),
  }),
  base: repair,
  needs: { stills: 'none', networks: ({ model }) => [model] },
  alone: { window: 0, keyframeEvery: 0 },
  without: { reuse: { keyframeEvery: 0 } },
  window: ({ window, keyframeEvery }) => window + keyframeEvery,
  carries: ({ keyframeEvery }) => keyframeEvery > 0,
  async open({ settings, networks, compute }) {
    const tools = openWindowTools(compute);
    const { model, keyframeEvery: every, matteSoftness } = settings;
    const restorer =
      (await networks.task(model)) === 'restore'
        ? openFaceEnhance(await networks.enhancer(model), settings, tools)
        : openEnhance(await networks.upscaler(model), settings, tools);
    return every > 0 ? openCarried(restorer, { every, matteSoftness }, tools) : restorer;
  },
  words: repair.words,
});

export interface EnhanceOptions extends RepairOptions {
  /** How much of what the network finds finer than the plate is added, 1 = all of it. */
  readonly strength: number;
}

/** Widest blur that is undone, patch pixels: beyond, the network's lines are no finer than the plate's. */
const WIDEST_BLUR = 2.5;
/** How much a pixel may be darkened or brightened, 0 … 1. */
const MOST = 0.08;

/**
 * Repairs a face, then adds what a super-resolution network makes of it: the repaired face is enlarged, brought back to its size by
 * a filter that keeps what it can hold, and of that picture what is finer than the plate's blur is added to the luma. Coarser
 * than that the face stays the plate's; what is added is bounded, and the frame's own grain goes on top.
 */
export function openEnhance(
  network: Upscaler,
  options: EnhanceOptions,
  tools: WindowTools = openWindowTools(),
): Restorer & Disposable {
  const { compute } = tools;
  return {
    name: 'enhance',
    window: options.window,
    async restore(window, area) {
      const answer = await eligibleRepair(window, tools, area);
      if ('refused' in answer) return answer;
      using face = answer;
      const { bounds } = await compute.statistics({ bounds: compute.maskBounds(face.aligned.where) });
      const asked = bounds && area ? intersect(area, bounds) : bounds;
      if (!asked || isEmpty(asked)) return finished(compute, face, face.rgb, options);
      using detail = await networkDetail(compute, network, face.rgb, {
        part: asked,
        sigma: Math.min(WIDEST_BLUR, blurOfPatch(window.centre)),
      });
      const { x, y } = asked;
      using shown = compute.addedToLuma(face.rgb, detail, { x, y, strength: options.strength, most: MOST });
      return finished(compute, face, shown, options);
    },
    forget: (before) => tools.patches.forget(before),
    [Symbol.dispose]: () => tools[Symbol.dispose](),
  };
}

/** What the network's picture of a part of a patch (3 planes) holds that a blur of `sigma` pixels would take: luma of the part. */
async function networkDetail(
  compute: Compute,
  network: Upscaler,
  rgb: Image,
  { part, sigma }: { readonly part: Roi; readonly sigma: number },
): Promise<Image> {
  const reach = Math.ceil(3 * sigma);
  const seen = grown(part, reach + network.reach, rgb);
  const kept = grown(part, reach, rgb);
  using picture = await finerPicture(compute, network, rgb, seen);
  using luma = compute.luma(picture);
  using wide = compute.part(luma, within(kept, seen));
  using blurred = compute.gaussian(wide, sigma);
  using detail = compute.difference(wide, blurred);
  return compute.part(detail, within(part, kept));
}

/** The network's picture of a part of a patch, at the part's own size. */
async function finerPicture(compute: Compute, network: Upscaler, rgb: Image, part: Roi): Promise<Image> {
  const { factor } = network;
  const { width, height } = part;
  using cut = compute.part(rgb, part);
  const answer = await network.upscale(await compute.read(cut), width, height);
  let picture = compute.image(answer, factor * width, factor * height, 3);
  for (let left = factor; left > 1; left /= 2) {
    using larger = picture;
    picture = compute.decimated(larger);
  }
  return picture;
}

function grown({ x, y, width, height }: Roi, margin: number, whole: Pick<Image, 'width' | 'height'>): Roi {
  return intersect(
    { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin },
    { x: 0, y: 0, width: whole.width, height: whole.height },
  );
}

/** A part as it lies in what was cut out around it. */
function within(part: Roi, around: Roi): Roi {
  return { ...part, x: part.x - around.x, y: part.y - around.y };
}
