/**
 * A line down the film, as it lies in one plate: what it adds to the picture is `amount` of its row times `profile` of the distance from
 * its middle. Its rows lie `pitch` plate pixels apart, and the first one's middle `pitch / 2` below `top`.
 */
export interface Scratch {
  readonly top: number;
  readonly pitch: number;
  /** Its middle in each row, plate columns. */
  readonly x: Float32Array;
  /** Odd in number, `pitch` apart, the middle one on the line; the largest is 1. */
  readonly profile: Float32Array;
  /** What it adds to R, G and B in each row, display-referred: three planes of as many as there are rows. */
  readonly amount: Float32Array;
}
