import type { FlowOperations } from '../flows.ts';
import type { GpuQueue } from './device/gpu-queue.ts';
import { lumaOf } from './filter/filter-passes.ts';
import { flowPicturesOf, pictureIn } from './flow/flow-picture.ts';
import { flowIn, flowsOf, openStarts } from './flow/flow-search.ts';
import { flowTemplateOf } from './flow/flow-template.ts';
import { sampledByFlow } from './flow/flow-warp.ts';
import { figureIn, sameImage } from './gpu-image.ts';
import { alignNeighbours } from './window/aligned-neighbours.ts';

export function gpuFlows(queue: GpuQueue): FlowOperations {
  return {
    flowPicture(patch, options) {
      using luma = patch.planes === 1 ? sameImage(patch) : lumaOf(queue, patch);
      return flowPicturesOf(queue, luma, options);
    },
    flowNoise(picture) {
      const out = queue.lend(1);
      queue.copy(pictureIn(picture).noise, out, { from: 0, to: 0, count: 1 });
      return figureIn(out);
    },
    flowTemplate: (picture, where) => flowTemplateOf(queue, picture, where),
    flow(template, picture, { start, bound, smoothing }) {
      if (!start) return flowsOf(queue, template, [picture], { bound, smoothing });
      using starts = openStarts(queue, template, [start]);
      return flowsOf(queue, template, [picture], { bound, smoothing, starts });
    },
    sampledByFlow: (image, flow, where) => sampledByFlow(queue, image, flowIn(flow), where),
    alignNeighbours: (target, sources, options) => alignNeighbours(queue, { target, sources, options }),
  };
}
