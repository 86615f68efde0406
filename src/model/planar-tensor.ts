import type { PicturePort } from './port.ts';

/** How a picture lies in a tensor. */
type Placing = Pick<PicturePort, 'layout' | 'channels' | 'range'>;

/** Planar RGB of `pixels` pixels, 0 … 1, as a tensor; both `Float32Array` of 3·pixels. */
export function tensorOfPlanar(rgb: Float32Array, pixels: number, placing: Placing): Float32Array {
  const tensor = new Float32Array(3 * pixels);
  for (let c = 0; c < 3; c++) {
    const { start, step, low, gain } = placeOf(c, pixels, placing);
    for (let i = 0, o = start; i < pixels; i++, o += step) tensor[o] = low + gain * (rgb[c * pixels + i] as number);
  }
  return tensor;
}

/** A tensor as planar RGB, 0 … 1; the reverse of `tensorOfPlanar`. */
export function planarOfTensor(tensor: Float32Array, pixels: number, placing: Placing): Float32Array {
  const rgb = new Float32Array(3 * pixels);
  for (let c = 0; c < 3; c++) {
    const { start, step, low, gain } = placeOf(c, pixels, placing);
    for (let i = 0, o = start; i < pixels; i++, o += step) rgb[c * pixels + i] = ((tensor[o] as number) - low) / gain;
  }
  return rgb;
}

/** Where red, green or blue lies, what black is in it, and how far from it white. */
function placeOf(c: number, pixels: number, { layout, channels, range }: Placing) {
  const channel = channels === 'RGB' ? c : 2 - c;
  const [low, high] = (Array.isArray(range[0]) ? range[channel] : range) as [number, number];
  const place = layout === 'NHWC' ? { start: channel, step: 3 } : { start: channel * pixels, step: 1 };
  return { ...place, low, gain: high - low };
}
