import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { carriedError } from '../../src/carry/skip/carried-error.ts';
import type { Networks } from '../../src/carry/track/counted-networks.ts';
import { ditheredCrop } from '../../src/carry/track/moved-crop.ts';
import { seeded } from '../../src/carry/track/seeded.ts';
import { encodeOnnx } from '../../src/convert/onnx-graph.ts';
import { cropOfLandmarks } from '../../src/face/crop.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';
import type { Landmarker, Refiner, RgbPicture } from '../../src/face/networks.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { type Contract, parseContract } from '../../src/model/contract.ts';
import { openDetector } from '../../src/model/detector.ts';
import { openLandmarker } from '../../src/model/landmarker.ts';
import { openLibrary } from '../../src/model/library.ts';
import { openRecogniser } from '../../src/model/recogniser.ts';
import { openSession } from '../../src/model/session.ts';
import type { Similarity3 } from '../../src/motion/similarity3.ts';
import { RESTORERS } from '../../src/restore/restorers.ts';
import { loadPreset, type Preset } from '../../src/settings/preset.ts';
import { processorTime } from '../processor-time.ts';
import type { Bench } from './bench.ts';
import { FOOTAGE, picturesOf } from './carry-footage.ts';
import { runsOf, type SchemeResult, trackBy } from './carry-schemes.ts';
import { FAN_SIDE, fanGraph, weightsOf } from './fan-graph.ts';
import { knownMotionClip } from './known-motion.ts';
import { steadinessOf } from './steadiness.ts';
import { stillFaces } from './still-faces.ts';
import { uprightFace } from './upright-face.ts';

const FRAMES = 150;
/** Crops over which the light network's answers are averaged to stand for a heavy one's. */
const CROPS = 8;

interface Case {
  readonly name: string;
  readonly kind: 'talking' | 'calm';
  readonly pictures: readonly RgbPicture[];
  /** Carries the picture to the still where the motion is known. */
  readonly known?: { readonly face: Landmarks; readonly toPicture: readonly Similarity3[] };
}

/** Most runs against every frame, per cent (issue "Carry"). */
const MOST = { talking: 25, calm: 13 } as const;

/** Runs of a landmark network of 2dfan4's cost, and what the light one carries between them. */
export const heavyBench: Bench = async ({ folder, frames = FRAMES, say }) => {
  const preset = await loadPreset('restore', RESTORERS);
  const library = openLibrary();
  await using detector = await openDetector(library, preset.models.detector);
  await using landmarker = await openLandmarker(library, preset.models.landmarker);
  await using recogniser = await openRecogniser(library, preset.models.recogniser);
  const light: Networks = { detector, landmarker, recogniser };

  const graph = fanGraph();
  const path = join(folder, 'fan-4.onnx');
  await writeFile(path, encodeOnnx(graph));
  await using session = await openSession(path, fanContract());
  const spent = { runs: 0, ms: 0 };
  const input = new Float32Array(3 * FAN_SIDE * FAN_SIDE).fill(0.5);
  const run = async () => {
    const start = processorTime();
    await session.run({ input });
    spent.ms += processorTime() - start;
    spent.runs += 1;
  };
  const answers = averagedCrops(landmarker);

  const rows: (string | number)[][] = [];
  const broken: string[] = [];
  for (const { name, kind, pictures, known } of await cases(light, preset, frames)) {
    say(name);
    const carrier = await trackBy('ours', pictures, light, preset);
    const costly: Refiner = {
      ...answers,
      async refine(picture, landmarks) {
        await run();
        return answers.refine(picture, landmarks);
      },
    };
    const ours = await trackBy('ours', pictures, { ...light, refiner: costly }, preset);
    const every = await trackBy('ours', pictures, { ...light, refiner: answers }, everyFrame(preset));
    const runs = runsOf(ours.counts, 'refiner');
    const all = runsOf(every.counts, 'refiner');
    const share = (100 * runs) / all;
    if (share > MOST[kind]) broken.push(`${name}: a heavy landmarker ran on ${share.toFixed(1)} % of the frames.`);
    const heavyMs = spent.ms / spent.runs;
    const frameMs = ours.msPerFrame * pictures.length;
    const jitter = (tracked: SchemeResult) =>
      known && tracked.tracks[0]
        ? steadinessOf(
            landmarksOf(tracked.tracks[0]),
            known.face,
            known.toPicture.slice(tracked.tracks[0].in, tracked.tracks[0].out),
          ).jitter
        : Number.NaN;
    const [apart, alone] = [apartOf(every.tracks, ours.tracks), apartOf(every.tracks, carrier.tracks)];
    rows.push([
      name,
      kind,
      pictures.length,
      runs,
      ours.counts.refiner?.between ?? 0,
      share,
      MOST[kind],
      apart.rigid,
      alone.rigid,
      apart.lips,
      alone.lips,
      jitter(ours),
      jitter(every),
      jitter(carrier),
      frameMs / (frameMs + (all - runs) * heavyMs),
    ]);
  }
  return {
    tables: [
      {
        title: `A heavy landmark network now and then (${(weightsOf(graph) / 1e6).toFixed(1)} million weights, ${Math.round(spent.ms / spent.runs)} ms of a processor a run; the mean of ${CROPS} crops of the light one stands for its answers)`,
        columns: [
          'clip',
          'kind',
          'frames',
          'runs',
          'of them between',
          '% of every frame',
          'goal',
          'rigid from every frame, % IOD',
          'light alone',
          'lips',
          'light alone',
          'jitter, % IOD',
          'every frame',
          'light alone',
          'time / every frame',
        ],
        rows,
      },
    ],
    facts: { rows, heavyMs: spent.ms / spent.runs },
    broken,
  };
};

