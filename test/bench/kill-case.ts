import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { reportSchema } from '../../src/report/report.ts';
import { COMMAND } from '../e2e/command.ts';
import { filesOf } from '../e2e/files-of.ts';
import { makeCache } from '../e2e/scratch.ts';
import { processesOf, RUN_MARK } from './processes.ts';

export type OutputKind = 'folder' | 'movie';

export interface KillJob {
  readonly reel: string;
  /** A still, or a folder of them. */
  readonly stills: string;
  readonly preset: string;
  readonly restorer?: string;
}

/** When a run is killed: after a share of an uninterrupted run's time, or when a path (from the run's own folder) appears, and a bit later. */
export interface KillCase {
  readonly kind: OutputKind;
  /** True: the tracks are kept from an earlier run, so that nearly all of its time is rendering. */
  readonly warm: boolean;
  readonly after: { readonly share: number } | { readonly path: string; readonly milliseconds: number };
}

/** An uninterrupted run: what every resumed one must come to. */
export interface WholeRun {
  readonly cache: string;
  /** Seconds from nothing, and with its tracks kept. */
  readonly cold: number;
  readonly warm: number;
  readonly takes: number;
  /** SHA-256 by path, of all that it delivered but the report. */
  readonly delivered: Readonly<Record<string, string>>;
}

export interface KillResult {
  readonly case: KillCase;
  /** For people. */
  readonly moment: string;
  /** What the run was at when it was killed. */
  readonly stage: 'tracking' | 'restoring' | 'joining' | 'reporting' | 'at its end';
  /** The resumed run delivered the same bytes as the uninterrupted one. */
  readonly same: boolean;
  /** Takes that were on record when it was killed and that were rendered again all the same. */
  readonly lost: number;
  /** Takes that had been begun, finished or not, and were rendered again. */
  readonly redone: number;
  /** ffmpeg processes of the killed run that live two seconds later. */
  readonly left: number;
  /** Files under final names that are not whole, right after the kill. */
  readonly damaged: readonly string[];
  /** Unfinished files that are still there when the resumed run has ended. */
  readonly drafts: readonly string[];
  readonly faults: readonly string[];
}

/** Nothing of a killed run may live longer. */
const GRACE_MS = 2000;

export async function runWhole(place: string, kind: OutputKind, job: KillJob): Promise<WholeRun> {
  const cache = join(place, 'cache');
  await makeCache(cache);
  const cold = await timed(() => runToEnd(join(place, 'cold'), kind, job, cache, randomUUID()));
  const warm = await timed(() => runToEnd(join(place, 'warm'), kind, job, cache, randomUUID()));
  const delivered = await deliveredBy(join(place, 'cold'));
  const again = await deliveredBy(join(place, 'warm'));
  if (JSON.stringify(delivered) !== JSON.stringify(again)) {
    throw new Error(`Two uninterrupted runs to a ${kind} differ; nothing can be said of resumed ones.`);
  }
  return { cache, cold, warm, delivered, takes: (await reportIn(join(place, 'cold')))?.takes.length ?? 0 };
}

/** Kills one run, looks at what it left, and lets the same command finish. `place` must not exist. */
export async function killAndResume(place: string, one: KillCase, job: KillJob, whole: WholeRun): Promise<KillResult> {
  const mark = randomUUID();
  const cache = join(place, 'cache');
  if (one.warm) cpSync(whole.cache, cache, { recursive: true, verbatimSymlinks: true });
  else await makeCache(cache);
  await mkdir(place, { recursive: true });
  const killedAt = await killed(place, one, job, cache, mark, whole);
  const work = join(place, `${outName(one.kind)}.work`);
  const stage = await stageOf(place, one.kind, killedAt === null);
  const takes = await takesIn(join(work, 'takes'));
  const recorded = takes.filter(({ isFinished }) => isFinished).length;
  const before = await reportIn(place);
  const damaged = await damagedIn(place, cache, whole);
  await wait(GRACE_MS);
  const left = (await processesOf(mark)).filter(({ program }) => /^ff/.test(program)).length;

  await runToEnd(place, one.kind, job, cache, randomUUID());
  const report = await reportIn(place);
  const kept = report?.takes.filter((take) => !take.redone).length ?? 0;
  // Where the report is still that of the killed run, nothing was run again: it was finished, and its work was being removed.
  const isRunAgain = before === null || report?.finished !== before.finished;
  const lost = isRunAgain ? Math.max(0, recorded - kept) : 0;
  const begun = isRunAgain ? takes.length - recorded : 0;
  const delivered = await deliveredBy(place);
  const same = JSON.stringify(delivered) === JSON.stringify(whole.delivered);
  const drafts = (await readdir(place, { recursive: true })).filter(
    (name) => /^\.tmp-|\.work$/.test(basename(name)) && !name.includes('.work/'),
  );
  const result = {
    case: one,
    moment: momentOf(one, killedAt),
    stage,
    same,
    lost,
    redone: lost + begun,
    left,
    damaged,
    drafts,
  };
  return { ...result, faults: faultsOf(result, report !== null, existsSync(join(place, 'report', 'index.html'))) };
}

