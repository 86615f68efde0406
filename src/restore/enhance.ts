import { halvedPicture, lumaOfPlanar, type PlanarPicture } from '../compute/cpu/planar.ts';
import { maskBounds } from '../face/mask-bounds.ts';
import type { Upscaler } from '../face/networks.ts';
import type { Patch } from '../face/patch.ts';
import { scaleOf } from '../face/similarity.ts';
import { intersect, isEmpty, type Roi } from '../film/roi.ts';
import { gaussianBlur } from '../motion/gaussian.ts';
import { count, group, modelId, number } from '../settings/setting.ts';
import { openCarried } from './carried/carried-restorer.ts';
import { eligibilityOf } from './eligibility.ts';
import { finished, type RepairOptions, repair, repaired } from './repair.ts';
import type { Restorer } from './restorer.ts';
import { defineRestorer } from './restorer-definition.ts';
import { openWindowTools, type WindowTools } from './window/window-tools.ts';

export const enhance = defineRestorer({
  name: 'enhance',
  summary: 'repairs the face, then sharpens it by a network; needs no stills',
  settings: group({
    model: modelId('The network that makes the face finer; one that can "upscale".').default('esrgan-slim'),
    strength: number(0, 2, 'How much of what the network finds finer than the plate is added; 1 = all of it.').default(
      1,
    ),
    keyframeEvery: count(
      0,
      24,
      'Frames from one keyframe to the next. Keyframes are restored whole; in between the restoration is carried from both sides where the face looks the same, and only what changed is restored anew. Larger saves more and keeps more frames in memory. 0 = every frame by itself, as with reuse off.',
    ).default(12),
  }),
  base: repair,
  needs: { stills: 'none', networks: ({ model }) => [model] },
  without: { reuse: { keyframeEvery: 0 } },
  window: ({ window, keyframeEvery }) => window + keyframeEvery,
  carries: ({ keyframeEvery }) => keyframeEvery > 0,
  async open({ settings, networks, compute }) {
    const tools = openWindowTools(compute);
    const restorer = openEnhance(await networks.upscaler(settings.model), settings, tools);
    const { keyframeEvery: every, matteSoftness } = settings;
    return every > 0 ? openCarried(restorer, { every, matteSoftness }, tools) : restorer;
  },
  words: repair.words,
});

export interface EnhanceOptions extends RepairOptions {
  /** How much of what the network finds finer than the plate is added, 1 = all of it. */
  readonly strength: number;
}

/** What a pixel's own area blurs a picture by, plate pixels: no plate is sharper. */
const PIXEL_BLUR = 0.5;
/** Widest blur that is undone, patch pixels: beyond, the network's lines are no finer than the plate's. */
const WIDEST_BLUR = 2.5;
/** How much a pixel may be darkened or brightened, 0 … 1. */
const MOST = 0.08;
const NOTHING: Roi = { x: 0, y: 0, width: 0, height: 0 };

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
      const eligibility = eligibilityOf(window.centre);
      if (eligibility.strength === 0) return { refused: eligibility.limit };
      using face = await repaired(window, tools, area);
      if (!face) return { refused: 'flash' };
      const { size } = face.aligned;
      const where = await compute.read(face.aligned.where);
      const repairedRgb = await compute.read(face.rgb);
      const bounds = maskBounds(where, size) ?? NOTHING;
      const asked = area ? intersect(area, bounds) : bounds;
      const changed = Float32Array.from(repairedRgb);
      if (!isEmpty(asked)) {
        const detail = await networkDetail(network, repairedRgb, size, asked, blurOf(window.centre));
        addToLuma(changed, detail, asked, size, options.strength);
      }
      using shown = compute.image(changed, size, size, 3);
      return await finished(compute, face, shown, eligibility, options);
    },
    [Symbol.dispose]: () => tools[Symbol.dispose](),
  };
}

/** Standard deviation of the plate's blur in a patch, its pixels. */
function blurOf({ light, toPatch }: Patch): number {
  const blur = Math.hypot(light.blur, PIXEL_BLUR) * Math.max(1, scaleOf(toPatch));
  return Math.min(WIDEST_BLUR, blur);
}

/**
 * What the network's picture of a part of a patch (planar RGB, `Float32Array` of 3·size²) holds that a blur of `sigma` pixels would
 * take: luma, `Float32Array` of the part's pixels.
 */
async function networkDetail(
  network: Upscaler,
  rgb: Float32Array,
  size: number,
  part: Roi,
  sigma: number,
): Promise<Float32Array> {
  const reach = Math.ceil(3 * sigma);
  const seen = grown(part, reach + network.reach, size);
  const kept = grown(part, reach, size);
  const answer = await network.upscale(cutOut(rgb, size, seen), seen.width, seen.height);
  let picture: PlanarPicture = {
    width: network.factor * seen.width,
    height: network.factor * seen.height,
    rgb: answer,
  };
  for (let factor = network.factor; factor > 1; factor /= 2) picture = halvedPicture(picture);
  const luma = lumaOfPlanar(picture.rgb);
  const wide = cutPlane(luma, seen, kept);
  const blurred = gaussianBlur({ width: kept.width, height: kept.height, samples: wide }, sigma).samples;
  return cutPlane(
    wide.map((v, i) => v - (blurred[i] as number)),
    kept,
    part,
  );
}

/** Adds `detail` (the part's pixels) to all three channels of planar RGB, in place: hue stays within what the bound allows. */
function addToLuma(rgb: Float32Array, detail: Float32Array, part: Roi, size: number, strength: number): void {
  const area = size * size;
  for (let y = 0, i = 0; y < part.height; y++) {
    for (let x = 0, o = (part.y + y) * size + part.x; x < part.width; x++, o++, i++) {
      const d = Math.max(-MOST, Math.min(MOST, strength * (detail[i] as number)));
      rgb[o] = (rgb[o] as number) + d;
      rgb[area + o] = (rgb[area + o] as number) + d;
      rgb[2 * area + o] = (rgb[2 * area + o] as number) + d;
    }
  }
}

function grown(part: Roi, margin: number, size: number): Roi {
  const { x, y, width, height } = part;
  return intersect(
    { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin },
    { x: 0, y: 0, width: size, height: size },
  );
}

function cutOut(rgb: Float32Array, size: number, part: Roi): Float32Array {
  const whole = { x: 0, y: 0, width: size, height: size };
  const area = size * size;
  const out = new Float32Array(3 * part.width * part.height);
  for (let c = 0; c < 3; c++) {
    out.set(cutPlane(rgb.subarray(c * area, (c + 1) * area), whole, part), c * part.width * part.height);
  }
  return out;
}

/** The pixels of `part` out of a plane that holds those of `whole`. */
function cutPlane(plane: Float32Array, whole: Roi, part: Roi): Float32Array {
  const out = new Float32Array(part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const from = (part.y + y - whole.y) * whole.width + part.x - whole.x;
    out.set(plane.subarray(from, from + part.width), y * part.width);
  }
  return out;
}
