import type { Upscaler } from '../face/networks.ts';
import { openLibrary } from '../model/library.ts';
import { openUpscaler } from '../model/upscaler.ts';
import { openWindowMemory } from '../restore/aligned-window.ts';
import { type CarriedRestorer, openCarried } from '../restore/carried-restorer.ts';
import { openDetail } from '../restore/detail.ts';
import { openEnhance } from '../restore/enhance.ts';
import { openRepair } from '../restore/repair.ts';
import { openReplace, type StillPatch } from '../restore/replace.ts';
import type { Restorer } from '../restore/restorer.ts';
import type { TrackToRender } from './face-rendering.ts';

/** Opens the restorer of a track, which is painted from `stills`. */
export type OpenRestorer = (track: TrackToRender, stills: readonly StillPatch[]) => Promise<Restorer | CarriedRestorer>;

/** Opens the restorer that a track's brief names. A network is opened once, however many tracks are restored with it. */
export function restorerOpener(): OpenRestorer {
  const upscalers = new Map<string, Promise<Upscaler>>();
  const upscalerOf = (id: string): Promise<Upscaler> => {
    const opened = upscalers.get(id) ?? openUpscaler(openLibrary(), id);
    upscalers.set(id, opened);
    return opened;
  };
  return async ({ restorer, pose }, stills) => {
    switch (restorer.name) {
      case 'replace':
        return openReplace(stills, pose, restorer.options);
      case 'repair':
        return openRepair(restorer.options);
      case 'detail':
        return openDetail(stills, restorer.options);
      case 'enhance': {
        const { keyframeEvery, options } = restorer;
        const memory = openWindowMemory();
        const enhance = openEnhance(await upscalerOf(restorer.model), options, memory);
        return keyframeEvery > 0 ? openCarried(enhance, { ...options, every: keyframeEvery }, memory) : enhance;
      }
    }
  };
}
