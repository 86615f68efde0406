import { createHash } from 'node:crypto';

/** What an exporter writes a job of: an order, and how another engine's machines do its steps. */
export interface EngineJob {
  /** The reel's, as people know it. */
  readonly name: string;
  /** The order's file, as the machine sees it that exports. */
  readonly orderPath: string;
  /** Folders in which all files of the order lie, as that machine sees them; engines map them to their own. */
  readonly roots: readonly string[];
  /** Spans of the reel that are tracked apart. */
  readonly spans: number;
  /** Tasks at most that share a step, and so machines at most that work at once. */
  readonly parts: number;
  /** The words of the command that calls Reelmend on a machine of the engine. */
  readonly program: readonly string[];
  /** Where folders lie on the engine's machines, each `FROM=TO`. */
  readonly maps: readonly string[];
  readonly resources: EngineResources;
}

/** What each task is given. Null leaves it to the engine. */
export interface EngineResources {
  /** Of tasks that run networks over frames or render; the others need none. */
  readonly gpus: number;
  readonly cpus: number | null;
  readonly memoryGib: number | null;
  /** A task is ended after so many hours. */
  readonly hours: number | null;
}

/** One kind of step, as an engine runs it: so many tasks, of which each does every so-manieth step. */
export interface EngineStage {
  readonly step: 'track' | 'cast' | 'take' | 'conform';
  readonly tasks: number;
  readonly gpus: number;
  /** Further words for `run-step`. */
  readonly more: readonly string[];
}

/** How often a task is begun before it counts as failed, by every engine. */
export const ENGINE_ATTEMPTS = 3;

/**
 * A test of a shell whether a step is to be tried again: `run-step` says so, or a signal ended it, as where it crashed or took too much
 * memory.
 *
 * @param code what `run-step` ended with, as the shell says it
 */
export function isWorthTrying(code: string): string {
  return `{ [ ${code} -eq 75 ] || [ ${code} -gt 128 ]; }`;
}

/**
 * What `run-step` ends with where no further try would do better: 3, the reel is done, but takes were passed through; 65, it is
 * damaged itself.
 */
export const FINAL = [3, 65] as const;

/** In their order: each begins when the one before it has ended. */
export function stagesOf({ spans, parts, resources: { gpus } }: EngineJob): readonly EngineStage[] {
  return [
    { step: 'track', tasks: Math.max(1, Math.min(spans, parts)), gpus, more: [] },
    { step: 'cast', tasks: 1, gpus: 0, more: [] },
    { step: 'take', tasks: parts, gpus, more: [] },
    { step: 'conform', tasks: 1, gpus: 0, more: ['--pass-missing'] },
  ];
}

/** The job's name in lower-case letters, digits and hyphens, at most 47 long, and another for another order. */
export function engineName({ name, orderPath }: EngineJob): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  const order = createHash('sha256').update(orderPath).digest('hex').slice(0, 6);
  return `${plain || 'reel'}-${order}`;
}

/** A word as a POSIX shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
