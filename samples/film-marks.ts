import { cloud } from './backdrop.ts';
import { blend } from './marks.ts';
import { noiseAt, type Random, randomOf } from './random.ts';
import type { RgbFrame } from './rgb-frame.ts';

/** A scratch down the film. */
export interface FilmLine {
  /** Where it runs, from the plate's left over the plate's height. */
  readonly at: number;
  /** 0 = black: dirt in the emulsion; 1 = white: no emulsion left. */
  readonly tone: number;
  /** Standard deviation of its core, pixels of a plate 540 pixels high. */
  readonly width: number;
  /** How far it wanders to either side, pixels of a plate 540 pixels high. */
  readonly wander: number;
  /** Frames of the shot, half-open. */
  readonly in: number;
  readonly out: number;
}

/** Where and by what chance a frame is worn. */
export interface MarkedFrame {
  readonly frame: RgbFrame;
  /** Frame of the shot, and of the reel. */
  readonly t: number;
  readonly index: number;
  readonly seed: number;
  readonly mask: Uint8Array | undefined;
}

/** What a length of one pixel on a plate 540 pixels high is here, pixels. */
export function unitOf({ height }: RgbFrame): number {
  return height / 540;
}

/** A scratch of the projector's: a bright or dark core between fainter edges of the other tone, broken where it was shallow. */
export function addLine(line: FilmLine, k: number, { frame, t, index, seed, mask }: MarkedFrame): void {
  if (t < line.in || t >= line.out) return;
  const { width, height } = frame;
  const unit = unitOf(frame);
  const random = randomOf(seed, 73, k, index);
  const x = line.at * height + unit * (line.wander * (2 * noiseAt(t / 9, seed, 74, k) - 1) + 0.35 * random.normal());
  const depth = 0.5 + 0.45 * noiseAt(t / 3, seed, 75, k);
  const core = Math.max(0.5, unit * line.width);
  const reach = 3.5 * core + 1;
  // The scratch runs on from frame to frame: what lies at the foot of one lies at the head of the next.
  for (let y = 0; y < height; y++) {
    const along = t + y / height;
    const bend = x + unit * 3 * (noiseAt(along * 1.3, seed, 76, k) - 0.5);
    const skip = noiseAt(along * 9, seed, 77, k);
    const cover =
      depth *
      Math.min(1, Math.max(0, 2.6 * skip - 0.25)) *
      (0.82 + 0.25 * noiseAt(y / (2.5 * unit), seed, 79, k, index));
    if (cover <= 0) continue;
    for (let i = Math.max(0, Math.floor(bend - reach)); i < Math.min(width, bend + reach + 1); i++) {
      const d = (i + 0.5 - bend) / core;
      const at = y * width + i;
      blend(frame, at, 1 - line.tone, 0.22 * cover * Math.exp(-((Math.abs(d) - 2.1) ** 2) / 0.9), mask);
      blend(frame, at, line.tone, Math.min(1, cover * Math.exp((-d * d) / 2)), mask);
    }
  }
}

/** A short scratch of a single frame. */
export function addStreak(random: Random, { frame, mask }: MarkedFrame): void {
  const { width, height } = frame;
  const unit = unitOf(frame);
  const x = random.between(0, width);
  const length = unit * 12 * (1 - random.next()) ** -0.9;
  const from = random.between(-0.3 * length, height);
  const tone = random.next() < 0.75 ? 0.95 : 0.1;
  const depth = random.between(0.25, 0.8);
  const slant = 0.02 * random.normal();
  const core = unit * random.between(0.45, 0.8);
  for (let y = Math.max(0, Math.floor(from)); y < Math.min(height, from + length); y++) {
    const middle = x + slant * (y - from);
    const taper = Math.sin((Math.PI * (y + 0.5 - from)) / length);
    for (let i = Math.max(0, Math.floor(middle - 3)); i < Math.min(width, middle + 4); i++) {
      const d = (i + 0.5 - middle) / core;
      blend(frame, y * width + i, tone, depth * Math.max(0, taper) * Math.exp((-d * d) / 2), mask);
    }
  }
}