/** Reads real talking, and a still face and a slowly moving one of known motion. */
async function cases(networks: Networks, preset: Preset, frames: number): Promise<Case[]> {
  const talking = ['talking/weekly-address.mov', 'talking/webcam.mp4'].map(
    async (clip): Promise<Case> => ({
      name: clip,
      kind: 'talking',
      pictures: await picturesOf(join(FOOTAGE, clip), preset, frames),
    }),
  );
  const face = uprightFace(await stillFaces('astronaut.png', networks), 0);
  const calm = (['static', 'slow'] as const).map((motion): Case => {
    const clip = knownMotionClip(face, { motion, interOcular: 80, grain: 3, frames, seed: 1 });
    return {
      name: `known motion, ${motion}`,
      kind: 'calm',
      pictures: clip.pictures,
      known: { face: clip.face, toPicture: clip.toPicture },
    };
  });
  return [...(await Promise.all(talking)), ...calm];
}

function everyFrame(preset: Preset): Preset {
  return { ...preset, carrying: { ...preset.carrying, refineEvery: 1, refineLeast: 1 } };
}

/** What the light network says whatever its crop: steadier and nearer to its own expectation than one look. */
function averagedCrops(landmarker: Landmarker): Refiner {
  return {
    id: 'averaged-crops',
    threshold: 0.2,
    async refine(picture, landmarks) {
      const random = seeded(Math.round(1000 * (landmarks[0] as number)), Math.round(1000 * (landmarks[1] as number)));
      const crop = cropOfLandmarks(landmarks);
      const sum = new Float32Array(landmarks.length);
      let presence = 0;
      for (let k = 0; k < CROPS; k++) {
        const seen = await landmarker.landmarks(picture, ditheredCrop(crop, random));
        presence += seen.presence / CROPS;
        for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (seen.landmarks[i] as number) / CROPS;
      }
      return { landmarks: sum, presence };
    },
  };
}

/** How far tracks lie from others of the same faces, per cent of the distance between the eyes, mean over frames. */
function apartOf(reference: readonly FaceTrack[], tracks: readonly FaceTrack[]): { rigid: number; lips: number } {
  let [rigid, lips, count] = [0, 0, 0];
  for (const track of reference) {
    const other = tracks.find((one) => one.in <= track.in && one.out >= track.out);
    if (!other) continue;
    for (const { frame, landmarks } of track.observations) {
      const error = carriedError(other.observations[frame - other.in]?.landmarks as Landmarks, landmarks);
      rigid += error.rigid;
      lips += error.lips;
      count += 1;
    }
  }
  return { rigid: (100 * rigid) / count, lips: (100 * lips) / count };
}

function landmarksOf(track: FaceTrack): Landmarks[] {
  return track.observations.map(({ landmarks }) => landmarks);
}

function fanContract(): Contract {
  const contract = {
    id: 'fan-4',
    title: 'FAN-4 with random weights',
    task: 'landmark',
    format: 'onnx',
    files: [{ source: 'file:fan-4.onnx', sha256: '0'.repeat(64) }],
    licence: { stated: 'MIT', statedIn: 'test/bench/fan-graph.ts', notStated: 'nothing' },
    provenance: 'Made by the bench.',
    template: { name: 'turned-square', growth: 1.3 },
    inputs: [
      {
        kind: 'picture',
        name: 'input',
        shape: [1, 3, FAN_SIDE, FAN_SIDE],
        layout: 'NCHW',
        channels: 'RGB',
        range: [0, 1],
      },
    ],
    outputs: [{ name: 'heatmaps', shape: [1, 68, 64, 64], meaning: 'a map a point' }],
    decoder: { kind: 'face-points', points: 'heatmaps', range: [0, 64], mesh: Array(68).fill(1) },
    threshold: 0.5,
    cost: 250,
  };
  return parseContract(JSON.stringify(contract), 'fan-4');
}
