/** ITU-R BT.709-6 §3.2: the shares of red, green and blue in luma. They sum to 1. */
export const RED_SHARE = 0.2126;
export const GREEN_SHARE = 0.7152;
export const BLUE_SHARE = 0.0722;

/** BT.709 luma of a colour, in the colour's own units. */
export function lumaOfColour(r: number, g: number, b: number): number {
  return RED_SHARE * r + GREEN_SHARE * g + BLUE_SHARE * b;
}
