import type { LineSink } from './progress.ts';

/** A command's outputs, and the signal that stops it. */
export interface CliIo {
  /** The answer: tables, JSON, a run's result. */
  readonly stdout: LineSink;
  /** Progress, notes and errors. */
  readonly stderr: LineSink;
  /** Aborted when the person wants to stop. */
  readonly signal: AbortSignal;
}
