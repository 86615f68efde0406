import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openOwnership } from '../../src/compute/ownership.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { drawnPortrait } from '../golden/drawn-portrait.ts';
import { drawnPatches, drawnStills } from '../golden/drawn-window.ts';
import type { BenchOptions, Outcome } from './bench.ts';

const SIZES = [256, 512] as const;
const STILLS = 4;
/** Frames before those that are timed: the engine compiles, and stills are prepared. */
const WARM = 6;
const TIMED = 12;

/** A process that restores the same face by what was built in a folder. */
interface FaceProcess extends Disposable {
  /** Processor time of one more frame, ms, the process's other threads included. */
  next(): Promise<number>;
}

/**
 * Processor time of `detail` with four stills, a face and frame; lifting, measuring and comping left out. `--beside <folder>` names another
 * checkout, built, whose restorer takes turns with this one's, so that both meet the same load.
 */
export async function faceCostBench({ beside, frames = TIMED, say }: BenchOptions): Promise<Outcome> {
  const checkouts = [packageFolder(), ...(beside === undefined ? [] : [beside])];
  const portrait = await drawnPortrait();
  const [first, second, third] = drawnStills(portrait);
  const stills = [first, second, third, first].slice(0, STILLS);
  const rows: (string | number)[][] = [];
  const facts: object[] = [];
  for (const size of SIZES) {
    say(`${size}²`);
    const patches = drawnPatches(portrait, { size, scale: size / 256, worn: false });
    using owned = openOwnership();
    const faces = checkouts.map((checkout) => owned.own(faceProcess(checkout, size, { patches, stills })));
    const times = faces.map((): number[] => []);
    for (let frame = 0; frame < WARM + frames; frame++) {
      for (const [k, face] of faces.entries()) {
        const time = await face.next();
        if (frame >= WARM) times[k]?.push(time);
      }
    }
    const medians = times.map(medianOf);
    checkouts.forEach((checkout, k) => {
      const own = times[k] as readonly number[];
      const least = Math.min(...own);
      const ratio = k === 0 ? '' : (medians[0] as number) / (medians[k] as number);
      rows.push([`${size}²`, k === 0 ? 'this' : checkout, least, medians[k] as number, ratio]);
      facts.push({ size, checkout, times: own });
    });
  }
  return {
    tables: [
      {
        title: `\`detail\`, ${STILLS} stills: processor time a face and frame`,
        columns: ['patch', 'version', 'least, ms', 'median, ms', 'this over it'],
        rows,
      },
    ],
    facts,
    broken: [],
  };
}

function faceProcess(checkout: string, size: number, input: object): FaceProcess {
  const child = fork(
    fileURLToPath(new URL('face-cost-child.mjs', import.meta.url)),
    [checkout, String(size), String(STILLS)],
    { serialization: 'advanced', execArgv: [] },
  );
  let told = input;
  return {
    async next() {
      child.send(told);
      told = {};
      const ended = new AbortController();
      try {
        const answer = once(child, 'message', { signal: ended.signal });
        const exit = once(child, 'exit', { signal: ended.signal }).then(() => {
          throw new Error(`The restorer built in ${checkout} ended. Build it by \`npm run build\` there.`);
        });
        const [time] = await Promise.race([answer, exit]);
        return time as number;
      } finally {
        ended.abort();
      }
    },
    [Symbol.dispose]() {
      child.kill();
    },
  };
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
