/** A still that cannot be decoded as it lies there. The message continues the sentence "`name` …" and has no full stop. */
export class DamagedStill extends Error {
  override readonly name = 'DamagedStill';
}
