import { smoothstep } from '../src/film/interpolate.ts';
import { gaussianBlurred } from './blur.ts';
import { randomOf, seedOf } from './random.ts';
import type { Raster } from './resample.ts';

/** Sets to stand before, all drawn by code and out of focus. */
export type BackdropKind = 'studio' | 'night' | 'blinds' | 'hills' | 'corridor' | 'workshop';

type Colour = readonly [number, number, number];
type Paint = (x: number, y: number) => Colour;

/** Backdrop pixels a plate pixel: out of focus as they are, they lose nothing. */
export const BACKDROP_SCALE = 0.5;

/**
 * A set of `width` × `height` plate pixels, as interleaved RGB of 0 … 1 at `BACKDROP_SCALE`.
 *
 * `unit` is the plate's height: the set's features keep their share of the picture in every size of reel.
 */
export function backdrop(kind: BackdropKind, width: number, height: number, unit: number, seed: number): Raster {
  const w = Math.ceil(width * BACKDROP_SCALE);
  const h = Math.ceil(height * BACKDROP_SCALE);
  const paint = PAINTS[kind](seed, width / unit, height / unit);
  const data = new Float32Array(3 * w * h);
  for (let j = 0; j < h; j++) {
    for (let i = 0; i < w; i++) {
      const colour = paint((i + 0.5) / BACKDROP_SCALE / unit, (j + 0.5) / BACKDROP_SCALE / unit);
      data.set(colour, 3 * (j * w + i));
    }
  }
  return gaussianBlurred({ width: w, height: h, channels: 3, data }, BLUR[kind] * unit * BACKDROP_SCALE);
}

/** How far each set is out of focus: standard deviation over the plate's height. */
const BLUR: Readonly<Record<BackdropKind, number>> = {
  studio: 0.004,
  night: 0.005,
  blinds: 0.006,
  hills: 0.004,
  corridor: 0.006,
  workshop: 0.0022,
};

