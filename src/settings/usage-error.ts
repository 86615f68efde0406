/** The command line asks for something that there is not. The message says what was written, what was expected and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
