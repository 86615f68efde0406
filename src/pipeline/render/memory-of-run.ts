import { usableCores } from '../../disk/usable-cores.ts';
import type { Reel } from '../../film/reel.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { RenderingDevice } from '../../render/rendering-device.ts';
import { FRAMES_IN_FLIGHT, MOST_WORKERS } from '../../workers/render-team.ts';
import { memoryToPlanWith } from '../work/machine-memory.ts';
import { type CastTrack, widestWindow } from './cast-track.ts';
import { faceBytes, workerBytes } from './face-memory.ts';
import { type MemoryPlan, planMemory } from './plan-memory.ts';

/** Render workers that this machine's cores keep busy. */
export function workersOfMachine(): number {
  return Math.min(MOST_WORKERS, usableCores());
}

/**
 * How many workers and plates restoring these tracks may take on this machine; a plate that a device works on counts as a worker.
 *
 * @throws ReelError where not even one worker fits.
 */
export function memoryOfRun(reel: Reel, tracks: readonly CastTrack[], device: RenderingDevice): MemoryPlan {
  const workers = workersOfMachine();
  const window = widestWindow(tracks);
  return planMemory(
    {
      plate: pictureBytes(reel.format, reel.width, reel.height),
      faces: faceBytes(tracks, reel),
      worker: workerBytes(tracks, window),
      window,
    },
    device.kind === 'cpu' ? workers : Math.max(FRAMES_IN_FLIGHT, workers),
    memoryToPlanWith(),
  );
}
