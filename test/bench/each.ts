import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeAlbum, PORTRAIT } from '../e2e/album.ts';
import { reelmendOrThrow } from '../e2e/command.ts';
import { journalOf, killedAt } from '../e2e/killed-each.ts';
import { makeCache } from '../e2e/scratch.ts';
import type { BenchOptions, Outcome } from './bench.ts';

/** Pictures, and how many of them share one with a face. */
const PICTURES = 2000;
const A_FACE_IN = 4;
const KINDS = 8;
const KILLS = 5;
/** Most time a picture over that of its networks and its restorer. */
const GOAL = 1.2;

/**
 * Restores unrelated pictures of eight kinds, no two of one size, and kills the run with SIGKILL at moments spread over it: each is done
 * once, those without a face come back byte for byte, and reading and writing cost little beside networks and restorer.
 */
export async function eachBench({
  folder,
  frames = PICTURES,
  runs = KILLS,
  restorer = 'detail',
  say,
}: BenchOptions): Promise<Outcome> {
  await rm(folder, { recursive: true, force: true });
  const [album, out, cache] = [join(folder, 'album'), join(folder, 'out'), join(folder, 'cache')];
  const report = `${out}.report`;
  await makeCache(cache);
  say('drawing the pictures');
  const { names, withFaces } = await makeAlbum(album, Math.ceil(frames / KINDS), { everyFace: A_FACE_IN });
  const args = [
    ...['restore', album, '--each', '--out', out, '--reference', PORTRAIT, '--restorer', restorer],
    ...['--device', 'cpu', '--quiet'],
  ];
  let killed = 0;
  for (let k = 1; k <= runs; k++) {
    if (await killedAt(Math.floor((names.length * k) / (runs + 1)), { args, report, cache })) killed += 1;
    say(`killed ${k} of ${runs}: ${(await journalOf(report)).length} of ${names.length} pictures are done`);
  }
  const { seconds } = await reelmendOrThrow(args, cache);
  const lines = await journalOf(report);
  const once = new Set(lines.map(({ name }) => name)).size;
  const faces = new Set(withFaces);
  let whole = 0;
  for (const name of names) {
    if (faces.has(name)) continue;
    if ((await readFile(join(out, name))).equals(await readFile(join(album, name)))) whole += 1;
  }
  const sum = (of: (line: (typeof lines)[number]['seconds']) => number) =>
    lines.reduce((all, line) => all + of(line.seconds), 0);
  const own = sum(({ networks, restore }) => networks + restore);
  const all = own + sum(({ read, write }) => read + write);
  const restored = lines.filter(({ outcome }) => outcome === 'restored').length;
  const ms = (total: number) => Math.round((1000 * total) / lines.length);
  const broken = [
    ...(lines.length === names.length && once === names.length
      ? []
      : [`${lines.length} lines for ${names.length} pictures, ${once} of them of pictures of their own.`]),
    ...(restored === withFaces.length
      ? []
      : [`${restored} of ${withFaces.length} pictures with a face were restored.`]),
    ...(whole === names.length - withFaces.length
      ? []
      : [`${names.length - withFaces.length - whole} pictures changed without a face.`]),
    ...(all / own <= GOAL
      ? []
      : [`A picture takes ${(all / own).toFixed(2)} of its networks and restorer, more than ${GOAL}.`]),
  ];
  return {
    tables: [
      {
        title: `${names.length} unrelated pictures of ${KINDS} kinds, ${withFaces.length} with a face, killed ${killed} times`,
        columns: [
          'done once',
          'restored',
          'byte for byte',
          'read, ms',
          'networks, ms',
          restorer,
          'written, ms',
          'time over networks and restorer',
        ],
        rows: [
          [
            `${once} of ${names.length}`,
            restored,
            `${whole} of ${names.length - withFaces.length}`,
            ms(sum(({ read }) => read)),
            ms(sum(({ networks }) => networks)),
            ms(sum(({ restore }) => restore)),
            ms(sum(({ write }) => write)),
            (all / own).toFixed(2),
          ],
        ],
      },
    ],
    facts: { pictures: names.length, killed, secondsOfLast: seconds, ratio: all / own, restored, whole },
    broken,
  };
}
