import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openScratch } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';
import { DAMAGES } from './damage.ts';
import { markdownTable } from './markdown.ts';
import { CLIPS, type Clip, type ClipPlan, makeClip } from './restore-clips.ts';
import { type FaceCost, faceCosts, tooDear } from './restore-cost.ts';
import { worseThan } from './restore-harm.ts';
import { changedBy, type HarmFigures, openHarmJudge } from './restore-harm-judge.ts';
import { openJudge, type Score } from './restore-judge.ts';
import { type OldFilmScore, scoreOldFilms } from './restore-old-film.ts';
import { type OwnClips, ownClipPlan } from './restore-own-clip.ts';
import { lookAt, QUICK_RUNS, type Ran, RUNS, type RunPlan, restored } from './restore-run.ts';
import type { ScoredClip, ScoredRun } from './restore-scores.ts';
import { type Cut, cutAround, writeSheet } from './restore-sheet.ts';
import { brokenGoals, clipTables, restoreTables } from './restore-tables.ts';
import { openViewer, type Viewer } from './restore-viewer.ts';

/** The most frames of a clip that is only looked at. */
const QUICK_FRAMES = 12;

/**
 * Restores clips whose truth is known, damaged by the bench, and compares inside the face; sheets to look at are written to the folder.
 * Real people's faces are in them: for tests only.
 */
export async function restoreBench(options: BenchOptions): Promise<Outcome> {
  const { folder, say, own, quick = false } = options;
  await mkdir(folder, { recursive: true });
  await using scratch = await openScratch('restore-bench');
  await using viewer = await openViewer();
  const cache = process.env['REELMEND_CACHE'];
  process.env['REELMEND_CACHE'] = scratch.cache;
  try {
    const runs = RUNS.filter(
      ({ name, restorer }) =>
        (options.restorer === undefined || restorer === options.restorer) &&
        (options.only === undefined && quick ? QUICK_RUNS.includes(name) : isChosen(name, options.only)),
    );
    const isPart = quick || own !== undefined || options.clips !== undefined;
    const clips: ScoredClip[] = [];
    let costs: FaceCost[] = [];
    const plans: ClipPlan[] = own
      ? []
      : CLIPS.filter(({ name }) => isChosen(name, options.clips)).map((plan) =>
          options.damage === undefined ? plan : { ...plan, damage: DAMAGES[options.damage] },
        );
    for (const [k, text] of (own?.clips ?? []).entries()) {
      say(`${text}: looking for the face`);
      plans.push(await ownClipPlan(text, own as OwnClips, join(scratch.path, `own-${k}`), viewer));
    }
    for (const plan of plans) {
      say(`${plan.name}: drawing, damaging`);
      const place = join(scratch.path, plan.name);
      const clip = await makeClip(plan, place, viewer, options.frames ?? (quick ? QUICK_FRAMES : undefined));
      const scored = await scoreClip(clip, place, runs, viewer, options);
      clips.push(scored);
      // A bench that is stopped has said what it knows.
      for (const table of clipTables(scored)) say(`\n${markdownTable(table)}`);
      if (costs.length === 0 && !isPart) {
        say('timing one face');
        costs = await faceCosts(clip, viewer);
      }
      await rm(place, { recursive: true, force: true });
    }
    const old: OldFilmScore[] = [];
    const restorers = [...new Set(runs.map(({ restorer }) => restorer))];
    if (!isPart) {
      say('old films');
      old.push(...(await scoreOldFilms(scratch.path, restorers)));
    }
    return {
      tables: restoreTables(clips, costs, old),
      facts: { damage: CLIPS.map(({ name, damage }) => ({ name, ...damage })), clips, costs, old },
      broken: [...brokenGoals(clips, old), ...tooDear(costs)],
    };
  } finally {
    if (cache === undefined) delete process.env['REELMEND_CACHE'];
    else process.env['REELMEND_CACHE'] = cache;
  }
}

