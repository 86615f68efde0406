import type { Compute } from '../compute/compute.ts';
import { openCpuCompute } from '../compute/cpu/cpu-compute.ts';
import { scratchesUnder } from '../compute/cpu/scratch/scratches-under.ts';
import { openOwnership } from '../compute/ownership.ts';
import type { Patch } from '../compute/patch.ts';
import type { CarriedRestorer } from '../restore/carried/carried-restorer.ts';
import type { MaskedRestorer } from '../restore/masked/masked-restorer.ts';
import { repaired } from '../restore/repair.ts';
import type { PatchWindow, Restoration, RestorationFacts, Restorer } from '../restore/restorer.ts';
import { openRestorer } from '../restore/restorer-choice.ts';
import type { RestorerDefinition } from '../restore/restorer-definition.ts';
import { RESTORERS } from '../restore/restorers.ts';
import type { StillPatch } from '../restore/stills/still-patch.ts';
import { openWindowTools } from '../restore/window/window-tools.ts';
import { appliedTo } from './applied-to.ts';
import { displayPicture } from './display-picture.ts';
import { measureFace } from './face-measure.ts';
import { facePictures } from './face-pictures.ts';
import type {
  FaceMeasure,
  FaceRenderer,
  PictureWish,
  PlacedFace,
  PostedRestoration,
  TrackToRender,
} from './face-rendering.ts';
import { networkOpener } from './network-opener.ts';

/** A track that is being rendered: its restorer, and the patches that wait for their neighbours. */
interface Rendering {
  readonly brief: TrackToRender;
  readonly restorer: Restorer | CarriedRestorer | MaskedRestorer;
  readonly patches: Map<number, Patch>;
}

/** Renders faces in the calling thread. @param restorers those that tracks may name */
export function faceRenderer(
  restorers: readonly RestorerDefinition[] = RESTORERS,
  compute: Compute = openCpuCompute(),
): FaceRenderer {
  const networksOn = networkOpener();
  const renderings = new Map<string, Rendering>();
  const stills = new Map<string, StillPatch>();

  const renderingOf = (track: string): Rendering => {
    const rendering = renderings.get(track);
    if (!rendering) throw new Error('Unreachable: a track is rendered after "begin".');
    return rendering;
  };
  const stillOf = (id: string): StillPatch => {
    const still = stills.get(id);
    if (!still) throw new Error('Unreachable: a track begins after its stills were added.');
    return still;
  };
  const keep = (
    { track, frame, toPatch, landmarks, light, fade = 1 }: PlacedFace,
    { rgb, scratches }: Pick<Patch, 'rgb' | 'scratches'>,
  ): void => {
    const { brief, patches } = renderingOf(track);
    patches.get(frame)?.rgb[Symbol.dispose]();
    patches.set(frame, { frame, size: brief.patchSize, rgb, toPatch, landmarks, light, fade, scratches });
  };

  const end = (track: string): void => {
    const rendering = renderings.get(track);
    if (!rendering) return;
    renderings.delete(track);
    rendering.restorer[Symbol.dispose]?.();
    forgetBefore(rendering, Infinity);
  };

  return {
    async addStill({ id, ...still }) {
      stills.set(id, still);
    },

    async begin(brief) {
      const restorer = await openRestorer(restorers, brief.restorer, {
        ...brief,
        stills: brief.stills.map(stillOf),
        networks: networksOn(brief.device),
        compute,
      });
      end(brief.track);
      renderings.set(brief.track, { brief, restorer, patches: new Map() });
      return {
        window: restorer.window,
        ...('keyframes' in restorer ? { keyframes: restorer.keyframes } : {}),
        ...('masks' in restorer ? { masks: restorer.masks } : {}),
      };
    },

    async lift({ region, into, ...face }) {
      const { patchSize, colour } = renderingOf(face.track).brief;
      const rgb = compute.lift(region, { size: patchSize, toPatch: face.toPatch, colour }, into);
      const scratches = scratchesUnder(region, face, colour);
      keep(face, { rgb, scratches });
      if (into) await compute.read(rgb, into);
      return { region, scratches };
    },

    async share({ rgb, scratches, ...face }) {
      const { patchSize } = renderingOf(face.track).brief;
      keep(face, { rgb: compute.image(rgb, patchSize, patchSize, 3), scratches });
    },

    async comp({ track, frame, region, show }) {
      const rendering = renderingOf(track);
      const { seed, colour } = rendering.brief;
      const window = windowAt(rendering, frame);
      const { centre } = window;
      const answer = await rendering.restorer.restore(window);
      if ('refused' in answer) return answer;
      using restored = answer;
      const { facts } = restored;
      const lifted = { region, patch: centre, colour };
      // Beside a picture of the face the plate's own samples are needed once more.
      const options = { frame, seed, inPlace: show === undefined };
      const [face, applied] = await Promise.all([
        measureFace(compute, centre, restored),
        appliedTo(compute, lifted, restored, options),
      ]);
      const isShown = show !== undefined && isTelling(face, facts, show);
      const pictures = isShown ? await facePictures(compute, lifted, restored, applied) : null;
      return { ...applied, face, ...(facts ? { facts } : {}), ...(pictures ? { pictures } : {}) };
    },

    async keyframe({ track, frame }) {
      const { restorer, window } = carriedAt(renderingOf(track), frame);
      const answer = await restorer.restoreKeyframe(window);
      if ('refused' in answer) return answer;
      using restored = answer;
      const { facts } = restored;
      const [rgb, matte] = await Promise.all([compute.read(restored.rgb), compute.read(restored.matte)]);
      // Its layers are for pictures that this renderer alone may be asked for.
      return { rgb, matte, ...(facts ? { facts } : {}) };
    },

    async adopt({ track, frame, restored }) {
      const { restorer, window } = carriedAt(renderingOf(track), frame);
      restorer.adoptKeyframe(window.centre, 'refused' in restored ? restored : restorationOf(compute, restored));
    },

    async mask({ track, frame }) {
      const { restorer, window } = maskedAt(renderingOf(track), frame);
      return restorer.maskOf(window);
    },

    async adoptMask({ track, frame, mask }) {
      const { restorer, window } = maskedAt(renderingOf(track), frame);
      restorer.adoptMask(window.centre, mask);
    },

    async still({ track, frame }) {
      const rendering = renderingOf(track);
      if (!rendering.patches.has(frame)) return null;
      using tools = openWindowTools(compute);
      using face = await repaired(windowAt(rendering, frame), tools);
      if (!face) return null;
      const { size, landmarks } = face.aligned;
      return { name: `frame ${frame}`, size, rgb: await compute.read(face.rgb), landmarks };
    },

    async forget({ track, frame }) {
      const rendering = renderingOf(track);
      rendering.restorer.forget?.(frame);
      forgetBefore(rendering, frame);
    },

    async end({ track }) {
      end(track);
    },

    async picture({ region, colour, side }) {
      const scale = side / Math.max(region.roi.width, region.roi.height);
      return displayPicture(compute, region, { part: region.roi, scale, colour });
    },
  };
}

