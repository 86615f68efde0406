import type { Table } from './bench.ts';
import { type Harm, REGIONS, type Worse } from './restore-harm.ts';
import type { HarmFigures } from './restore-harm-judge.ts';
import type { ScoredClip, ScoredHarm, ScoredRun } from './restore-scores.ts';

type Judged = Extract<ScoredRun, { readonly harm: ScoredHarm }>;

/** Where a run does harm, and what is left of damage, grain and softness. */
export function harmTables(clip: ScoredClip): Table[] {
  const runs = clip.runs.filter((run): run is Judged => run.plan.of === 'plate' && 'harm' in run);
  return [regionTable(clip, runs), leftTable(clip, runs)];
}

function regionTable({ name }: ScoredClip, runs: readonly Judged[]): Table {
  return {
    title: `${name}: regions of frames that are worse by more than 0.1 dB, %`,
    columns: [
      ...['version', 'than the plate', ...REGIONS, 'worst'],
      ...['than repair', 'frames with eye or mouth', 'worst beside repair'],
    ],
    rows: runs.map(({ plan, harm: { thanPlate, thanRepair } }) => [
      plan.name,
      100 * thanPlate.share,
      ...REGIONS.map((region) => 100 * thanPlate.byRegion[region]),
      worstOf(thanPlate),
      thanRepair ? 100 * thanRepair.share : '',
      thanRepair ? 100 * thanRepair.eyesOrMouth : '',
      thanRepair ? worstOf(thanRepair) : '',
    ]),
  };
}

function leftTable({ name, plateHarm, ceilingHarm, blur }: ScoredClip, runs: readonly Judged[]): Table {
  const row = (version: string, of: Omit<HarmFigures, 'regions' | 'others'>, read: number | null) => [
    version,
    of.damaged,
    of.damaged / ceilingHarm.damaged,
    of.away,
    of.away / ceilingHarm.away,
    of.grainLeft,
    of.fineGain,
    of.fineSteps,
    of.flickerAway / plateHarm.flickerAway,
    read ?? '',
  ];
  return {
    title: `${name}: error of the face’s luma in 8-bit levels, and the finest band in the eyes (what a blur of ${blur.toFixed(2)} pixels takes)`,
    columns: [
      ...[
        'version',
        'in damaged pixels',
        'of blurred truth’s',
        'away from damage',
        'of blurred truth’s',
        'away, from blurred truth',
      ],
      ...['fine gain', 'its steps', 'flicker away, of plate’s', 'blur read'],
    ],
    rows: [
      row('plate', plateHarm, null),
      row('truth blurred as the plate', ceilingHarm, blur),
      ...runs.map((run) => row(run.plan.name, run.harm, run.blur)),
    ],
  };
}

/** `3 left eye 0.42`: frame, region, by how many decibels it is worse. */
function worstOf({ worst }: Worse): string {
  return worst.map(({ frame, region, decibels }: Harm) => `${frame} ${region} ${decibels.toFixed(2)}`).join(', ');
}
