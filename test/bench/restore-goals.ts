import { following } from '../../src/metrics/following.ts';
import { octaveDifference } from './restore-grain.ts';
import type { Score } from './restore-judge.ts';
import type { ScoredClip, ScoredRun } from './restore-scores.ts';

/** One figure, what it should be, and what it is on every clip. */
export interface GoalRow {
  readonly figure: string;
  readonly goal: string;
  readonly stretch: string;
  /** `kept` null where the run is missing. */
  readonly values: readonly { readonly text: string; readonly kept: boolean | null }[];
}

type Judged = Extract<ScoredRun, { readonly score: Score }>;

/** Some numbers of a clip, and whether they reach the goal; null where a run that it needs is missing. */
type Measure = (clip: ScoredClip) => { readonly numbers: readonly number[]; readonly kept: boolean } | null;

/** The goals of restoring from the film's own frames and the actor's stills, clip by clip. */
export function goalRows(clips: readonly ScoredClip[]): GoalRow[] {
  return GOALS.map(([figure, goal, stretch, measure]) => ({
    figure,
    goal,
    stretch,
    values: clips.map((clip) => {
      const measured = measure(clip);
      if (!measured) return { text: '–', kept: null };
      return { text: measured.numbers.map(short).join(' / '), kept: measured.kept };
    }),
  }));
}

const GOALS: readonly (readonly [figure: string, goal: string, stretch: string, measure: Measure])[] = [
  [
    'repair over plate: PSNR / SSIM',
    '≥ +2.5 dB / ≥ +0.20',
    '+3.5 / +0.25',
    on('repair', ({ score }, { plate }) => {
      const numbers = [score.face - plate.face, score.ssim - plate.ssim] as const;
      return { numbers, kept: numbers[0] >= 2.5 && numbers[1] >= 0.2 };
    }),
  ],
  ['detail, one still: PSNR over plate', '≥ +3 dB', '', gainOf('detail, one still', 3)],
  ['detail, all stills: PSNR over plate', '≥ +4 dB', '+5 dB', gainOf('detail, all stills', 4)],
  [
    'detail over the blurred truth: PSNR / eyes',
    'above it',
    '+2 dB',
    on('detail, all stills', ({ score }, { ceiling }) => {
      const numbers = [score.face - ceiling.face, score.eyes - ceiling.eyes] as const;
      return { numbers, kept: numbers[0] > 0 && numbers[1] > 0 };
    }),
  ],
  [
    'detail over replace: PSNR / SSIM / eyes / mouth / flicker ratio',
    'better in all',
    '',
    on('detail, all stills', ({ score }, { runs }) => {
      const replace = judged(runs, 'replace')?.score;
      if (!replace) return null;
      const better = (key: 'face' | 'ssim' | 'eyes' | 'mouth') => score[key] - replace[key];
      const numbers = [better('face'), better('ssim'), better('eyes'), better('mouth')];
      const flicker = score.errorFlicker / replace.errorFlicker;
      return { numbers: [...numbers, flicker], kept: numbers.every((v) => v > 0) && flicker < 1 };
    }),
  ],
  ['repair: error HF2-LP of plate’s', '≤ 0.55', '≤ 0.4', flickerOf('repair')],
  ['detail, all stills: error HF2-LP of plate’s', '≤ 0.55', '≤ 0.4', flickerOf('detail, all stills')],
  ['detail, all stills: mouth kept / r (blurred truth kept / r)', '≥ 0.95 / ≥ 0.97', '', lifeOf('mouthOpening')],
  ['detail, all stills: lids kept / r (blurred truth kept / r)', '≥ 0.95 / ≥ 0.97', '', lifeOf('eyeOpening')],
  ['repair, grained: exposure breathing', '0.95–1.05', '', breathingOf('repair, grained')],
  ['detail, grained: exposure breathing', '0.95–1.05', '', breathingOf('detail, grained')],
  ['repair, grained: grain / octaves / lag 1', '0.9–1.1; ≤ 1.5 dB; ≤ 0.05', '', grainOf('repair, grained')],
  ['detail, grained: grain / octaves / lag 1', '0.9–1.1; ≤ 1.5 dB; ≤ 0.05', '', grainOf('detail, grained')],
  ['clean through repair: PSNR / SSIM', '≥ 40 dB / ≥ 0.99', '', leftAlone('repair of clean')],
  ['clean through detail: PSNR / SSIM', '≥ 40 dB / ≥ 0.99', '', leftAlone('detail of clean')],
  [
    'likeness over the plate: repair / detail',
    'never lower',
    '',
    on('detail, grained', ({ score }, { runs, plate }) => {
      const repair = judged(runs, 'repair, grained');
      if (!repair) return null;
      const numbers = [repair.score.similarity - plate.similarity, score.similarity - plate.similarity];
      if (numbers.some(Number.isNaN)) return null;
      return { numbers, kept: numbers.every((v) => v >= 0) };
    }),
  ],
  ['repair: regions of frames worse than the plate, %', '≤ 0.5', '0', worseThanPlate('repair')],
  ['repair, grained: regions of frames worse than the plate, %', '≤ 0.5', '0', worseThanPlate('repair, grained')],
  ['detail, all stills: regions of frames worse than the plate, %', '≤ 0.5', '0', worseThanPlate('detail, all stills')],
  ['detail, grained: regions of frames worse than the plate, %', '≤ 0.5', '0', worseThanPlate('detail, grained')],
  [
    'detail: frames whose eyes or mouth are worse than repair’s, %',
    '0',
    '',
    on(
      'detail, all stills',
      ({ harm: { thanRepair } }) =>
        thanRepair && { numbers: [100 * thanRepair.eyesOrMouth], kept: thanRepair.eyesOrMouth === 0 },
    ),
  ],
  ['repair: error in damaged pixels over the blurred truth’s', '≤ 1.5', '1.2', damagedOf('repair')],
  ['detail: error in damaged pixels over the blurred truth’s', '≤ 1.5', '1.2', damagedOf('detail, all stills')],
  ['repair: steps of the fine band’s gain in the eyes (blurred truth’s)', '≤ 0.02, or its', '', stepsIn('repair')],
  [
    'detail: steps of the fine band’s gain in the eyes (blurred truth’s)',
    '≤ 0.02, or its',
    '',
    stepsIn('detail, all stills'),
  ],
  ['repair: flicker away from damage, of the plate’s', '≤ 0.5', '0.35', flickerAwayOf('repair')],
  ['detail: flicker away from damage, of the plate’s', '≤ 0.5', '0.35', flickerAwayOf('detail, all stills')],
  ['repair of clean: pixels changed by > 8 levels, worst frame', '≤ 5', '0', changedBy('repair of clean')],
  ['detail of clean: pixels changed by > 8 levels, worst frame', '≤ 5', '0', changedBy('detail of clean')],
  [
    'blur read / true, pixels',
    'within 10 % or 0.15',
    '',
    on('detail, all stills', ({ blur }, clip) => {
      const read = blur ?? 0;
      return { numbers: [read, clip.blur], kept: Math.abs(read - clip.blur) <= Math.max(0.15, 0.1 * clip.blur) };
    }),
  ],
  [
    'samples outside the matte that differ, all runs',
    '0',
    '',
    ({ runs }) => {
      const all = runs.flatMap((run) => ('score' in run ? [run.touched.differingOutside] : []));
      const sum = all.reduce((total, count) => total + count, 0);
      return all.length > 0 ? { numbers: [sum], kept: sum === 0 } : null;
    },
  ],
];

