import type { DAMAGES } from './damage.ts';
import type { OwnClips } from './restore-own-clip.ts';

/** One table of a bench's outcome. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What a bench found. */
export interface Outcome {
  readonly tables: readonly Table[];
  /** Everything that was measured, for programs: any JSON. */
  readonly facts: unknown;
  /** Promises that were not kept, as sentences; the command fails where there are any. */
  readonly broken: readonly string[];
}

/** What the command line says to every bench. */
export interface BenchOptions {
  /** Restorer to measure; absent = the preset's. */
  readonly restorer?: string;
  /** How often a bench that repeats does so; absent = its own number. */
  readonly runs?: number;
  /** How long a bench's long shot is; absent = its own number. */
  readonly frames?: number;
  /** Parts of the bench to run, by the bench's own names; absent = all. */
  readonly only?: readonly string[];
  /** Names of clips of a bench that has some (a part of the name does); absent = all. */
  readonly clips?: readonly string[];
  /** Clips of one's own in place of the bench's. */
  readonly own?: OwnClips;
  /** How the bench's clips are damaged; absent = each as it is planned. */
  readonly damage?: keyof typeof DAMAGES;
  /** True: as little as shows one thing: few frames, few runs. */
  readonly quick?: boolean;
  /** Folder of another checkout, built, to run in turn with this one. */
  readonly beside?: string;
  /** Folder with a folder of photographs a person. */
  readonly people?: string;
  /** Folder for what is made and what comes out. */
  readonly folder: string;
  /** Says in a line what is going on. */
  readonly say: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<Outcome>;
