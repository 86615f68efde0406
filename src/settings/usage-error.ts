/** The command line cannot be understood. The message says what was written, what was expected and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
