/** A picture of whole code values, to be written into a still. */
export interface CodePicture {
  readonly width: number;
  readonly height: number;
  /** Of a code: 0 is black, 2^bits − 1 white. */
  readonly bits: 8 | 10 | 12 | 16;
  /** One plane of luma, or red, green and blue, or those and alpha: width · height codes each. */
  readonly planes: readonly Uint16Array[];
}

/** @throws TypeError where planes are missing or do not fill the picture */
export function checkPlanes({ width, height, planes }: CodePicture): void {
  if (![1, 3, 4].includes(planes.length))
    throw new TypeError(`A picture of 1, 3 or 4 planes was expected, got ${planes.length}.`);
  const wrong = planes.find((plane) => plane.length !== width * height);
  if (wrong)
    throw new TypeError(`A plane of a ${width}×${height} picture has ${width * height} codes; got ${wrong.length}.`);
}
