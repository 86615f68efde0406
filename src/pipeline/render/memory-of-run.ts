import { availableParallelism } from 'node:os';
import type { Reel } from '../../film/reel.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import { MOST_WORKERS } from '../../workers/render-team.ts';
import { memoryToPlanWith } from '../work/machine-memory.ts';
import { type CastTrack, widestWindow } from './cast-track.ts';
import { faceBytes, workerBytes } from './face-memory.ts';
import { type MemoryPlan, planMemory } from './plan-memory.ts';

/** How many workers and plates restoring these tracks may take on this machine. @throws ReelError where not even one worker fits. */
export function memoryOfRun(reel: Reel, tracks: readonly CastTrack[]): MemoryPlan {
  const window = widestWindow(tracks);
  return planMemory(
    {
      plate: pictureBytes(reel.format, reel.width, reel.height),
      faces: faceBytes(tracks, reel),
      worker: workerBytes(tracks, window),
      window,
    },
    Math.min(MOST_WORKERS, availableParallelism()),
    memoryToPlanWith(),
  );
}
