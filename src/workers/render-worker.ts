import { cpuDevice, type Device } from '../comp/device.ts';
import type { Enlarger } from '../face/networks.ts';
import type { Patch } from '../face/patch.ts';
import { transformLandmarks } from '../face/similarity.ts';
import { openEnlarger } from '../model/enlarger.ts';
import { openLibrary } from '../model/library.ts';
import { openWindowMemory } from '../restore/aligned-window.ts';
import { openCarried } from '../restore/carried-restorer.ts';
import { openDetail } from '../restore/detail.ts';
import { openEnhance } from '../restore/enhance.ts';
import { openRepair, repaired } from '../restore/repair.ts';
import { openReplace } from '../restore/replace.ts';
import type { PatchWindow, RestorationFacts, Restorer } from '../restore/restorer.ts';
import { displayPicture } from './display-picture.ts';
import { measureFace } from './face-measure.ts';
import { facePictures } from './face-pictures.ts';
import type { FaceMeasure, PictureWish, RenderService, RestorerRuns, TrackToRender } from './render-service.ts';
import { moved, serve } from './rpc.ts';

/** A track that is being rendered: its restorer, and the patches that wait for their neighbours. */
interface Rendering {
  readonly brief: TrackToRender;
  readonly restorer: Restorer;
  /** Runs of the restorer so far, where they are counted. */
  readonly runs?: RestorerRuns;
  readonly patches: Map<number, Patch>;
}

const device: Device = cpuDevice();
const renderings = new Map<string, Rendering>();
const enlargers = new Map<string, Promise<Enlarger>>();

const service: RenderService = {
  async begin(brief) {
    const opened = await restorerOf(brief);
    renderings.set(brief.track, { brief, ...opened, patches: new Map() });
    return { window: opened.restorer.window };
  },

  async lift({ track, frame, region, toPatch, landmarks, light }) {
    const { brief, patches } = renderingOf(track);
    const rgb = await device.lift(region, brief.patchSize, toPatch, brief.colour);
    patches.set(frame, {
      frame,
      size: brief.patchSize,
      rgb,
      toPatch,
      landmarks: transformLandmarks(toPatch, landmarks),
      light,
    });
  },

  async comp({ track, frame, region, show }) {
    const rendering = renderingOf(track);
    const window = windowAt(rendering, frame);
    if (!window) throw new Error('Unreachable: a face is comped after it was lifted.');
    const { brief, restorer, runs } = rendering;
    const { centre } = window;
    const before = { whole: 0, part: 0, ...runs };
    const restored = await restorer.restore(window);
    if ('refused' in restored) return restored;
    const { size, toPatch } = centre;
    const { seed, colour } = brief;
    const applied = await device.apply(region, centre.rgb, restored, size, toPatch, colour, { frame, seed });
    const face = measureFace(centre, restored);
    const { facts } = restored;
    const pictures =
      show && isTelling(face, facts, show)
        ? await facePictures(device, region, centre, restored, applied, colour)
        : null;
    return moved(
      {
        region: applied.region,
        matte: applied.matte,
        changed: applied.changed,
        face,
        ...(facts ? { facts } : {}),
        ...(runs ? { runs: { whole: runs.whole - before.whole, part: runs.part - before.part } } : {}),
        ...(pictures ? { pictures } : {}),
      },
      [applied.region.bytes.buffer, applied.matte.buffer],
    );
  },

  async still({ track, frame }) {
    const window = windowAt(renderingOf(track), frame);
    const face = window && repaired(window, openWindowMemory());
    if (!face) return null;
    const { rgb, aligned } = face;
    return { name: `frame ${frame}`, size: aligned.size, rgb, landmarks: aligned.landmarks };
  },

  async forget({ track, frame }) {
    const { patches } = renderingOf(track);
    for (const kept of patches.keys()) if (kept < frame) patches.delete(kept);
  },

  async picture({ region, colour, side }) {
    const scale = side / Math.max(region.roi.width, region.roi.height);
    return displayPicture(device, region, region.roi, scale, colour);
  },
};

/** True where a face tells the report something that it does not know yet. */
function isTelling(face: FaceMeasure, facts: RestorationFacts | undefined, wish: PictureWish): boolean {
  return face.change > wish.changeAbove || (facts?.gate ?? Infinity) < wish.gateBelow;
}

async function restorerOf({ restorer, stills, pose }: TrackToRender): Promise<Pick<Rendering, 'restorer' | 'runs'>> {
  switch (restorer.name) {
    case 'replace':
      return { restorer: openReplace(stills, pose, restorer.options) };
    case 'repair':
      return { restorer: openRepair(restorer.options) };
    case 'detail':
      return { restorer: openDetail(stills, restorer.options) };
    case 'enhance': {
      const { anchorEvery, options } = restorer;
      const { counted, runs } = countRuns(openEnhance(await enlargerOf(restorer.model), options));
      const carried = { every: anchorEvery, matteSoftness: options.matteSoftness };
      return { restorer: anchorEvery > 0 ? openCarried(counted, carried) : counted, runs };
    }
  }
}

/** The restorer, and how often it has been run. */
function countRuns(restorer: Restorer): { readonly counted: Restorer; readonly runs: RestorerRuns } {
  const runs = { whole: 0, part: 0 };
  const counted: Restorer = {
    ...restorer,
    restore(window, area) {
      runs[area ? 'part' : 'whole'] += 1;
      return restorer.restore(window, area);
    },
  };
  return { counted, runs };
}

/** A network is opened once a worker, however many tracks are restored with it. */
function enlargerOf(id: string): Promise<Enlarger> {
  const opened = enlargers.get(id) ?? openEnlarger(openLibrary(), id);
  enlargers.set(id, opened);
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

function renderingOf(track: string): Rendering {
  const rendering = renderings.get(track);
  if (!rendering) throw new Error('Unreachable: a track is rendered after "begin".');
  return rendering;
}

serve(service);
