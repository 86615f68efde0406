import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { type Plate, planesOf } from '../../src/film/plate.ts';
import { meanSquaredError } from '../../src/metrics/psnr.ts';
import { ssim } from '../../src/metrics/ssim.ts';
import type { Luma } from '../../src/motion/luma.ts';
import type { TruthRegions } from './truth-regions.ts';

/** How near a frame is to its clean truth, region by region. */
export interface PictureScore {
  /** Mean squared errors, 0 … 1; they add up over frames, decibels do not. NaN where a region is empty. */
  readonly face: number;
  readonly eyes: number;
  readonly mouth: number;
  readonly ssim: number;
}

export function pictureScore(frame: RgbFrame, clean: RgbFrame, regions: TruthRegions): PictureScore {
  const error = (mask: Uint8Array) => meanSquaredError(frame.rgb, clean.rgb, mask);
  const box = boundsOf(regions.face, frame.width, frame.height);
  return {
    face: error(regions.face),
    eyes: error(regions.eyes),
    mouth: error(regions.mouth),
    ssim: box
      ? ssim(crop(lumaOfFrame(frame), box), crop(lumaOfFrame(clean), box), cropMask(regions.face, frame.width, box))
      : Number.NaN,
  };
}

/** Peak signal-to-noise ratio of frames together, dB, from their mean squared errors; frames without the region do not count. */
export function decibels(errors: readonly number[]): number {
  const there = errors.filter((error) => !Number.isNaN(error));
  return 10 * Math.log10(there.length / there.reduce((sum, error) => sum + error, 0));
}

/** A plate of RGB as numbers 0 … 1. */
export function rgbOfPlate({ format, bytes, width, height }: Plate): RgbFrame {
  if (format.model !== 'rgb') throw new TypeError(`RGB was expected, but the plate is ${format.name}.`);
  const planes = planesOf(format, bytes, width, height);
  const scale = format.kind === 'float' ? 1 : 1 / (2 ** format.bits - 1);
  const rgb = new Float32Array(3 * width * height);
  (['R', 'G', 'B'] as const).forEach((component, k) => {
    const samples = planes[format.planes.findIndex((plane) => plane.component === component)]?.samples ?? [];
    const base = k * width * height;
    for (let i = 0; i < samples.length; i++) rgb[base + i] = (samples[i] as number) * scale;
  });
  return { width, height, rgb };
}

/** Luma by ITU-R BT.709-6 §3.2. */
export function lumaOfFrame({ width, height, rgb }: RgbFrame): Luma {
  const pixels = width * height;
  const samples = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    samples[i] =
      0.2126 * (rgb[i] as number) + 0.7152 * (rgb[pixels + i] as number) + 0.0722 * (rgb[2 * pixels + i] as number);
  }
  return { width, height, samples };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Half the window of SSIM, so that a crop changes nothing. */
const MARGIN = 6;

function boundsOf(mask: Uint8Array, width: number, height: number): Box | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    const x = i % width;
    const y = Math.floor(i / width);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (right < 0) return null;
  const x = Math.max(0, left - MARGIN);
  const y = Math.max(0, top - MARGIN);
  return { x, y, width: Math.min(width, right + MARGIN + 1) - x, height: Math.min(height, bottom + MARGIN + 1) - y };
}

function crop({ width, samples }: Luma, box: Box): Luma {
  const out = new Float32Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const start = (box.y + y) * width + box.x;
    out.set(samples.subarray(start, start + box.width), y * box.width);
  }
  return { width: box.width, height: box.height, samples: out };
}

function cropMask(mask: Uint8Array, width: number, box: Box): Uint8Array {
  const out = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const start = (box.y + y) * width + box.x;
    out.set(mask.subarray(start, start + box.width), y * box.width);
  }
  return out;
}