/** Dust: white where it lay on the negative, black where it lies on the print; many small specks, few large ones. */
export function addSpeck(random: Random, { frame, index, seed, mask }: MarkedFrame): void {
  const { width, height } = frame;
  const unit = unitOf(frame);
  const tone = random.next() < 0.68 ? random.between(0.85, 1) : random.between(0.03, 0.16);
  const radius = unit * Math.min(7, 0.75 * (1 - random.next()) ** -0.6);
  const [x, y] = [random.between(0, width), random.between(0, height)];
  const strength = random.between(0.5, 0.95);
  const stretch = 1 + 1.1 * random.next();
  const turn = random.between(0, Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const crumb = random.between(0, 1000);
  const reach = 2.6 * radius + 1;
  for (let j = Math.max(0, Math.floor(y - reach)); j < Math.min(height, y + reach); j++) {
    for (let i = Math.max(0, Math.floor(x - reach)); i < Math.min(width, x + reach); i++) {
      const [dx, dy] = [i + 0.5 - x, j + 0.5 - y];
      const [u, v] = [(cos * dx + sin * dy) / stretch, cos * dy - sin * dx];
      // Crumbled as a cloud is: thin places are seen through.
      const thick = cloud(crumb + (1.1 * u) / radius, (1.1 * v) / radius, seed + index);
      const edge = radius * (0.25 + 1.5 * thick) + 0.4 - Math.hypot(u, v);
      const cover = strength * Math.min(1, Math.max(0, 0.75 * edge));
      blend(frame, j * width + i, tone, cover, mask);
    }
  }
}

/** A fibre: mostly dark, curled, of any length. */
export function addHair(random: Random, { frame, mask }: MarkedFrame): void {
  const { width, height } = frame;
  const unit = unitOf(frame);
  const tone = random.next() < 0.7 ? 0.05 : 0.95;
  const length = unit * random.between(15, 130);
  const core = unit * random.between(0.55, 1.1);
  const depth = random.between(0.6, 0.95);
  let [x, y] = [random.between(0, width), random.between(0, height)];
  let angle = random.between(0, 2 * Math.PI);
  let curl = 0.03 * random.normal();
  const covers = new Map<number, number>();
  for (let s = 0; s < length; s += 0.5) {
    const taper = Math.min(1, 0.4 + (6 * Math.min(s, length - s)) / length);
    for (let j = Math.floor(y - 3 * core); j <= y + 3 * core; j++) {
      for (let i = Math.floor(x - 3 * core); i <= x + 3 * core; i++) {
        if (i < 0 || j < 0 || i >= width || j >= height) continue;
        const d = Math.hypot(i + 0.5 - x, j + 0.5 - y) / core;
        const at = j * width + i;
        covers.set(at, Math.max(covers.get(at) ?? 0, depth * taper * Math.exp((-d * d) / 2)));
      }
    }
    // It springs back: no fibre winds itself into a coil.
    curl += 0.006 * random.normal() - 0.01 * curl;
    angle += 0.5 * curl;
    x += 0.5 * Math.cos(angle);
    y += 0.5 * Math.sin(angle);
  }
  for (const [at, cover] of covers) blend(frame, at, tone, cover, mask);
}

/** What glue has left at a splice: a bar along the cut, and pale rings that have crept into the frames beside it. */
export function addSplice(splice: number, { frame, t, index, seed, mask }: MarkedFrame): void {
  const before = t === splice - 1;
  if (!before && t !== splice) return;
  const { width, height } = frame;
  const unit = unitOf(frame);
  const random = randomOf(seed, 78, index);
  const blots = Array.from({ length: 6 }, () => ({
    x: random.between(0, width),
    y: (before ? height : 0) + unit * 30 * random.normal(),
    radius: unit * random.between(40, 170),
  }));
  for (let y = 0; y < height; y++) {
    const toCut = before ? height - y - 0.5 : y + 0.5;
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      // How deep a pixel lies in the stain, pixels: the blots flow into each other, and their edge is ragged by half a radius.
      const near = blots.filter(({ x: bx, y: by, radius }) => Math.hypot(x - bx, y - by) < 1.5 * radius + 2 * unit);
      if (near.length > 0) {
        const ragged = cloud(x / (70 * unit), y / (70 * unit), seed + index) - 0.5;
        const depths = near.map((blot) => blot.radius * (1 + ragged) - Math.hypot(x - blot.x, y - blot.y));
        const depth = Math.max(...depths);
        blend(frame, at, 0.85, 0.2 * Math.min(1, Math.max(0, depth / (3 * unit))) * (0.6 + ragged), mask);
        blend(frame, at, 0.1, 0.34 * Math.exp(-((depth / (1.6 * unit)) ** 2)) * (0.5 + ragged), mask);
      }
      if (toCut < 9 * unit) blend(frame, at, 0.93, 0.75 * Math.min(1, (9 * unit - toCut) / unit), mask);
    }
  }
}
