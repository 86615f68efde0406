/** A picture as the sample reel's truth keeps it: display-referred. */
export interface RgbFrame {
  readonly width: number;
  readonly height: number;
  /** `Float32Array` of 3·width·height, planar R, G, B, 0 … 1. */
  readonly rgb: Float32Array;
}

/** The frame's code values: `Uint16Array` of 3·width·height, planar R, G, B, 0 … 2^bits − 1, rounded and clipped. */
export function codesOf(frame: RgbFrame, bits: number): Uint16Array {
  const top = 2 ** bits - 1;
  const codes = new Uint16Array(frame.rgb.length);
  for (let i = 0; i < codes.length; i++) {
    const code = (frame.rgb[i] as number) * top + 0.5;
    codes[i] = code < 0 ? 0 : Math.min(code, top);
  }
  return codes;
}

/** Planar code values of three components, each by itself; nothing is copied. */
export function planesOfCodes(codes: Uint16Array): Uint16Array[] {
  const pixels = codes.length / 3;
  return [0, 1, 2].map((k) => codes.subarray(k * pixels, (k + 1) * pixels));
}

/** The frame as 8-bit interleaved RGB: 3·width·height bytes, 0 … 255. */
export function bytesOf(frame: RgbFrame): Uint8Array {
  const planes = codesOf(frame, 8);
  const pixels = frame.width * frame.height;
  const bytes = new Uint8Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    bytes[3 * i] = planes[i] as number;
    bytes[3 * i + 1] = planes[pixels + i] as number;
    bytes[3 * i + 2] = planes[2 * pixels + i] as number;
  }
  return bytes;
}