const PAINTS: Readonly<Record<BackdropKind, (seed: number, width: number, height: number) => Paint>> = {
  studio(seed) {
    return (x, y) => {
      const n = cloud(x * 3, y * 3, seed);
      const m = cloud(x * 1.3 + 7, y * 1.3, seed + 1);
      const glow = 1 - 0.35 * Math.hypot(x - 0.8, y - 0.45);
      return [(0.5 + 0.3 * n) * glow, (0.46 + 0.28 * n) * glow, (0.44 + 0.24 * n + 0.08 * m) * glow];
    };
  },
  night(seed, width, height) {
    const random = randomOf(seed, 21);
    const lights = Array.from({ length: 46 }, () => ({
      x: random.between(0, width),
      y: random.between(0, height * 0.8),
      radius: random.between(0.014, 0.04),
      colour: LAMPS[Math.floor(random.next() * LAMPS.length)] as Colour,
      power: random.between(0.25, 0.8),
    }));
    return (x, y) => {
      const n = cloud(x * 2.5, y * 2.5, seed);
      let [r, g, b] = [0.07 + 0.05 * n, 0.09 + 0.06 * n, 0.15 + 0.1 * n];
      for (const light of lights) {
        const d = Math.hypot(x - light.x, y - light.y) / light.radius;
        if (d > 1.15) continue;
        const on = light.power * (1 - smoothstep(0.9, 1.1, d)) * (0.75 + 0.25 * d);
        r += light.colour[0] * on;
        g += light.colour[1] * on;
        b += light.colour[2] * on;
      }
      return [r, g, b];
    };
  },
  blinds(seed, width) {
    const left = width * 0.5;
    return (x, y) => {
      const n = cloud(x * 5, y * 5, seed);
      const wall: Colour = [0.5 + 0.1 * n - 0.12 * y, 0.37 + 0.08 * n - 0.1 * y, 0.27 + 0.06 * n - 0.08 * y];
      const inside =
        smoothstep(left - 0.004, left + 0.004, x) * smoothstep(0.05, 0.06, y) * (1 - smoothstep(0.8, 0.81, y));
      const slat = 0.5 + 0.5 * Math.sin((y * 2 * Math.PI) / 0.042);
      const bar = smoothstep(0.006, 0.014, Math.abs(((x - left) % 0.36) - 0.18));
      const light = (0.35 + 0.55 * smoothstep(0.25, 0.7, slat)) * (0.4 + 0.6 * bar);
      return mix(wall, [0.98 * light, 0.95 * light, 0.86 * light], inside);
    };
  },
  hills(seed) {
    return (x, y) => {
      const sky = mix([0.5, 0.66, 0.86], [0.9, 0.88, 0.8], smoothstep(0, 0.6, y));
      const puffs = smoothstep(0.5, 0.8, cloud(x * 2, y * 5, seed)) * (1 - smoothstep(0.2, 0.5, y));
      let colour = mix(sky, [0.96, 0.95, 0.93], 0.7 * puffs);
      const ridges: ReadonlyArray<readonly [number, number, Colour]> = [
        [0.52, 1.7, [0.5, 0.58, 0.62]],
        [0.62, 2.9, [0.33, 0.44, 0.36]],
        [0.75, 5.1, [0.2, 0.3, 0.14]],
      ];
      for (const [level, rate, tone] of ridges) {
        const ridge = level - 0.16 * cloud(x * rate, level, seed + 3) + 0.012 * cloud(x * 40, level, seed + 4);
        const leaves = 0.75 + 0.5 * cloud(x * 22, y * 22, seed + 5);
        colour = mix(
          colour,
          [tone[0] * leaves, tone[1] * leaves, tone[2] * leaves],
          smoothstep(ridge - 0.004, ridge + 0.004, y),
        );
      }
      return colour;
    };
  },
  corridor(seed, width) {
    const [cx, cy] = [width * 0.4, 0.46];
    return (x, y) => {
      const dx = (x - cx) / 0.9;
      const dy = (y - cy) / 0.54;
      const depth = 1 / Math.max(0.12, Math.max(Math.abs(dx), Math.abs(dy)));
      const n = cloud(x * 6, y * 6, seed);
      const onWall = Math.abs(dx) > Math.abs(dy);
      const panel = 0.5 + 0.5 * Math.sin(depth * 5.5);
      const light = onWall
        ? 0.24 + 0.2 * panel
        : dy < 0
          ? 0.2 + 0.75 * smoothstep(0.75, 0.95, panel)
          : 0.13 + 0.07 * panel;
      const far = smoothstep(5, 8, depth);
      return mix([light * 0.82 + 0.04 * n, light * 0.95 + 0.04 * n, light + 0.05 * n], [0.75, 0.85, 0.82], far);
    };
  },
  workshop(seed, width, height) {
    const random = randomOf(seed, 22);
    const crates = Array.from({ length: 26 }, () => {
      const w = random.between(0.05, 0.22);
      const h = random.between(0.05, 0.28);
      const shelf = [0.34, 0.66, 0.98][Math.floor(random.next() * 3)] as number;
      const tone = random.between(0.15, 0.6);
      const hue = random.next();
      return {
        x: random.between(-0.1, width),
        y: shelf * Math.min(1, height) - h,
        w,
        h,
        colour: [tone, tone * (0.7 + 0.3 * hue), tone * (1 - 0.55 * hue)] as Colour,
      };
    });
    return (x, y) => {
      const n = cloud(x * 9, y * 9, seed);
      let colour: Colour = [0.2 + 0.06 * n, 0.21 + 0.06 * n, 0.22 + 0.06 * n];
      const shelf = [0.34, 0.66, 0.98].some((level) => y > level && y < level + 0.022);
      if (shelf) colour = [0.36 + 0.12 * cloud(x * 4, y * 60, seed), 0.25 + 0.08 * n, 0.15];
      for (const crate of crates) {
        const i = (x - crate.x) / crate.w;
        const j = (y - crate.y) / crate.h;
        if (i < 0 || i > 1 || j < 0 || j > 1) continue;
        const rim = Math.min(i * crate.w, (1 - i) * crate.w, j * crate.h, (1 - j) * crate.h) < 0.008 ? 0.7 : 1;
        const light = rim * (1.15 - 0.4 * i) * (0.85 + 0.3 * cloud(x * 30, y * 8, seed + 6));
        colour = [crate.colour[0] * light, crate.colour[1] * light, crate.colour[2] * light];
      }
      return colour;
    };
  },
};

const LAMPS: readonly Colour[] = [
  [1, 0.75, 0.4],
  [1, 0.55, 0.35],
  [0.55, 0.8, 1],
  [1, 0.9, 0.75],
  [0.5, 1, 0.75],
];

function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** Four octaves of value noise, 0 … 1. */
export function cloud(x: number, y: number, seed: number): number {
  let sum = 0;
  let gain = 0.5;
  let scale = 1;
  for (let octave = 0; octave < 4; octave++) {
    sum += gain * lattice(x * scale, y * scale, seed + octave);
    gain *= 0.5;
    scale *= 2.03;
  }
  return sum / 0.9375;
}

function lattice(x: number, y: number, seed: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const fx = smoothstep(0, 1, x - i);
  const fy = smoothstep(0, 1, y - j);
  const a = seedOf(i, j, seed);
  const b = seedOf(i + 1, j, seed);
  const c = seedOf(i, j + 1, seed);
  const d = seedOf(i + 1, j + 1, seed);
  return ((a + (b - a) * fx) * (1 - fy) + (c + (d - c) * fx) * fy) / 4294967296;
}
