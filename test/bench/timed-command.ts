import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { quantile } from '../../src/motion/quantile.ts';

/** Seconds from a command's start to its end, which must be a good one. */
export async function secondsOfCommand([program, ...args]: readonly string[], cache: string): Promise<number> {
  const started = performance.now();
  const child = spawn(program as string, args, {
    env: { ...process.env, REELMEND_CACHE: cache },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`"${program} ${args.join(' ')}" ended with ${code}: ${said.join('')}`);
  return (performance.now() - started) / 1000;
}

/** Seconds that something takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/**
 * Median of how much longer one thing took than another that was run beside it, run by run: what else loads the machine slows both.
 *
 * @param over as many as `taken`, in the same turns
 */
export function ratioOf(taken: readonly number[], over: readonly number[]): number {
  return medianOf(taken.map((seconds, k) => seconds / (over[k] as number)));
}

export function medianOf(values: readonly number[]): number {
  return quantile(Float32Array.from(values), 0.5);
}

/** Processes that wanted to run in the last minute, as a sentence: above the number of cores they waited for each other. */
export function loadLine(): string {
  return `load ${(loadavg()[0] as number).toFixed(1)} at the end`;
}
