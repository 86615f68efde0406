import type { AlignedImages, AlignOptions, AlignSource, AlignTarget } from '../../flows.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { flowsOf, openStarts } from '../flow/flow-search.ts';
import { figuresIn, imageIn, sameImage } from '../gpu-image.ts';
import { beyondStarts } from './beyond-start.ts';
import { type BroughtImages, broughtToBrightness } from './neighbour-brightness.ts';

interface Alignment {
  readonly target: AlignTarget;
  readonly sources: readonly AlignSource[];
  readonly options: AlignOptions;
}

/** See `FlowOperations.alignNeighbours`: all neighbours are searched at once. */
export function alignNeighbours(queue: GpuQueue, { target, sources, options }: Alignment): AlignedImages {
  if (sources.length === 0) return alone(queue, target);
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
  const beyondStart = beyondStarts(queue, { flow, starts: starts.finest, points });
  const brought = broughtToBrightness(queue, { target, flow, sources: sources.map(({ rgb }) => rgb), greatestGain });
  return aligned(brought, beyondStart);
}

/** A target without neighbours. */
function alone(queue: GpuQueue, { rgb, luma }: AlignTarget): AlignedImages {
  const nothing = () => figuresIn(queue.lend(1), () => []);
  const images = { rgb: imageIn(queue.lend(1), { ...rgb, planes: 0 }), lumas: sameImage(luma), otherLight: nothing() };
  return aligned(images, nothing());
}

function aligned(brought: BroughtImages, beyondStart: AlignedImages['beyondStart']): AlignedImages {
  const { rgb, lumas } = brought;
  return {
    ...brought,
    beyondStart,
    [Symbol.dispose]() {
      lumas[Symbol.dispose]();
      rgb[Symbol.dispose]();
    },
  };
}
