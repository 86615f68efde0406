import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Networks } from '../../src/carry/track/counted-networks.ts';
import { encodeOnnx } from '../../src/convert/onnx-graph.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import type { Detection } from '../../src/face/observation.ts';
import { detectionTiles } from '../../src/model/detection-tiles.ts';
import { openDetector } from '../../src/model/detector.ts';
import { openLandmarker } from '../../src/model/landmarker.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openRecogniser } from '../../src/model/recogniser.ts';
import { openSession } from '../../src/model/session.ts';
import { RESTORERS } from '../../src/restore/restorers.ts';
import { loadPreset, type Preset } from '../../src/settings/preset.ts';
import { processorTime } from '../processor-time.ts';
import type { Bench } from './bench.ts';
import { FOOTAGE, picturesOf } from './carry-footage.ts';
import { runsOf, trackBy } from './carry-schemes.ts';
import { arcfaceR50, type ConvStack, costContract, points106, scrfd10g } from './conv-stack.ts';
import { knownMotionClip } from './known-motion.ts';
import { stillFaces } from './still-faces.ts';
import { uprightFace } from './upright-face.ts';

const FRAMES = 48;
/** Side of the heavy detector's input, pixels. */
const SIDE = 640;
/** Most of the time of every network on every frame. */
const MOST = 1 / 8;

interface Clip {
  readonly name: string;
  pictures(): Promise<readonly RgbPicture[]>;
}

/**
 * What following faces spares of networks of the article's size: SCRFD-10g, 106 points and ArcFace's 512 numbers. Convolutions of their
 * cost run where they would; what they would say is the light networks' answer, found before the clock starts.
 */
export const heavyAnalysisBench: Bench = async ({ folder, frames = FRAMES, only, say }) => {
  const preset = await loadPreset('restore', RESTORERS);
  const library = openLibrary();
  await using detector = await openDetector(library, preset.models.detector);
  await using landmarker = await openLandmarker(library, preset.models.landmarker);
  await using recogniser = await openRecogniser(library, preset.models.recogniser);
  const light: Networks = { detector, landmarker, recogniser };
  await using detecting = await openCost(folder, scrfd10g());
  await using placing = await openCost(folder, points106());
  await using recognising = await openCost(folder, arcfaceR50());

  const rows: (string | number)[][] = [];
  const broken: string[] = [];
  for (const { name, pictures: read } of clips(light, preset, frames)) {
    if (only && !only.some((part) => name.includes(part))) continue;
    const pictures = await read();
    say(`${name}: looking for the answers`);
    const found = await detectionsOf(pictures, light, preset);
    const heavy: Networks = {
      landmarker,
      detector: {
        ...detector,
        async detect(picture, { smallestFace }) {
          const tiles = detectionTiles(picture.width, picture.height, smallestFace, SIDE).length;
          for (let run = 0; run < tiles; run++) await detecting.run();
          return { detections: [...(found.get(picture) ?? [])], runs: tiles };
        },
      },
      refiner: {
        id: 'points-106',
        threshold: 0,
        async refine(_, landmarks) {
          await placing.run();
          return { landmarks, presence: 1 };
        },
      },
      recogniser: {
        ...recogniser,
        async embed(picture, five) {
          await recognising.run();
          return recogniser.embed(picture, five);
        },
      },
    };
    say(`${name}: every network on every frame`);
    const every = await trackBy('off', pictures, heavy, preset);
    say(`${name}: reuse`);
    const ours = await trackBy('ours', pictures, heavy, preset);
    const ratio = ours.msPerFrame / every.msPerFrame;
    if (ratio > MOST)
      broken.push(`${name}: reuse takes ${ratio.toFixed(3)} of the time of every frame; ${MOST} was meant.`);
    const runs = (of: typeof ours) =>
      (['detector', 'landmarker', 'refiner', 'recogniser'] as const).map((network) => runsOf(of.counts, network));
    rows.push(
      [name, 'off', pictures.length, ...runs(every), every.msPerFrame, 1],
      [name, 'on', pictures.length, ...runs(ours), ours.msPerFrame, ratio],
    );
  }
  const costs = { detector: detecting.cost(), refiner: placing.cost(), recogniser: recognising.cost() };
  const said = Object.entries(costs).map(
    ([network, { millions, ms }]) => `${network} ${Math.round(millions)} million multiplications, ${Math.round(ms)} ms`,
  );
  return {
    tables: [
      {
        title: `Analysis with networks of true cost (processor time a run: ${said.join('; ')}; light networks give the answers)`,
        columns: [
          'clip',
          'reuse',
          'frames',
          'detector',
          'landmarker',
          '106 points',
          'recogniser',
          'ms a frame',
          'over off',
        ],
        rows,
      },
    ],
    facts: { rows, costs },
    broken,
  };
};

function clips(light: Networks, preset: Preset, frames: number): Clip[] {
  return [
    { name: 'talking', pictures: () => picturesOf(join(FOOTAGE, 'talking/weekly-address.mov'), preset, frames) },
    {
      name: 'static',
      async pictures() {
        const face = uprightFace(await stillFaces('astronaut.png', light), 0);
        return knownMotionClip(face, { motion: 'static', interOcular: 80, grain: 3, frames, seed: 1 }).pictures;
      },
    },
  ];
}

/** What the light detector finds in each picture. */
async function detectionsOf(
  pictures: readonly RgbPicture[],
  { detector }: Networks,
  { tracking }: Preset,
): Promise<Map<RgbPicture, readonly Detection[]>> {
  const found = new Map<RgbPicture, readonly Detection[]>();
  for (const picture of pictures) {
    const smallestFace = tracking.smallestFace * picture.width;
    found.set(picture, (await detector.detect(picture, { threshold: detector.threshold, smallestFace })).detections);
  }
  return found;
}

/** A network that is run for its cost. */
async function openCost(folder: string, { graph, output, multiplications }: ConvStack) {
  const shape = graph.inputs[0]?.dims ?? [];
  const path = join(folder, `${graph.name}.onnx`);
  await writeFile(path, encodeOnnx(graph));
  const session = await openSession(path, costContract(graph.name, shape, output));
  const input = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5);
  const spent = { runs: 0, ms: 0 };
  return {
    async run() {
      const start = processorTime();
      await session.run({ input });
      spent.ms += processorTime() - start;
      spent.runs += 1;
    },
    /** Millions of multiplications, and milliseconds of a processor, of one run. */
    cost: () => ({ millions: multiplications / 1e6, ms: spent.ms / spent.runs }),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
