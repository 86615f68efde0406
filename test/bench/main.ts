import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { Bench } from './bench.ts';
import { machine, machineLine } from './machine.ts';
import { markdownTable } from './markdown.ts';

/*
 * `npm run bench` runs every bench, `npm run bench -- sample-reel kill` those that are named. Tables go to standard output as
 * Markdown, all that was measured to out/bench/<name>.json. The exit code is 1 where a promise was not kept.
 */

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  'sample-reel': async () => (await import('./sample-reel.ts')).sampleReelBench,
  footage: async () => (await import('./footage.ts')).footageBench,
  kill: async () => (await import('./kill.ts')).killBench,
  memory: async () => (await import('./memory.ts')).memoryBench,
  comp: async () => (await import('./comp.ts')).compBench,
  restore: async () => (await import('./restore.ts')).restoreBench,
  carry: async () => (await import('./carry.ts')).carryBench,
  heavy: async () => (await import('./heavy.ts')).heavyBench,
  reuse: async () => (await import('./reuse.ts')).reuseBench,
  device: async () => (await import('./device.ts')).deviceBench,
  'whole-runs': async () => (await import('./whole-runs.ts')).wholeRunsBench,
  patches: async () => (await import('./patches.ts')).patchesBench,
  smart: async () => (await import('./smart.ts')).smartBench,
  'untouched-movie': async () => (await import('./untouched-movie.ts')).untouchedMovieBench,
  masters: async () => (await import('./masters.ts')).mastersBench,
  'face-cost': async () => (await import('./face-cost.ts')).faceCostBench,
};

const USAGE = `Usage: npm run bench -- [${Object.keys(BENCHES).join('|')} …] [--restorer name] [--runs number] [--frames number] [--only part,part] [--beside folder]`;

async function main(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      restorer: { type: 'string' },
      runs: { type: 'string' },
      frames: { type: 'string' },
      only: { type: 'string' },
      beside: { type: 'string' },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const unknown = names.find((name) => !(name in BENCHES));
  const [runs, frames] = [values.runs, values.frames].map((text) => (text === undefined ? undefined : Number(text)));
  const isOdd = (count: number | undefined) => count !== undefined && !(Number.isInteger(count) && count > 0);
  if (unknown !== undefined || isOdd(runs) || isOdd(frames)) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const results = join(packageFolder(), 'out', 'bench');
  await mkdir(results, { recursive: true });
  const on = await machine();
  console.log(`${machineLine(on)}\n`);
  for (const name of names) {
    const folder = join(results, name);
    await mkdir(folder, { recursive: true });
    const bench = await (BENCHES[name] as () => Promise<Bench>)();
    const { tables, facts, broken } = await bench({
      folder,
      say: (line) => console.error(`${name}: ${line}`),
      ...(values.restorer === undefined ? {} : { restorer: values.restorer }),
      ...(runs === undefined ? {} : { runs }),
      ...(frames === undefined ? {} : { frames }),
      ...(values.only === undefined ? {} : { only: values.only.split(',') }),
      ...(values.beside === undefined ? {} : { beside: values.beside }),
    });
    console.log(`## ${name}\n`);
    for (const table of tables) console.log(markdownTable(table));
    for (const sentence of broken) console.log(`**Not kept:** ${sentence}\n`);
    const json = { bench: name, machine: on, finished: new Date().toISOString(), broken, facts };
    await writeFile(join(results, `${name}.json`), `${JSON.stringify(json, null, 2)}\n`);
    if (broken.length > 0) process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
