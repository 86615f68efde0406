import { CommanderError } from 'commander';
import { PUBLIC_ERRORS } from '../workers/public-errors.ts';

/** How a command ended, as the shell sees it. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Wrong usage, or an input that cannot be read. */
  usage: 2,
  /** Done, but more frames were damaged and passed through than allowed. */
  manyIsolated: 3,
  /** Of a step: its input is damaged, and trying again does not help; `EX_DATAERR` of sysexits.h. */
  damaged: 65,
  /** Of a step: not now, or not on this machine; `EX_TEMPFAIL` of sysexits.h. */
  tryAgain: 75,
  /** 128 and the number of SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Errors that the user can correct in the input, by name, since they come from several rooms. */
const INPUT_ERRORS = new Set(['LicenceError', 'UsageError', 'PresetError', 'ReelError', 'ShotListError', 'StillError']);

/** Errors of rooms above those whose errors cross threads, by name; written for people, too. */
const TOLD_ERRORS = new Set(['BackupError', 'OrderError', 'QueueError', 'StepRefused']);

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof Error && error.name === 'StepRefused') return EXIT.tryAgain;
  return error instanceof Error && INPUT_ERRORS.has(error.name) ? EXIT.usage : EXIT.failed;
}

/** The same of a step, for a job engine: an input that cannot be used is told from a wrong command line. */
export function stepExitCodeOf(error: unknown): ExitCode {
  const code = exitCodeOf(error);
  const isInput = error instanceof Error && INPUT_ERRORS.has(error.name) && error.name !== 'UsageError';
  return isInput ? EXIT.damaged : code;
}

/** True where commander has already written the help, because no command was given. */
export function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.code === 'commander.help';
}

/** The error in one sentence, or a few; with its stack where `debug` asks for it. */
export function sentenceOf(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return `reelmend: ${String(error)}`;
  if (debug) return `reelmend: ${stackOf(error)}`;
  if (error instanceof CommanderError) return `reelmend: ${fromCommander(error.message)}`;
  // These errors are written for people; any other is a fault of Reelmend's own.
  if (PUBLIC_ERRORS.has(error.name) || TOLD_ERRORS.has(error.name)) return `reelmend: ${error.message}`;
  return `reelmend: something went wrong that should not: ${error.message} (set REELMEND_DEBUG=1 to see where).`;
}

function stackOf(error: Error): string {
  const causes = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${causes}`;
}

/** `error: unknown option '--aut'\n(Did you mean --out?)` as a sentence. */
function fromCommander(message: string): string {
  const [problem = '', hint] = message.replace(/^error: /, '').split('\n');
  const advice = hint?.replace(/^\(|\)$/g, '') ?? 'Add --help to see what there is.';
  return `${problem.replace(/\.$/, '')}. ${advice}`;
}