function judged(runs: readonly ScoredRun[], name: string): Judged | null {
  const run = runs.find(({ plan }) => plan.name === name);
  return run && 'score' in run ? run : null;
}

function on(name: string, measure: (run: Judged, clip: ScoredClip) => ReturnType<Measure>): Measure {
  return (clip) => {
    const run = judged(clip.runs, name);
    return run && measure(run, clip);
  };
}

function gainOf(name: string, least: number): Measure {
  return on(name, ({ score }, { plate }) => {
    const gain = score.face - plate.face;
    return { numbers: [gain], kept: gain >= least };
  });
}

function flickerOf(name: string): Measure {
  return on(name, ({ score }, { plate }) => {
    const ratio = score.errorFlicker / plate.errorFlicker;
    return { numbers: [ratio], kept: ratio <= 0.55 };
  });
}

/** The blurred truth opens in full: what is read in it says how far the reading is to be believed. */
function lifeOf(signal: 'mouthOpening' | 'eyeOpening'): Measure {
  return on('detail, all stills', ({ score }, { clean, ceiling }) => {
    const { kept, correlation } = following(score[signal], clean[signal]);
    const blurred = following(ceiling[signal], clean[signal]);
    return {
      numbers: [kept, correlation, blurred.kept, blurred.correlation],
      kept: kept >= 0.95 && correlation >= 0.97,
    };
  });
}

function breathingOf(name: string): Measure {
  return on(name, ({ score }, { plate }) => {
    const { kept } = following(score.luma, plate.luma);
    return { numbers: [kept], kept: kept >= 0.95 && kept <= 1.05 };
  });
}

function grainOf(name: string): Measure {
  return on(name, ({ score }, { plate }) => {
    const ratio = score.grain.deviation / plate.grain.deviation;
    const octaves = octaveDifference(score.grain, plate.grain);
    const { lag1 } = score.grain;
    return {
      numbers: [ratio, octaves, lag1],
      kept: ratio >= 0.9 && ratio <= 1.1 && octaves <= 1.5 && Math.abs(lag1) <= 0.05,
    };
  });
}

function leftAlone(name: string): Measure {
  return on(name, ({ score }) => ({ numbers: [score.face, score.ssim], kept: score.face >= 40 && score.ssim >= 0.99 }));
}

function worseThanPlate(name: string): Measure {
  return on(name, ({ harm: { thanPlate } }) => ({ numbers: [100 * thanPlate.share], kept: thanPlate.share <= 0.005 }));
}

function damagedOf(name: string): Measure {
  return on(name, ({ harm }, { ceilingHarm }) => {
    const ratio = harm.damaged / ceilingHarm.damaged;
    return Number.isNaN(ratio) ? null : { numbers: [ratio], kept: ratio <= 1.5 };
  });
}

function stepsIn(name: string): Measure {
  return on(name, ({ harm: { fineSteps } }, { ceilingHarm }) => ({
    numbers: [fineSteps, ceilingHarm.fineSteps],
    kept: fineSteps <= Math.max(0.02, ceilingHarm.fineSteps),
  }));
}

function flickerAwayOf(name: string): Measure {
  return on(name, ({ harm }, { plateHarm }) => {
    const ratio = harm.flickerAway / plateHarm.flickerAway;
    return { numbers: [ratio], kept: ratio <= 0.5 };
  });
}

function changedBy(name: string): Measure {
  return on(name, ({ changed }) => {
    const most = Math.max(0, ...(changed ?? []));
    return { numbers: [most], kept: most <= 5 };
  });
}

function short(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}
