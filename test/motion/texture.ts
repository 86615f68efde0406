import type { Luma } from '../../src/motion/luma.ts';

/** Seeded random numbers in 0 … 1 (mulberry32, Tommy Ettinger, public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Seeded normal deviates (Box and Muller 1958). */
export function gaussianNoise(seed: number): () => number {
  const random = mulberry32(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A picture without an edge, known at every real coordinate: waves of 7 to 80 pixels, 0.1 … 0.9. */
export function texture(seed: number): (x: number, y: number) => number {
  const random = mulberry32(seed);
  const waves = Array.from({ length: 24 }, () => {
    const wavelength = 7 * (80 / 7) ** random();
    const angle = random() * Math.PI * 2;
    return {
      u: (Math.cos(angle) * 2 * Math.PI) / wavelength,
      v: (Math.sin(angle) * 2 * Math.PI) / wavelength,
      phase: random() * 2 * Math.PI,
      weight: Math.sqrt(wavelength),
    };
  });
  const total = Math.sqrt(waves.reduce((sum, w) => sum + w.weight ** 2, 0) / 2);
  return (x, y) => {
    let sum = 0;
    for (const w of waves) sum += w.weight * Math.sin(w.u * x + w.v * y + w.phase);
    return Math.min(0.9, Math.max(0.1, 0.5 + (0.15 * sum) / total));
  };
}

/** The picture whose pixel centred at (x, y) has the value `at(x, y)`. */
export function pictureOf(width: number, height: number, at: (x: number, y: number) => number): Luma {
  const samples = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) samples[i] = at(x + 0.5, y + 0.5);
  return { width, height, samples };
}

/** The picture with white Gaussian noise of standard deviation `sigma` added. */
export function withNoise(luma: Luma, sigma: number, seed: number): Luma {
  const noise = gaussianNoise(seed);
  return { ...luma, samples: luma.samples.map((v) => v + sigma * noise()) };
}
