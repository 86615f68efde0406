import type { RgbFrame } from './rgb-frame.ts';

/** Lays a grey `tone` over the pixel `at` by `share`, 0 … 1. `mask` gets 1 where the share is one that a viewer sees. */
export function blend(frame: RgbFrame, at: number, tone: number, share: number, mask?: Uint8Array): void {
  if (share <= 0) return;
  const pixels = frame.width * frame.height;
  for (let k = at; k < 3 * pixels; k += pixels) {
    frame.rgb[k] = (frame.rgb[k] as number) * (1 - share) + tone * share;
  }
  if (mask && share > 0.05) mask[at] = 1;
}
