/** A reference still cannot be used. The message names the file, what was seen in it and what to give instead. */
export class StillError extends Error {
  override readonly name = 'StillError';
}
