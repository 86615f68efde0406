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
  /** 128 and the number of SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Errors that the user can correct in the input, by name, since they come from several rooms. */
const INPUT_ERRORS = new Set(['LicenceError', 'UsageError', 'PresetError', 'ReelError', 'ShotListError', 'StillError']);

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  return error instanceof Error && INPUT_ERRORS.has(error.name) ? EXIT.usage : EXIT.failed;
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
  if (PUBLIC_ERRORS.has(error.name)) return `reelmend: ${error.message}`;
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
