import type { LineSink } from './progress.ts';

/** Where a command writes, and what it hears of the outside. */
export interface CliIo {
  /** What was asked for: tables, JSON, a run's result. */
  readonly stdout: LineSink;
  /** Progress, notes and errors. */
  readonly stderr: LineSink;
  /** Aborted when the person wants to stop. */
  readonly signal: AbortSignal;
}
