/** A still that cannot be decoded as it lies there. The message continues the sentence "`name` …" and has no full stop. */
export class DamagedStill extends Error {
  override readonly name: string = 'DamagedStill';
}

/** A still that may well be whole, but is of a layout that is not read. The message says which, and in what form it would be. */
export class UnsupportedStill extends DamagedStill {
  override readonly name = 'UnsupportedStill';
}
