import type { Region } from '../../../film/plate.ts';
import type { Applied, ApplyOptions, PatchPlace, RestoredImages } from '../../plates.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { BOUNDS, BOUNDS_OF, boundsIn } from '../filter/bounds.ts';
import { reduced, reduction } from '../filter/reduction.ts';
import type { KeptTables } from './kept-tables.ts';
import { addChanges } from './plate-add.ts';
import { componentChanges } from './plate-changes.ts';
import { placeDeltaOnDevice } from './plate-delta.ts';
import { PLACED } from './plate-words.ts';

const TOUCHED = reduction({
  name: 'touched',
  values: { width: 'u32' },
  reads: { placed: 'u32' },
  functions: PLACED,
  numbers: BOUNDS,
  each: `if (placed_matte(i) == 0u) { return; } ${BOUNDS_OF}`,
});

/** A face to be written, and where. */
interface Restoration {
  readonly region: Region;
  readonly place: PatchPlace;
  readonly restored: RestoredImages;
}

/** See `PlateOperations.apply`. */
export async function applyOnDevice(
  queue: GpuQueue,
  kept: KeptTables,
  restoration: Restoration,
  options: ApplyOptions,
): Promise<Applied> {
  const { region } = restoration;
  const { roi, format } = region;
  const recorded = recordApplied(queue, kept, restoration, options);
  const reading = queue.read(recorded);
  for (const memory of recorded) memory[Symbol.dispose]();
  const [bytes, matte, bounds] = await reading;
  const rows = boundsIn(bounds);
  const samples = new Uint8Array(bytes);
  if (options.inPlace) region.bytes.set(samples);
  return {
    region: { roi, format, bytes: options.inPlace ? region.bytes : samples },
    matte: new Uint16Array(matte),
    changed: rows && { in: roi.y + rows.y, out: roi.y + rows.y + rows.height },
  };
}

/** The region's bytes with the face in them, the matte's, and the rectangle of the region that holds every matte above 0. */
function recordApplied(
  queue: GpuQueue,
  kept: KeptTables,
  { region, place, restored }: Restoration,
  options: ApplyOptions,
): readonly GpuMemory[] {
  const { roi, format } = region;
  const { colour } = place;
  using words = queue.filled(region.bytes);
  const { placed, delta } = placeDeltaOnDevice(queue, roi, place, restored);
  using asPlaced = delta;
  const isPlain = format.model === 'rgb' && colour.transfer === 'rec709';
  using changes = isPlain
    ? asPlaced
    : componentChanges(queue, kept, { region, words, colour }, { placed, delta: asPlaced });
  const bytes = addChanges(queue, { region, words, colour }, { placed, changes }, options);
  const touched = reduced(queue, TOUCHED, {
    values: { width: roi.width },
    buffers: { placed },
    items: roi.width * roi.height,
  });
  return [bytes, placed, touched];
}