function faultsOf(result: Omit<KillResult, 'faults'>, hasReport: boolean, hasPage: boolean): string[] {
  return [
    ...(result.same ? [] : ['the result is not that of an uninterrupted run']),
    ...(result.redone > 1 ? [`${result.redone} takes were redone`] : []),
    ...(result.lost > 0 ? [`${result.lost} finished takes were lost`] : []),
    ...(result.left > 0 ? [`${result.left} ffmpeg processes were left`] : []),
    ...result.damaged.map((name) => `${name} was not whole`),
    ...result.drafts.map((name) => `${name} is left for good`),
    ...(hasReport && hasPage ? [] : ['the report is not whole in the end']),
  ];
}

function outName(kind: OutputKind): string {
  return kind === 'folder' ? 'out' : 'out.mkv';
}

function start(place: string, kind: OutputKind, job: KillJob, cache: string, mark: string) {
  const at = (name: string) => join(place, name);
  const restorer = job.restorer === undefined ? [] : ['--restorer', job.restorer];
  const places = ['--out', at(outName(kind)), '--mattes', at('mattes'), '--report', at('report')];
  const rest = ['--reference', job.stills, '--preset', job.preset, '--quiet', ...restorer];
  return spawn(process.execPath, [COMMAND, 'restore', job.reel, ...places, ...rest], {
    env: { ...process.env, REELMEND_CACHE: cache, [RUN_MARK]: mark },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function runToEnd(place: string, kind: OutputKind, job: KillJob, cache: string, mark: string): Promise<void> {
  await mkdir(place, { recursive: true });
  const [code] = (await once(start(place, kind, job, cache, mark), 'close')) as [number | null];
  if (code !== 0) throw new Error(`The run in "${place}" ended with code ${code}.`);
}

/** Starts the run and kills it; gives the seconds after its start, or null where it had ended before. */
async function killed(
  place: string,
  { kind, warm, after }: KillCase,
  job: KillJob,
  cache: string,
  mark: string,
  whole: WholeRun,
): Promise<number | null> {
  const started = performance.now();
  const child = start(place, kind, job, cache, mark);
  let isOver = false;
  const closed = once(child, 'close').then(() => {
    isOver = true;
  });
  if ('share' in after) {
    await Promise.race([wait(1000 * after.share * (warm ? whole.warm : whole.cold)), closed]);
  } else {
    while (!isOver && !existsSync(join(place, after.path))) await wait(1);
    await wait(after.milliseconds);
  }
  const wasKilled = !isOver && child.kill('SIGKILL');
  await closed;
  return wasKilled && child.signalCode === 'SIGKILL' ? (performance.now() - started) / 1000 : null;
}

async function stageOf(place: string, kind: OutputKind, isOver: boolean): Promise<KillResult['stage']> {
  const has = (name: string) => existsSync(join(place, name));
  const out = outName(kind);
  if (isOver || has('report/report.json')) return 'at its end';
  if (has(out)) return 'reporting';
  if (!has(`${out}.work`)) return 'tracking';
  const names = await readdir(kind === 'folder' ? join(place, `${out}.work`) : place);
  return names.includes('joined') || names.some((name) => name.startsWith('.tmp-')) ? 'joining' : 'restoring';
}

/** Takes that were begun; a record is written last. */
async function takesIn(folder: string): Promise<{ readonly isFinished: boolean }[]> {
  const names: string[] = await readdir(folder).catch(() => []);
  return names.map((name) => ({ isFinished: existsSync(join(folder, name, 'take.json')) }));
}

async function reportIn(place: string) {
  const text = await readFile(join(place, 'report', 'report.json'), 'utf8').catch(() => null);
  return text === null ? null : reportSchema.parse(JSON.parse(text));
}

function isDraft(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.tmp-'));
}

/** Output and mattes by path, without drafts; the report tells of times and so differs. */
async function deliveredBy(place: string): Promise<Record<string, string>> {
  const files = await filesOf(place);
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => /^(out|out\.mkv|mattes)($|\/)/.test(path) && !isDraft(path)),
  );
}

/** Names of files and folders under final names that are not as an uninterrupted run leaves them. */
async function damagedIn(place: string, cache: string, whole: WholeRun): Promise<string[]> {
  const found = await deliveredBy(place);
  const wrong = Object.keys(found).filter((path) => found[path] !== whole.delivered[path]);
  const inOut = (files: Readonly<Record<string, string>>) =>
    Object.keys(files).filter((path) => path.startsWith('out/')).length;
  if (inOut(found) > 0 && inOut(found) < inOut(whole.delivered)) wrong.push('out (frames are missing)');
  for (const name of ['report.json', 'tracks.json', 'index.html']) {
    const text = await readFile(join(place, 'report', name), 'utf8').catch(() => null);
    if (text !== null && !(name.endsWith('.json') ? isJson(text) : /<\/html>\s*$/.test(text)))
      wrong.push(`report/${name}`);
  }
  const [own, expected] = [await filesOf(join(cache, 'tracks')), await filesOf(join(whole.cache, 'tracks'))];
  for (const [path, hash] of Object.entries(own))
    if (!isDraft(path) && expected[path] !== hash) wrong.push(`tracks/${path}`);
  return wrong;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function momentOf({ after }: KillCase, killedAt: number | null): string {
  if (killedAt === null) return 'over before it was killed';
  return 'share' in after
    ? `killed after ${killedAt.toFixed(1)} s`
    : `killed ${after.milliseconds} ms after ${after.path}`;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
