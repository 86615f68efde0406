import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeReel, type ReelOptions, type ReelTruth } from '../../samples/make-reel.ts';
import { makeStills } from '../../samples/make-stills.ts';
import { type Report, reportSchema } from '../../src/report/report.ts';
import { type TracksFile, tracksFileSchema } from '../../src/report/tracks-file.ts';
import { reelmendOrThrow } from '../e2e/command.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome, Table } from './bench.ts';
import { type ShotScore, scoreShots } from './shot-score.ts';

/** A restored sample reel: what was made, and what the command left. */
export interface RestoredSample {
  readonly truth: ReelTruth;
  readonly reel: string;
  readonly out: string;
  readonly mattes: string;
  readonly report: Report;
  readonly tracks: TracksFile;
  /** What looking at the output afresh finds: the faces that a viewer sees. */
  readonly tracksOfOutput: TracksFile;
  /** Wall-clock seconds of the command. */
  readonly seconds: number;
}

/** Makes the sample reel and its stills anew in `folder` and restores it with the command as a user would. */
export async function restoreSample(
  folder: string,
  options: { readonly restorer?: string; readonly reel?: ReelOptions; readonly more?: readonly string[] } = {},
): Promise<RestoredSample> {
  await rm(folder, { recursive: true, force: true });
  const at = (name: string) => join(folder, name);
  const cache = at('cache');
  await makeCache(cache);
  const truth = await makeReel(at('reel'), options.reel);
  await makeStills(at('stills'));
  const places = ['--out', at('out'), '--mattes', at('mattes'), '--report', at('report')];
  const restorer = options.restorer === undefined ? [] : ['--restorer', options.restorer];
  const { seconds } = await reelmendOrThrow(
    ['restore', at('reel'), ...places, '--reference', at('stills'), '--quiet', ...restorer, ...(options.more ?? [])],
    cache,
  );
  const looked = await reelmendOrThrow(['inspect', at('out'), '--find', at('stills'), '--json', '--quiet'], cache);
  return {
    truth,
    reel: at('reel'),
    out: at('out'),
    mattes: at('mattes'),
    report: reportSchema.parse(JSON.parse(await readFile(at('report/report.json'), 'utf8'))),
    tracks: tracksFileSchema.parse(JSON.parse(await readFile(at('report/tracks.json'), 'utf8'))),
    tracksOfOutput: tracksFileSchema.parse(JSON.parse(looked.stdout)),
    seconds,
  };
}

/** The sample reel against its truth, shot by shot, for input and output. */
export async function sampleReelBench({ folder, restorer, say }: BenchOptions): Promise<Outcome> {
  say('making and restoring the sample reel');
  const sample = await restoreSample(folder, restorer === undefined ? {} : { restorer });
  say('comparing it with its truth');
  const shots = await scoreShots(sample);
  const { report } = sample;
  return {
    tables: [
      pictureTable(shots, report),
      trackTable(shots),
      lifeTable(shots),
      steadinessTable(shots),
      runsTable(report),
    ],
    facts: {
      restorer: report.restorer,
      frames: report.frames,
      inference: report.inference,
      everyFrame: report.everyFrame,
      shots,
    },
    broken: brokenPromises(shots, report),
  };
}

function pictureTable(shots: readonly ShotScore[], report: Report): Table {
  return {
    title: `Inside the true face, against the clean truth (${report.restorer})`,
    columns: [
      'shot',
      'frames',
      'with a face',
      'restored',
      'PSNR in',
      'PSNR out',
      'SSIM in',
      'SSIM out',
      'eyes in',
      'eyes out',
      'mouth in',
      'mouth out',
      'differ outside',
    ],
    rows: shots.map(({ kind, frames, tracks, restored, before, after, differingOutside }) => [
      kind,
      frames,
      tracks.visible,
      restored,
      before.face,
      after.face,
      before.ssim,
      after.ssim,
      before.eyes,
      after.eyes,
      before.mouth,
      after.mouth,
      differingOutside,
    ]),
  };
}

function trackTable(shots: readonly ShotScore[]): Table {
  return {
    title: 'Tracks against the truth: five points, % of inter-ocular distance',
    columns: [
      'shot',
      'with a face',
      'found',
      'stray',
      'RMS',
      'RMS less constant offset',
      'mouth r',
      'mouth kept',
      'eyes r',
      'eyes kept',
    ],
    rows: shots.map(({ kind, tracks }) => [
      kind,
      tracks.visible,
      tracks.found,
      tracks.stray,
      tracks.rms,
      tracks.rmsLessOffset,
      tracks.mouth.correlation,
      tracks.mouth.kept,
      tracks.eyes.correlation,
      tracks.eyes.kept,
    ]),
  };
}

function lifeTable(shots: readonly ShotScore[]): Table {
  return {
    title: 'Life of the restored face: the output looked at afresh, against the truth (a frozen face has r near 0)',
    columns: ['shot', 'found', 'RMS less constant offset', 'mouth r', 'mouth kept', 'eyes r', 'eyes kept'],
    rows: shots.map(({ kind, output }) => [
      kind,
      output.found,
      output.rmsLessOffset,
      output.mouth.correlation,
      output.mouth.kept,
      output.eyes.correlation,
      output.eyes.kept,
    ]),
  };
}

function steadinessTable(shots: readonly ShotScore[]): Table {
  return {
    title: 'Steadiness in face space: HF2-LP in 8-bit levels, TFI in %, output over worn plate',
    columns: [
      'shot',
      'HF2-LP clean',
      'HF2-LP in',
      'HF2-LP out',
      'out/in',
      'TFI clean',
      'TFI in',
      'TFI out',
      'out/in',
      'HF2 out/in',
      'edge out/in',
    ],
    rows: shots.map(({ kind, flicker: { clean, before, after } }) => [
      kind,
      clean.hf2LowPass,
      before.hf2LowPass,
      after.hf2LowPass,
      after.hf2LowPass / before.hf2LowPass,
      clean.tfi,
      before.tfi,
      after.tfi,
      after.tfi / before.tfi,
      after.hf2 / before.hf2,
      after.hf2Edge / before.hf2Edge,
    ]),
  };
}

function runsTable({ inference, everyFrame }: Report): Table {
  const names = ['detector', 'landmarker', 'recogniser'] as const;
  return {
    title: 'Network runs against looking at every frame afresh',
    columns: ['network', 'runs', 'every frame', 'share'],
    rows: names.map((name) => {
      const runs = Object.values(inference[name]).reduce((sum, count) => sum + count, 0);
      const all = everyFrame?.[name] ?? Number.NaN;
      return [name, runs, all, runs / all];
    }),
  };
}

function brokenPromises(shots: readonly ShotScore[], { frames }: Report): string[] {
  const broken: string[] = [];
  const differing = shots.reduce((sum, shot) => sum + shot.differingOutside, 0);
  if (differing > 0) broken.push(`${differing} samples differ outside the mattes.`);
  if (frames.in !== frames.out) broken.push(`${frames.in} frames went in, ${frames.out} came out.`);
  for (const { kind, tracks, restored, restoredUnseen, refusedFlashes } of shots) {
    const missed = tracks.visible - refusedFlashes - (restored - restoredUnseen);
    if (missed > 0) broken.push(`${kind}: ${missed} frames with a face were not restored.`);
    if (tracks.visible === 0 && restored > 0) broken.push(`${kind}: ${restored} frames without a face were restored.`);
  }
  return broken;
}
