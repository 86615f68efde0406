import type { AlignedImages, AlignOptions, AlignSource, AlignTarget } from '../flows.ts';

import { beyondStarts } from './beyond-start.ts';
import { flowsOf, openStarts } from './flow-search.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { broughtToBrightness } from './neighbour-brightness.ts';

interface Alignment {
  readonly target: AlignTarget;
  readonly sources: readonly AlignSource[];
  readonly options: AlignOptions;
}

/** See `FlowOperations.alignNeighbours`: all neighbours are searched at once. */
export function alignNeighbours(queue: GpuQueue, { target, sources, options }: Alignment): readonly AlignedImages[] {
  if (sources.length === 0) return [];
  const { bound, smoothing, points, greatestGain } = options;
  using starts = openStarts(
    queue,
    target.template,
    sources.map(({ start }) => start),
  );
  using flow = flowsOf(
    queue,
    target.template,
    sources.map(({ picture }) => picture),
    { bound, smoothing, starts },
  );
  const beyond = beyondStarts(queue, { flow, starts: starts.finest, points });
  const brought = broughtToBrightness(queue, { target, flow, sources: sources.map(({ rgb }) => rgb), greatestGain });
  return brought.map(({ rgb, luma, otherLight }, k) => ({
    rgb,
    luma,
    otherLight,
    beyondStart: beyond[k],
    [Symbol.dispose]() {
      luma[Symbol.dispose]();
      rgb[Symbol.dispose]();
    },
  }));
}
