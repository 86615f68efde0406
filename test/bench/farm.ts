import { join } from 'node:path';
import type { BenchOptions, Outcome } from './bench.ts';
import { farmAsleep } from './farm-asleep.ts';
import { farmCrashes } from './farm-crashes.ts';
import { farmKills } from './farm-kills.ts';
import { farmQueueLost } from './farm-queue-lost.ts';
import { farmShare } from './farm-share.ts';
import { farmTroubles } from './farm-troubles.ts';

/** Times that a worker is killed, and a slot. */
const KILLS = 25;
/** Times that the queue is killed, that it is emptied, and that a worker sleeps. */
const LOSSES = 20;
/** Takes of a reel some of which always crash, unless `--frames` says another number. */
const TAKES = 1000;

/**
 * A farm on this machine: what several workers make of a reel beside one, and what is lost where something breaks. Every output is
 * compared with that of `reelmend restore`. Parts run by themselves (`--only`), also side by side: each has a folder and a queue.
 */
export async function farmBench({ folder, runs, frames, only, say }: BenchOptions): Promise<Outcome> {
  const parts: Readonly<Record<string, (folder: string) => Promise<Outcome>>> = {
    share: (at) => farmShare(at, frames, say),
    slots: (at) => farmKills(at, 'slot', runs ?? KILLS, say),
    workers: (at) => farmKills(at, 'worker', runs ?? KILLS, say),
    queue: (at) => farmQueueLost(at, 'killed', runs ?? LOSSES, say),
    emptied: (at) => farmQueueLost(at, 'emptied', runs ?? LOSSES, say),
    asleep: (at) => farmAsleep(at, runs ?? LOSSES, say),
    crashes: (at) => farmCrashes(at, frames ?? TAKES, say),
    troubles: (at) => farmTroubles(at, say),
  };
  const names = only ?? Object.keys(parts);
  const unknown = names.find((name) => !(name in parts));
  if (unknown !== undefined) throw new RangeError(`--only ${unknown}: the parts are ${Object.keys(parts).join(', ')}.`);
  const done: Record<string, Outcome> = {};
  for (const name of names)
    done[name] = await (parts[name] as (folder: string) => Promise<Outcome>)(join(folder, name));
  const outcomes = Object.values(done);
  return {
    tables: outcomes.flatMap(({ tables }) => tables),
    facts: Object.fromEntries(Object.entries(done).map(([name, { facts }]) => [name, facts])),
    broken: outcomes.flatMap(({ broken }) => broken),
  };
}
