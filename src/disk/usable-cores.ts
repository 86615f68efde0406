import { availableParallelism } from 'node:os';

/**
 * Cores that this process should keep busy: those that it may run on, or as many of them as `REELMEND_CORES` says, where a machine cannot
 * bind a process to some.
 */
export function usableCores(env: Readonly<Record<string, string | undefined>> = process.env): number {
  return Math.min(availableParallelism(), coresAsked(env) ?? Infinity);
}

/** How many cores the environment asks to be kept to; null where it asks for none. */
export function coresAsked(env: Readonly<Record<string, string | undefined>> = process.env): number | null {
  const cores = Math.floor(Number(env['REELMEND_CORES']));
  return cores >= 1 ? cores : null;
}
