import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { Bench } from './bench.ts';
import { DAMAGES } from './damage.ts';
import { machine, machineLine } from './machine.ts';
import { markdownTable } from './markdown.ts';
import type { OwnClips } from './restore-own-clip.ts';

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
  identity: async () => (await import('./identity.ts')).identityBench,
  heavy: async () => (await import('./heavy.ts')).heavyBench,
  'heavy-analysis': async () => (await import('./heavy-analysis.ts')).heavyAnalysisBench,
  batch: async () => (await import('./batch.ts')).batchBench,
  reuse: async () => (await import('./reuse.ts')).reuseBench,
  device: async () => (await import('./device.ts')).deviceBench,
  'whole-runs': async () => (await import('./whole-runs.ts')).wholeRunsBench,
  patches: async () => (await import('./patches.ts')).patchesBench,
  smart: async () => (await import('./smart.ts')).smartBench,
  'untouched-movie': async () => (await import('./untouched-movie.ts')).untouchedMovieBench,
  masters: async () => (await import('./masters.ts')).mastersBench,
  'face-cost': async () => (await import('./face-cost.ts')).faceCostBench,
  preview: async () => (await import('./preview.ts')).previewBench,
  each: async () => (await import('./each.ts')).eachBench,
  farm: async () => (await import('./farm.ts')).farmBench,
  scale: async () => (await import('./scale.ts')).scaleBench,
  review: async () => (await import('./review.ts')).reviewBench,
};

const USAGE = `Usage: npm run bench -- [${Object.keys(BENCHES).join('|')} …] [--restorer name] [--runs number] [--frames number] [--only part,part] [--beside folder] [--people folder]

Of restore:
  --clips part,part            only clips of these names; old films and costs are left out
  --damage light|heavy         damage them all so
  --clip FILE[:IN[:FRAMES]]    a clip of your own in place of the bench's, frames counted from 0 (24 of them); may be given again
    --stills FOLDER            pictures of the person; else frames of the file at least 30 frames away from the range
    --whole                    the whole picture; else a square around the face
  --quick                      12 frames, repair and detail without grain, no networks looking at the result
  --only part,part             only runs whose names hold one of these, such as grained or "of clean"`;

async function main(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{
        restorer: text,
        runs: text,
        frames: text,
        only: text,
        beside: text,
        people: text,
        clips: text,
        damage: text,
        stills: text,
      },
      clip: { type: 'string', multiple: true },
      whole: { type: 'boolean' },
      quick: { type: 'boolean' },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const unknown = names.find((name) => !(name in BENCHES));
  const [runs, frames] = [values.runs, values.frames].map((text) => (text === undefined ? undefined : Number(text)));
  const isOdd = (count: number | undefined) => count !== undefined && !(Number.isInteger(count) && count > 0);
  const { damage } = values;
  const isDamage = (name: string): name is keyof typeof DAMAGES => name in DAMAGES;
  if (unknown !== undefined || isOdd(runs) || isOdd(frames) || (damage !== undefined && !isDamage(damage))) {
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
      ...(values.people === undefined ? {} : { people: resolve(values.people) }),
      ...(values.clips === undefined ? {} : { clips: values.clips.split(',') }),
      ...(damage === undefined ? {} : { damage }),
      ...(values.clip === undefined ? {} : { own: ownClips(values.clip, values, damage) }),
      ...(values.quick === undefined ? {} : { quick: values.quick }),
    });
    console.log(`## ${name}\n`);
    for (const table of tables) console.log(markdownTable(table));
    for (const sentence of broken) console.log(`**Not kept:** ${sentence}\n`);
    const json = { bench: name, machine: on, finished: new Date().toISOString(), broken, facts };
    await writeFile(join(results, `${name}.json`), `${JSON.stringify(json, null, 2)}\n`);
    if (broken.length > 0) process.exitCode = 1;
  }
}

/** Under the damage that is asked for, the light one by itself. */
function ownClips(
  clips: readonly string[],
  { stills, whole = false }: { readonly stills?: string | undefined; readonly whole?: boolean | undefined },
  damage: keyof typeof DAMAGES = 'light',
): OwnClips {
  return { clips, damage, whole, ...(stills === undefined ? {} : { stills: resolve(stills) }) };
}

await main(process.argv.slice(2));
