import { cpuDevice, type Device } from '../comp/device.ts';
import type { Patch } from '../face/patch.ts';
import { transformLandmarks } from '../face/similarity.ts';
import { openDetail } from '../restore/detail.ts';
import { openRepair } from '../restore/repair.ts';
import { openReplace } from '../restore/replace.ts';
import type { Restorer } from '../restore/restorer.ts';
import { measureFace } from './face-measure.ts';
import type { RenderService, TrackToRender } from './render-service.ts';
import { moved, serve } from './rpc.ts';

/** A track that is being rendered: its restorer, and the patches that wait for their neighbours. */
interface Rendering {
  readonly brief: TrackToRender;
  readonly restorer: Restorer;
  readonly patches: Map<number, Patch>;
}

const device: Device = cpuDevice();
const renderings = new Map<string, Rendering>();

const service: RenderService = {
  async begin(brief) {
    const restorer = restorerOf(brief);
    renderings.set(brief.track, { brief, restorer, patches: new Map() });
    return { window: restorer.window };
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

  async comp({ track, frame, region }) {
    const { brief, restorer, patches } = renderingOf(track);
    const centre = patches.get(frame);
    if (!centre) throw new Error('Unreachable: a face is comped after it was lifted.');
    const neighbours = (step: number) => {
      const found: Patch[] = [];
      for (let k = 1; k <= restorer.window; k++) {
        const patch = patches.get(frame + k * step);
        if (!patch) break;
        found.push(patch);
      }
      return found;
    };
    const restored = await restorer.restore({ centre, before: neighbours(-1), after: neighbours(1) });
    if (!restored) return null;
    const { size, toPatch } = centre;
    const { seed, colour } = brief;
    const applied = await device.apply(region, centre.rgb, restored, size, toPatch, colour, { frame, seed });
    const face = measureFace(centre, restored);
    const { facts } = restored;
    return moved(
      { region: applied.region, matte: applied.matte, changed: applied.changed, face, ...(facts ? { facts } : {}) },
      [applied.region.bytes.buffer, applied.matte.buffer],
    );
  },

  async forget({ track, frame }) {
    const { patches } = renderingOf(track);
    for (const kept of patches.keys()) if (kept < frame) patches.delete(kept);
  },

  async picture({ region, colour, side }) {
    const { roi } = region;
    const scale = side / Math.max(roi.width, roi.height);
    // The patch is a square; the picture is its part that the region fills.
    const toPicture = { a: scale, b: 0, tx: -roi.x * scale, ty: -roi.y * scale };
    const lifted = await device.lift(region, side, toPicture, colour);
    const width = Math.max(1, Math.floor(roi.width * scale));
    const height = Math.max(1, Math.floor(roi.height * scale));
    const rgb = new Uint8Array(3 * width * height);
    for (let y = 0, o = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < 3; c++, o++) {
          const value = lifted[c * side * side + y * side + x] as number;
          rgb[o] = Math.min(255, Math.max(0, Math.round(value * 255)));
        }
      }
    }
    return { width, height, rgb };
  },
};

function restorerOf({ restorer, stills, pose }: TrackToRender): Restorer {
  switch (restorer.name) {
    case 'replace':
      return openReplace(stills, pose, restorer.options);
    case 'repair':
      return openRepair(restorer.options);
    case 'detail':
      return openDetail(stills, restorer.options);
  }
}

function renderingOf(track: string): Rendering {
  const rendering = renderings.get(track);
  if (!rendering) throw new Error('Unreachable: a track is rendered after "begin".');
  return rendering;
}

serve(service);
