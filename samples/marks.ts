import type { RgbFrame } from './rgb-frame.ts';

/** A round speck, its edge a pixel soft. `mask` gets 1 where it is seen. */
export function dot(
  frame: RgbFrame,
  x: number,
  y: number,
  radius: number,
  tone: number,
  strength: number,
  mask?: Uint8Array,
): void {
  for (let j = Math.max(0, Math.floor(y - radius - 1)); j < Math.min(frame.height, y + radius + 1); j++) {
    for (let i = Math.max(0, Math.floor(x - radius - 1)); i < Math.min(frame.width, x + radius + 1); i++) {
      const cover = strength * Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(i + 0.5 - x, j + 0.5 - y)));
      blend(frame, j * frame.width + i, tone, cover, mask);
    }
  }
}

/** Lays `tone` over a pixel by a share of 0 … 1. */
export function blend(frame: RgbFrame, at: number, tone: number, share: number, mask?: Uint8Array): void {
  if (share <= 0) return;
  const pixels = frame.width * frame.height;
  for (let k = at; k < 3 * pixels; k += pixels) {
    frame.rgb[k] = (frame.rgb[k] as number) * (1 - share) + tone * share;
  }
  if (mask && share > 0.05) mask[at] = 1;
}