async function scoreClip(
  clip: Clip,
  place: string,
  plans: readonly RunPlan[],
  viewer: Viewer,
  { folder, say, quick = false }: BenchOptions,
): Promise<ScoredClip> {
  say(`${clip.name}: looking at truth and plate`);
  const judge = await openJudge(clip, viewer, !quick);
  const harmJudge = openHarmJudge(clip);
  const clean = await judge.score(clip.folders.clean);
  const plate = await judge.score(clip.folders.plate);
  const ceiling = await judge.score(clip.folders.ceiling);
  const plateHarm = await harmJudge.judge(clip.folders.plate, []);
  const ceilingHarm = await harmJudge.judge(clip.folders.ceiling, []);
  const runs: ScoredRun[] = [];
  const outputs: Array<{ readonly plan: RunPlan; readonly out: string }> = [];
  for (const of of new Set(plans.map((plan) => plan.of))) await lookAt(clip.folders[of]);
  for (const plan of plans) {
    say(`${clip.name}: ${plan.name}`);
    const before = clip.folders[plan.of];
    const out = join(place, fileNameOf(plan.name));
    const ran: Ran | string = await restored(
      before,
      out,
      plan,
      plan.stills === 'one' ? clip.stills.first : clip.stills.folder,
    );
    if (typeof ran === 'string') {
      runs.push({ plan, said: ran });
      continue;
    }
    const touched = await judge.touched(before, ran.out, ran.mattes);
    const { processor, blur } = ran;
    const repair = outputs.find(({ plan: { name } }) => name === plan.beside)?.out;
    const harm = await harmJudge.judge(ran.out, [before, ...(repair === undefined ? [] : [repair])], ran.mattes);
    runs.push({
      ...{ plan, score: await judge.score(ran.out), harm: scoredHarm(harm), touched, processor, blur },
      patches: touched.restored,
      changed: plan.of === 'clean' ? await changedBy(before, ran.out) : null,
    });
    await rm(ran.mattes, { recursive: true, force: true });
    outputs.push({ plan, out: ran.out });
    const cuts = cutsToShow(clip, clean, runs.at(-1));
    await writeSheet(
      join(folder, `${clip.name}-${fileNameOf(plan.name)}.png`),
      [before, ran.out, clip.folders.clean],
      cuts,
    );
  }
  const damaged = outputs.filter(({ plan }) => plan.of === 'plate').map(({ out }) => out);
  if (damaged.length > 1) {
    // All recipes side by side, on the same frames.
    const all = [clip.folders.plate, ...damaged, clip.folders.ceiling, clip.folders.clean];
    await writeSheet(join(folder, `${clip.name}-all.png`), all, cutsToShow(clip, clean, undefined));
  }
  const { name, use, truth, iod, blur, stills } = clip;
  return {
    ...{ name, use, frames: truth.frames, iod, blur, stills: stills.paths.length, looked: !quick },
    ...{ clean, plate, ceiling, plateHarm, ceilingHarm, runs },
  };
}

function scoredHarm({ regions, others: [plate = [], repair], ...figures }: HarmFigures) {
  return { ...figures, thanPlate: worseThan(regions, plate), thanRepair: repair ? worseThan(regions, repair) : null };
}

/** The widest mouth, the narrowest eyes, the middle of the clip, and the frame in which a run came out worst. */
function cutsToShow({ truth }: Clip, clean: Score, run: ScoredRun | undefined): Cut[] {
  const at = (values: readonly number[], sign: 1 | -1) =>
    values.reduce((best, value, t) => (sign * value > sign * (values[best] as number) ? t : best), 0);
  const frames = [at(clean.mouthOpening, 1), at(clean.eyeOpening, -1), truth.frames >> 1];
  if (run && 'score' in run) frames.push(at(run.score.byFrame, -1));
  return [...new Set(frames)].flatMap((frame) => {
    const face = truth.frame(frame).face;
    return face ? [cutAround(frame, face.landmarks, truth.width, truth.height)] : [];
  });
}

function fileNameOf(name: string): string {
  return name.replaceAll(/[^a-z0-9]+/g, '-');
}

function isChosen(name: string, chosen: readonly string[] | undefined): boolean {
  return chosen === undefined || chosen.some((part) => name.includes(part));
}
