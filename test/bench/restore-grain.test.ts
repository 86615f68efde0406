import { describe, expect, it } from 'vitest';
import { grainTile } from '../../samples/wear.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { type GrainMeter, grainMeter, octaveDifference } from './restore-grain.ts';

const SIDE = 160;
const tile = grainTile(9);
const everywhere = new Uint8Array(SIDE * SIDE).fill(1);
const none: Luma = { width: SIDE, height: SIDE, samples: new Float32Array(SIDE * SIDE) };
const asItIs = ({ samples }: Luma) => samples;

/** Grain of 6 levels and 0.8 pixels; every `offset` gives another piece of it. */
function grain(offset: number, level = 6): Luma {
  const samples = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const at = ((Math.floor(i / SIDE) + 170 * offset) % 1024) * 1024 + (i % SIDE) + 37 * offset;
    return ((tile[at] as number) * level) / 255;
  });
  return { width: SIDE, height: SIDE, samples };
}

function readOf(push: (meter: GrainMeter) => void) {
  const meter = grainMeter();
  push(meter);
  return meter.read();
}

describe('the grain meter', () => {
  const film = readOf((meter) => {
    for (let t = 0; t < 5; t++) meter.push(grain(t), none, everywhere, asItIs);
  });

  it('reads the deviation of grain but for the part that is coarser than its octaves, and no correlation where every frame has its own', () => {
    expect(film.deviation).toBeGreaterThan(5.5);
    expect(film.deviation).toBeLessThan(6.3);
    expect(Math.abs(film.lag1)).toBeLessThan(0.03);
    expect(film.octaves[0]).toBeGreaterThan(film.octaves[2]);
  });

  it('tells frozen grain by its correlation', () => {
    const frozen = readOf((meter) => {
      for (let t = 0; t < 3; t++) meter.push(grain(1), none, everywhere, asItIs);
    });
    expect(frozen.lag1).toBeCloseTo(1, 5);
  });

  it('tells weaker grain by 6 dB where half of it is gone', () => {
    const weaker = readOf((meter) => {
      for (let t = 0; t < 5; t++) meter.push(grain(t, 3), none, everywhere, asItIs);
    });
    expect(octaveDifference(weaker, film)).toBeCloseTo(6.02, 1);
  });

  it('does not take detail that was restored for grain', () => {
    const detail = grain(3, 5);
    const restored = readOf((meter) => {
      for (let t = 10; t < 15; t++) {
        const { samples } = grain(t);
        const sharper = samples.map((v, i) => v + 0.7 * (detail.samples[i] as number));
        meter.push({ ...detail, samples: sharper }, detail, everywhere, asItIs);
      }
    });
    expect(restored.deviation / film.deviation).toBeCloseTo(1, 1);
    expect(Math.abs(restored.lag1)).toBeLessThan(0.03);
  });

  it('reads only where it is told to', () => {
    const half = everywhere.map((_, i) => (i % SIDE < SIDE / 2 ? 1 : 0));
    const dirty = readOf((meter) => {
      const picture = grain(0);
      for (let i = 0; i < half.length; i++) if (i % SIDE > 0.75 * SIDE) picture.samples[i] = 1;
      meter.push(picture, none, half, asItIs);
    });
    expect(dirty.deviation).toBeLessThan(6.5);
  });
});
