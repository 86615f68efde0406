import { formatBytes } from '../../disk/format-bytes.ts';
import { ReelError } from '../../film/reel-error.ts';

/** What rendering a reel's takes holds in memory, bytes. */
export interface MemoryNeed {
  /** One plate. */
  readonly plate: number;
  /** The faces of one frame beside it, at most: see `faceBytes`. */
  readonly faces: number;
  /** A worker by itself: see `workerBytes`. */
  readonly worker: number;
  /** Frames on each side that a restorer asks for, at most. */
  readonly window: number;
}

export interface MemoryPlan {
  readonly workers: number;
  /** Plates that are out at once. */
  readonly plates: number;
  /** Bytes that these will take, roughly. */
  readonly bytes: number;
  /** Where fewer workers are planned than asked for, a sentence that says why. */
  readonly note: string | null;
}

/**
 * As many workers as were asked for, or as many as fit with their plates: a restorer's window decides the picture, and is never less.
 *
 * @param available bytes
 * @throws ReelError where not even one worker fits.
 */
export function planMemory(need: MemoryNeed, workers: number, available: number): MemoryPlan {
  const asked = planOf(need, workers);
  let plan = asked;
  while (plan.workers > 1 && plan.bytes > available) plan = planOf(need, plan.workers - 1);
  const plate = formatBytes(need.plate);
  const there = formatBytes(available);
  if (plan.bytes > available) {
    throw new ReelError(
      `Not enough memory to render the reel: one worker holds ${plan.plates} plates of ${plate} and their faces, about ${formatBytes(plan.bytes)} in all, and ${there} can be planned with. Close other programs, allow this process more memory, or choose a restorer that needs fewer frames at once (--restorer replace needs one).`,
    );
  }
  if (plan.workers === workers) return plan;
  const note = `Faces were rendered by ${plan.workers} of ${workers} possible workers, for want of memory: ${workers} would hold ${asked.plates} plates of ${plate} and their faces, about ${formatBytes(asked.bytes)} in all, and ${there} could be planned with.`;
  return { ...plan, note };
}

function planOf({ plate, faces, worker, window }: MemoryNeed, workers: number): MemoryPlan {
  // The window, two for each worker, one being read, one written.
  const plates = window + 2 * workers + 2;
  // A face's patch stays for the windows of those behind it.
  const bytes = plates * plate + (plates + window) * faces + workers * worker;
  return { workers, plates, bytes, note: null };
}
