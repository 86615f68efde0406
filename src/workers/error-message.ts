import { PUBLIC_ERRORS } from './public-errors.ts';

/** An error as it is posted from one thread to another. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own fields, such as the port that a `ContractError` names, or the `code` of a system error. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause?: CauseMessage;
}

type CauseMessage = { readonly error: ErrorMessage } | { readonly value: unknown };

/** Causes that are kept: a longer chain tells nobody anything, and one may run in a circle. */
const MOST_CAUSES = 8;

/** What was thrown, whatever it is, as a message. Fields that cannot be posted, such as functions, are left out. */
export function errorMessage(thrown: unknown, causes = MOST_CAUSES): ErrorMessage {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown), stack: undefined, fields: {} };
  const { name, message, stack, cause } = thrown;
  const own = Object.entries(thrown).filter(([key, value]) => !STATED.has(key) && isPostable(value));
  return {
    name,
    message,
    stack,
    fields: Object.fromEntries(own),
    ...(cause === undefined || causes === 0 ? {} : { cause: causeMessage(cause, causes - 1) }),
  };
}

/** The error that a message tells of: of its own class where that is public, else an `Error` of its name. */
export function errorOf({ name, message, stack, fields, cause }: ErrorMessage): Error {
  const error = new Error(message, cause && { cause: 'error' in cause ? errorOf(cause.error) : cause.value });
  const known = PUBLIC_ERRORS.get(name);
  // Not constructed: each class takes other arguments, and what they were made into is here already.
  if (known) Object.setPrototypeOf(error, known.prototype);
  if (stack !== undefined) error.stack = stack;
  return Object.assign(error, { name }, fields);
}

/** What an error's message states by itself. */
const STATED: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause']);

function causeMessage(cause: unknown, causes: number): CauseMessage {
  if (cause instanceof Error) return { error: errorMessage(cause, causes) };
  return { value: isPostable(cause) ? cause : String(cause) };
}

function isPostable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
