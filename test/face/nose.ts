/** Bridge, tip, wings and base of the nose. */
export const NOSE: readonly number[] = [
  168, 6, 197, 195, 5, 4, 1, 19, 94, 2, 98, 97, 326, 327, 294, 278, 344, 440, 275, 45, 220, 115, 48, 64,
];
