/** The input cannot be used as a reel: unreadable, inconsistent, or outside what was asked for. The message says what to do. */
export class ReelError extends Error {
  override readonly name = 'ReelError';
}
