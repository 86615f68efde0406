import { denseFlow, flowTemplate, type SearchTemplate } from '../../motion/dense-flow.ts';
import type { Flow, FlowOperations, FlowPicture, FlowTemplate } from '../flows.ts';
import { squareSide } from '../image-handles.ts';
import { figures, lentImage, samplesOf } from './cpu-image.ts';
import { everyOther } from './filter/half-size.ts';
import { lumaOfPlanar } from './filter/planar.ts';
import type { FloatPool } from './float-pool.ts';
import { alignedNeighbour, type TargetSamples } from './window/aligned-neighbour.ts';
import { brightnessOf } from './window/brightness.ts';
import { type FlowPyramid, flowPyramid } from './window/flow-pyramid.ts';
import { pooledPyramid, pooledSearch, pooledTemplate } from './window/pooled-flow.ts';
import { type ScaledFlow, sampleFlow } from './window/sample-flow.ts';

interface CpuFlowPicture extends FlowPicture, FlowPyramid {}

interface CpuFlowTemplate extends FlowTemplate {
  readonly template: SearchTemplate;
}

interface CpuFlow extends Flow, ScaledFlow {}

const pyramidIn = (picture: FlowPicture): FlowPyramid => picture as CpuFlowPicture;
/** What a template of this backend is searched by. */
export const templateIn = (template: FlowTemplate): SearchTemplate => (template as CpuFlowTemplate).template;

/** Lattices are small, and left to the collector. */
function closeNothing(): void {}

export function cpuFlows(pool: FloatPool): FlowOperations {
  return {
    flowPicture(patch, options) {
      const size = squareSide(patch);
      const samples = samplesOf(patch);
      const luma = patch.planes === 1 ? samples : lumaOfPlanar(samples, pool);
      const made = flowPyramid(luma, size, options, pool);
      const { of, giveBack } = pooledPyramid(made.pyramid, pool);
      if (luma !== samples) pool.giveBack(luma);
      const picture: CpuFlowPicture = { ...made, pyramid: of, [Symbol.dispose]: giveBack };
      return picture;
    },
    flowNoise: (picture) => figures(pyramidIn(picture).noise),
    flowTemplate(picture, where) {
      const { pyramid, noise, scale } = pyramidIn(picture);
      const mask = where && everyOther(samplesOf(where), squareSide(where), scale, pool);
      const plain = flowTemplate(pyramid, { noise, ...(mask ? { where: mask } : {}) });
      if (mask) pool.giveBack(mask);
      const { of, giveBack } = pooledTemplate(plain, pool);
      const made: CpuFlowTemplate = { scale, template: of, [Symbol.dispose]: giveBack };
      return made;
    },
    flow(template, picture, search) {
      const options = { ...search, search: pooledSearch(pool) };
      const lattice = denseFlow(templateIn(template), pyramidIn(picture).pyramid, options);
      const flow: CpuFlow = { scale: template.scale, lattice, [Symbol.dispose]: closeNothing };
      return flow;
    },
    sampledByFlow(image, flow, where) {
      const size = squareSide(image);
      const out = pool.lend(image.planes * size * size);
      sampleFlow({ planes: samplesOf(image), size, where: samplesOf(where) }, flow as CpuFlow, out, pool);
      return lentImage(pool, out, image);
    },
    alignNeighbours(target, sources, options) {
      const size = squareSide(target.rgb);
      const where = samplesOf(target.where);
      const samples: TargetSamples = {
        size,
        scale: target.template.scale,
        template: templateIn(target.template),
        where,
        luma: samplesOf(target.luma),
        look: samplesOf(target.look),
        brightness: brightnessOf(samplesOf(target.rgb), where, size, pool),
      };
      const count = sources.length;
      const rgb = pool.lend(count * samplesOf(target.rgb).length);
      const lumas = pool.lend((1 + count) * samples.luma.length);
      lumas.set(samples.luma);
      const found = sources.map((source, k) => {
        const { pyramid } = pyramidIn(source.picture);
        const into = { rgb: part(rgb, k, count), luma: part(lumas, 1 + k, 1 + count) };
        return alignedNeighbour(samples, { ...source, pyramid, rgb: samplesOf(source.rgb), into }, options, pool);
      });
      pool.giveBack(samples.brightness.squares, samples.brightness.means);
      const images = [
        lentImage(pool, rgb, { ...target.rgb, planes: 3 * count }),
        lentImage(pool, lumas, { ...target.luma, planes: 1 + count }),
      ] as const;
      return {
        rgb: images[0],
        lumas: images[1],
        otherLight: figures(found.map(({ otherLight }) => otherLight)),
        beyondStart: figures(found.map(({ beyondStart }) => beyondStart)),
        [Symbol.dispose]() {
          for (const image of images) image[Symbol.dispose]();
        },
      };
    },
  };
}

/** The k-th of so many equal parts. */
function part(samples: Float32Array, k: number, count: number): Float32Array {
  const length = samples.length / count;
  return samples.subarray(k * length, (k + 1) * length);
}
