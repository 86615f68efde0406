/** A colour's place in CIE 1931, in steps of 0.00002. */
export type Chromaticity = readonly [x: number, y: number];

/** The display that a movie was graded on (SMPTE ST 2086). */
export interface MasteringDisplay {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
  /** Steps of 0.0001 cd/m². */
  readonly luminance: { readonly max: number; readonly min: number };
}

/** What HDR10 states of a whole movie; absent where it does not. */
export interface Hdr10 {
  readonly mastering?: MasteringDisplay;
  /** Brightest pixel, and brightest mean of a frame, cd/m² (CTA-861-H). */
  readonly light?: { readonly max: number; readonly average: number };
}

/** As x264 and x265 write it: `G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min)`. */
export function describeMastering({ red, green, blue, white, luminance }: MasteringDisplay): string {
  return `G(${green})B(${blue})R(${red})WP(${white})L(${luminance.max},${luminance.min})`;
}

/** For people, in the encoders' own words. */
export function describeHdr10({ mastering, light }: Hdr10): string {
  const parts = [
    ...(mastering ? [`mastering display ${describeMastering(mastering)}`] : []),
    ...(light ? [`light levels ${light.max},${light.average}`] : []),
  ];
  return parts.join(' and ');
}
