import { dipsKept, following } from '../../src/metrics/following.ts';
import type { Table } from './bench.ts';
import type { FaceCost } from './restore-cost.ts';
import { goalRows } from './restore-goals.ts';
import { octaveDifference } from './restore-grain.ts';
import { harmTables } from './restore-harm-tables.ts';
import type { Score } from './restore-judge.ts';
import type { OldFilmScore } from './restore-old-film.ts';
import type { ScoredClip, ScoredRun } from './restore-scores.ts';

export function restoreTables(
  clips: readonly ScoredClip[],
  costs: readonly FaceCost[],
  old: readonly OldFilmScore[],
): Table[] {
  return [
    ...clips.flatMap(clipTables),
    ...(clips.some(({ runs }) => runs.some(({ plan }) => plan.of === 'clean')) ? [cleanTable(clips)] : []),
    ...(costs.length > 0 ? [costTable(costs)] : []),
    ...(old.length > 0 ? [oldFilmTable(old)] : []),
    goalTable(clips),
  ];
}

/** What was measured on one clip. */
export function clipTables(clip: ScoredClip): Table[] {
  return [pictureTable(clip), ...harmTables(clip), ...(clip.looked ? [lifeTable(clip)] : [])];
}

function titleOf({ name, use, frames, iod, stills }: ScoredClip): string {
  return `${name} (${use}; ${frames} frames, ${Math.round(iod)} pixels between the eyes, ${stills} stills)`;
}

function pictureTable(clip: ScoredClip): Table {
  const row = (name: string, score: Score, run?: ScoredRun): (string | number)[] => [
    name,
    score.face,
    score.face - clip.plate.face,
    score.ssim,
    score.eyes,
    score.mouth,
    score.errorFlicker,
    score.errorFlicker / clip.plate.errorFlicker,
    score.tfi,
    run && 'score' in run ? run.touched.restored : '',
    run && 'score' in run ? run.touched.differingOutside : '',
  ];
  return {
    title: `${titleOf(clip)}: inside the face, against the clean truth`,
    columns: [
      'version',
      'PSNR',
      'over plate',
      'SSIM',
      'eyes',
      'mouth',
      'error HF2-LP',
      'of plate’s',
      'TFI %',
      'restored',
      'differ outside',
    ],
    rows: [
      row('plate', clip.plate),
      row('truth blurred as the plate', clip.ceiling),
      ...clip.runs
        .filter(({ plan }) => plan.of === 'plate')
        .map((run) => ('score' in run ? row(run.plan.name, run.score, run) : refusal(run))),
    ],
  };
}

/** Life against the truth, exposure and grain against the plate. */
function lifeTable(clip: ScoredClip): Table {
  const { clean, plate } = clip;
  const row = (name: string, score: Score, processor: number): (string | number)[] => {
    const mouth = following(score.mouthOpening, clean.mouthOpening);
    const eyes = following(score.eyeOpening, clean.eyeOpening);
    const dips = dipsKept(score.network.eyeOpening, clean.network.eyeOpening);
    const networkMouth = following(score.network.mouthOpening, clean.network.mouthOpening);
    const networkEyes = following(score.network.eyeOpening, clean.network.eyeOpening);
    const breathing = following(score.luma, plate.luma);
    return [
      name,
      mouth.kept,
      mouth.correlation,
      eyes.kept,
      eyes.correlation,
      networkMouth.kept,
      networkMouth.correlation,
      networkEyes.kept,
      networkEyes.correlation,
      dips.length > 0 ? Math.min(...dips) : Number.NaN,
      breathing.kept,
      breathing.correlation,
      score.grain.deviation / plate.grain.deviation,
      octaveDifference(score.grain, plate.grain),
      score.grain.lag1,
      score.similarity,
      score.similarity - plate.similarity,
      processor,
    ];
  };
  return {
    title: `${clip.name}: life against the truth, exposure and grain against the plate (${plate.grain.deviation.toFixed(1)} levels), likeness to the stills`,
    columns: [
      'version',
      'mouth kept',
      'r',
      'lids kept',
      'r',
      'FaceMesh: mouth',
      'r',
      'lids',
      'r',
      'least blink',
      'breathing',
      'r',
      'grain',
      'octaves dB',
      'lag 1',
      'likeness',
      'gain',
      'CPU ms a face',
    ],
    rows: [
      row('truth', clean, Number.NaN),
      row('plate', plate, Number.NaN),
      row('truth blurred as the plate', clip.ceiling, Number.NaN),
      ...clip.runs
        .filter(({ plan }) => plan.of === 'plate')
        .map((run) =>
          'score' in run ? row(run.plan.name, run.score, (1000 * run.processor) / run.patches) : refusal(run),
        ),
    ],
  };
}

