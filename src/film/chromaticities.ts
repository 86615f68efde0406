/** CIE xy of red, green, blue and white. */
export type Chromaticities = Readonly<Record<'red' | 'green' | 'blue' | 'white', readonly [x: number, y: number]>>;

const D65 = [0.3127, 0.329] as const;

/** By ffmpeg's names of primaries: ITU-T H.273 table 2. */
const KNOWN: Readonly<Record<string, Chromaticities>> = {
  bt709: { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: D65 },
  bt470bg: { red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06], white: D65 },
  smpte170m: { red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07], white: D65 },
  smpte240m: { red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07], white: D65 },
  bt2020: { red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046], white: D65 },
  smpte431: { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06], white: [0.314, 0.351] },
  smpte432: { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06], white: D65 },
};

/** The chromaticities of tagged primaries; undefined for others and for none. */
export function chromaticitiesOf(primaries: string | undefined): Chromaticities | undefined {
  return primaries === undefined ? undefined : KNOWN[primaries];
}
