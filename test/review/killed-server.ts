import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { Decision, DecisionAnswer, ReelList } from '../../src/review/api.ts';
import { uniform } from '../bench/seeded-noise.ts';
import { type Browser, enter } from './asking.ts';

/** What became of decisions while their server was killed. */
interface KilledDecisions {
  readonly acknowledged: number;
  /** Ids of those that were acknowledged and are not in the file. */
  readonly lost: readonly string[];
}

/** People who decide at once. */
const PEOPLE = 4;
/** From the first acknowledgement to the kill at most, ms. */
const LONGEST = 150;

/** Starts the built command on a report, has people decide as fast as they can, and kills it, `rounds` times. */
export async function killedDecisions(report: string, rounds: number, seed: number): Promise<KilledDecisions> {
  const random = uniform(seed);
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const { process, url } = await startedReview(report);
    const browser = await enter(url);
    const reel = (await browser.get('/api/reels')).json<ReelList>().reels[0]?.id;
    const before = acknowledged.length;
    const people = Array.from({ length: PEOPLE }, () => decideUntilKilled(browser, `/api/reels/${reel}`, acknowledged));
    while (acknowledged.length === before) await waited(1);
    await waited(random() * LONGEST);
    process.kill('SIGKILL');
    await once(process, 'exit');
    await Promise.all(people);
  }
  const lines = (await readFile(join(report, 'review', 'decisions.jsonl'), 'utf8')).split('\n').slice(0, -1);
  // A line that a kill cut off can only be the last one: each start has mended what was before.
  const kept = new Set(lines.map((line) => (JSON.parse(line) as Decision).id));
  return { acknowledged: acknowledged.length, lost: acknowledged.filter((id) => !kept.has(id)) };
}

/** The built `reelmend review` of a report, when it has printed its address. */
export async function startedReview(
  report: string,
  stderr: 'ignore' | 'pipe' = 'ignore',
): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const main = join(packageFolder(), 'dist', 'src', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'review', report], { stdio: ['ignore', 'pipe', stderr] });
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const url = /Open (http:\S+)$/.exec(line)?.[1];
    if (url) return { process: child, url };
  }
  throw new Error('The review ended without printing its address.');
}

async function decideUntilKilled(browser: Browser, reel: string, acknowledged: string[]): Promise<void> {
  const asked = { seen: 1e6, who: 'ann', target: { scope: 'reel' }, body: { what: 'note' }, note: 'x'.repeat(500) };
  for (;;) {
    const answer = await browser.post(`${reel}/decisions`, asked).catch(() => null);
    if (answer?.status !== 201) return;
    acknowledged.push(answer.json<DecisionAnswer>().decision.id);
  }
}

function waited(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