function cleanTable(clips: readonly ScoredClip[]): Table {
  return {
    title: 'A clean, undamaged clip: it should be left alone',
    columns: [
      ...['clip', 'run', 'PSNR to itself', 'SSIM', 'eyes', 'mouth', 'restored', 'differ outside'],
      ...['pixels changed by > 8 levels a frame', 'in the worst', 'its frame'],
    ],
    rows: clips.flatMap(({ name, runs }) =>
      runs
        .filter(({ plan }) => plan.of === 'clean')
        .map((run) =>
          'score' in run
            ? [
                name,
                run.plan.name,
                run.score.face,
                run.score.ssim,
                run.score.eyes,
                run.score.mouth,
                run.touched.restored,
                run.touched.differingOutside,
                ...changes(run.changed ?? []),
              ]
            : [name, ...refusal(run)],
        ),
    ),
  };
}

/** The mean, the most, and the frame that has it. */
function changes(counts: readonly number[]): number[] {
  const most = Math.max(0, ...counts);
  return [counts.reduce((sum, count) => sum + count, 0) / counts.length, most, counts.indexOf(most)];
}

function costTable(costs: readonly FaceCost[]): Table {
  return {
    title: 'Processor time a face and frame, one thread (goals at 256²: repair 250 ms, detail with four stills 400 ms)',
    columns: ['restorer', 'stills', 'patch', 'median ms', 'least ms'],
    rows: costs.map(({ restorer, stills, size, median, least }) => [restorer, stills, `${size}²`, median, least]),
  };
}

function oldFilmTable(old: readonly OldFilmScore[]): Table {
  return {
    title: 'Old films (no truth; their faces are small)',
    columns: ['film', 'run', 'frames', 'restored', 'HF2-LP out/in, by track', 'notes'],
    rows: old.map(({ film, run, frames, restored, flicker, notes }) => [
      film,
      run,
      frames,
      restored,
      flicker.map((ratio) => ratio.toFixed(2)).join(' '),
      notes.map(firstSentence).join('; '),
    ]),
  };
}

function goalTable(clips: readonly ScoredClip[]): Table {
  return {
    title: 'Goals',
    columns: ['figure', 'goal', 'stretch', ...clips.map(({ name }) => name)],
    rows: goalRows(clips).map(({ figure, goal, stretch, values }) => [
      figure,
      goal,
      stretch,
      ...values.map(({ text, kept }) => (kept === null ? text : `${text} ${kept ? '✓' : '✗'}`)),
    ]),
  };
}

export function brokenGoals(clips: readonly ScoredClip[], old: readonly OldFilmScore[]): string[] {
  const goals = goalRows(clips).flatMap(({ figure, goal, values }) =>
    values.flatMap(({ text, kept }, k) =>
      kept === false ? [`${clips[k]?.name}: ${figure} is ${text}, the goal is ${goal}.`] : [],
    ),
  );
  const worse = old.flatMap(({ film, run, flicker }) =>
    flicker
      .filter((ratio) => ratio > 1)
      .map((ratio) => `${film}, ${run}: HF2-LP is ${ratio.toFixed(2)} of the plate's.`),
  );
  return [...goals, ...worse];
}

function refusal(run: ScoredRun): string[] {
  return [run.plan.name, 'said' in run ? firstSentence(run.said) : ''];
}

function firstSentence(text: string): string {
  return `${text.split('\n')[0]?.slice(0, 120)}`;
}
