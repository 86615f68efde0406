/**
 * Colours for shares of 0, ¼, ½, ¾ and 1, from black through red and orange to pale yellow. Each step is lighter, so that the
 * scale also reads in grey and to the colour-blind (after "inferno", van der Walt and Smith 2015).
 */
const STOPS = [
  [0, 0, 4],
  [87, 16, 110],
  [188, 55, 84],
  [249, 142, 9],
  [252, 255, 164],
] as const;

/** A plane of bytes as interleaved 8-bit RGB, dark = 0, pale = 255. */
export function heatOf(plane: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(3 * plane.length);
  for (let i = 0; i < plane.length; i++) {
    const at = ((plane[i] as number) / 255) * (STOPS.length - 1);
    const k = Math.min(STOPS.length - 2, Math.floor(at));
    const [low, high] = [STOPS[k] as readonly number[], STOPS[k + 1] as readonly number[]];
    for (let c = 0; c < 3; c++) {
      const from = low[c] as number;
      rgb[3 * i + c] = Math.round(from + (at - k) * ((high[c] as number) - from));
    }
  }
  return rgb;
}

/** The same as a CSS gradient, for the legend. */
export const HEAT_GRADIENT = `linear-gradient(90deg, ${STOPS.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;
