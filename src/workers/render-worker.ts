import type { Compute } from '../compute/compute.ts';
import { openCpuCompute } from '../compute/cpu/cpu-compute.ts';
import type { Upscaler } from '../face/networks.ts';
import type { Patch } from '../face/patch.ts';
import { transformLandmarks } from '../face/similarity.ts';
import { openLibrary } from '../model/library.ts';
import { openUpscaler } from '../model/upscaler.ts';
import { type CarriedRestorer, openCarried } from '../restore/carried-restorer.ts';
import { openDetail } from '../restore/detail.ts';
import { openEnhance } from '../restore/enhance.ts';
import { openRepair, repaired } from '../restore/repair.ts';
import { openReplace } from '../restore/replace.ts';
import type { PatchWindow, RestorationFacts, Restorer } from '../restore/restorer.ts';
import { openWindowTools } from '../restore/window-tools.ts';
import { appliedTo } from './applied-to.ts';
import { displayPicture } from './display-picture.ts';
import { measureFace } from './face-measure.ts';
import { facePictures } from './face-pictures.ts';
import type { FaceMeasure, PictureWish, RenderService, SharedFace, TrackToRender } from './render-service.ts';
import { moved, serve } from './rpc.ts';

/** A track that is being rendered: its restorer, and the patches that wait for their neighbours. */
interface Rendering {
  readonly brief: TrackToRender;
  readonly restorer: Restorer | CarriedRestorer;
  readonly patches: Map<number, Patch>;
}

const compute: Compute = openCpuCompute();
const renderings = new Map<string, Rendering>();
const upscalers = new Map<string, Promise<Upscaler>>();

const service: RenderService = {
  async begin(brief) {
    const restorer = await restorerOf(brief);
    renderings.set(brief.track, { brief, restorer, patches: new Map() });
    return { window: restorer.window, ...('keyframes' in restorer ? { keyframes: restorer.keyframes } : {}) };
  },

  async lift({ region, into, ...face }) {
    const { patchSize, colour } = renderingOf(face.track).brief;
    const rgb = into ?? new Float32Array(3 * patchSize * patchSize);
    using lifted = compute.lift(region, { size: patchSize, toPatch: face.toPatch, colour }, rgb);
    keep({ ...face, rgb: await compute.read(lifted, rgb) });
  },

  async share(face) {
    keep(face);
  },

  async comp({ track, frame, region, show }) {
    const rendering = renderingOf(track);
    const window = windowAt(rendering, frame);
    if (!window) throw new Error('Unreachable: a face is comped after it was lifted.');
    const { brief, restorer } = rendering;
    const { centre } = window;
    const restored = await restorer.restore(window);
    if ('refused' in restored) return restored;
    const { seed, colour } = brief;
    const applied = await appliedTo(compute, region, centre, restored, colour, seed);
    const face = measureFace(centre, restored);
    const { facts } = restored;
    const pictures =
      show && isTelling(face, facts, show)
        ? await facePictures(compute, region, centre, restored, applied, colour)
        : null;
    return moved(
      {
        region: applied.region,
        matte: applied.matte,
        changed: applied.changed,
        face,
        ...(facts ? { facts } : {}),
        ...(pictures ? { pictures } : {}),
      },
      [applied.region.bytes.buffer, applied.matte.buffer],
    );
  },

  async keyframe({ track, frame }) {
    const { restorer, window } = carriedAt(track, frame);
    const restored = await restorer.restoreKeyframe(window);
    if ('refused' in restored) return restored;
    // Its layers are for pictures that this worker alone may be asked for.
    const { layers: _, ...shared } = restored;
    return shared;
  },

  async adopt({ track, frame, restored }) {
    const { restorer, window } = carriedAt(track, frame);
    restorer.adoptKeyframe(window.centre, restored);
  },

  async still({ track, frame }) {
    const window = windowAt(renderingOf(track), frame);
    if (!window) return null;
    using tools = openWindowTools(compute);
    using face = await repaired(window, tools);
    if (!face) return null;
    const { size, landmarks } = face.aligned;
    return { name: `frame ${frame}`, size, rgb: await compute.read(face.rgb), landmarks };
  },

  async forget({ track, frame }) {
    const { patches } = renderingOf(track);
    for (const kept of patches.keys()) if (kept < frame) patches.delete(kept);
  },

  async end({ track }) {
    renderings.get(track)?.restorer[Symbol.dispose]?.();
    renderings.delete(track);
  },

  async picture({ region, colour, side }) {
    const scale = side / Math.max(region.roi.width, region.roi.height);
    return displayPicture(compute, region, region.roi, scale, colour);
  },
};

function keep({ track, frame, toPatch, landmarks, light, rgb }: SharedFace): void {
  const { brief, patches } = renderingOf(track);
  const size = brief.patchSize;
  patches.set(frame, { frame, size, rgb, toPatch, landmarks: transformLandmarks(toPatch, landmarks), light });
}

/** True where a face tells the report something that it does not know yet. */
function isTelling(face: FaceMeasure, facts: RestorationFacts | undefined, wish: PictureWish): boolean {
  return face.change > wish.changeAbove || (facts?.gate ?? Infinity) < wish.gateBelow;
}

async function restorerOf({ restorer, stills, pose }: TrackToRender): Promise<Restorer | CarriedRestorer> {
  switch (restorer.name) {
    case 'replace':
      return openReplace(stills, pose, restorer.options);
    case 'repair':
      return openRepair(restorer.options, compute);
    case 'detail':
      return openDetail(stills, restorer.options, compute);
    case 'enhance': {
      const { keyframeEvery, options } = restorer;
      const tools = openWindowTools(compute);
      const enhance = openEnhance(await upscalerOf(restorer.model), options, tools);
      return keyframeEvery > 0 ? openCarried(enhance, { ...options, every: keyframeEvery }, tools) : enhance;
    }
  }
}

/** A network is opened once a worker, however many tracks are restored with it. */
function upscalerOf(id: string): Promise<Upscaler> {
  const opened = upscalers.get(id) ?? openUpscaler(openLibrary(), id);
  upscalers.set(id, opened);
  return opened;
}

/** A lifted frame and its neighbours, up to the first that is missing; null where the frame itself is. */
function windowAt({ restorer, patches }: Rendering, frame: number): PatchWindow | null {
  const centre = patches.get(frame);
  const neighbours = (step: number) => {
    const found: Patch[] = [];
    for (let k = 1; k <= restorer.window; k++) {
      const patch = patches.get(frame + k * step);
      if (!patch) break;
      found.push(patch);
    }
    return found;
  };
  return centre ? { centre, before: neighbours(-1), after: neighbours(1) } : null;
}

function carriedAt(track: string, frame: number): { restorer: CarriedRestorer; window: PatchWindow } {
  const rendering = renderingOf(track);
  const { restorer } = rendering;
  const window = windowAt(rendering, frame);
  if (!window || !('keyframes' in restorer))
    throw new Error('Unreachable: an anchor is a lifted face that is carried.');
  return { restorer, window };
}

function renderingOf(track: string): Rendering {
  const rendering = renderings.get(track);
  if (!rendering) throw new Error('Unreachable: a track is rendered after "begin".');
  return rendering;
}

serve(service);