/** True where a face tells the report something that it does not know yet. */
function isTelling(face: FaceMeasure, facts: RestorationFacts | undefined, wish: PictureWish): boolean {
  return face.change > wish.changeAbove || (facts?.gate ?? Infinity) < wish.gateBelow;
}

function forgetBefore({ patches }: Rendering, frame: number): void {
  for (const [kept, patch] of patches) {
    if (kept >= frame) continue;
    patches.delete(kept);
    patch.rgb[Symbol.dispose]();
  }
}

/** A posted restoration as images, in the memory that it was posted in. */
function restorationOf(compute: Compute, { rgb, matte, facts }: PostedRestoration): Restoration {
  using owned = openOwnership();
  const size = Math.sqrt(matte.length);
  const images = {
    rgb: owned.own(compute.image(rgb, size, size, 3)),
    matte: owned.own(compute.image(matte, size, size, 1)),
  };
  return { ...images, ...(facts ? { facts } : {}), ...owned.handOver() };
}

/** A lifted frame and its neighbours, up to the first that is missing. */
function windowAt({ restorer, patches }: Rendering, frame: number): PatchWindow {
  const centre = patches.get(frame);
  if (!centre) throw new Error('Unreachable: a face is restored after it was lifted.');
  const neighbours = (step: number) => {
    const found: Patch[] = [];
    for (let k = 1; k <= restorer.window; k++) {
      const patch = patches.get(frame + k * step);
      if (!patch) break;
      found.push(patch);
    }
    return found;
  };
  return { centre, before: neighbours(-1), after: neighbours(1) };
}

function maskedAt(rendering: Rendering, frame: number): { restorer: MaskedRestorer; window: PatchWindow } {
  const { restorer } = rendering;
  if (!('masks' in restorer)) throw new Error('Unreachable: a mask belongs to a track whose restorer has maskers.');
  return { restorer, window: windowAt(rendering, frame) };
}

function carriedAt(rendering: Rendering, frame: number): { restorer: CarriedRestorer; window: PatchWindow } {
  const { restorer } = rendering;
  if (!('keyframes' in restorer)) throw new Error('Unreachable: a keyframe belongs to a track that is carried.');
  return { restorer, window: windowAt(rendering, frame) };
}
