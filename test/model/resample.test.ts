import { describe, expect, it } from 'vitest';
import type { RgbPicture } from '../../src/face/networks.ts';
import { IDENTITY } from '../../src/face/similarity.ts';
import type { PicturePort } from '../../src/model/port.ts';
import { resample } from '../../src/model/resample.ts';

const port = (side: number, change: Partial<PicturePort> = {}): PicturePort => ({
  kind: 'picture',
  name: 'x',
  type: 'float32',
  shape: [1, side, side, 3],
  layout: 'NHWC',
  channels: 'RGB',
  range: [0, 255],
  ...change,
});

function drawn(width: number, height: number, value: (x: number, y: number, c: number) => number): RgbPicture {
  const rgb = new Uint8Array(3 * width * height);
  for (let k = 0; k < rgb.length; k++) rgb[k] = value(Math.floor(k / 3) % width, Math.floor(k / 3 / width), k % 3);
  return { width, height, rgb };
}

const ramp = drawn(64, 64, (x, y, c) => (c === 0 ? 3 * x : c === 1 ? 2 * y : 100));
const deviation = (values: Float32Array) => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};

describe('laying a picture before a network', () => {
  it('takes pixels as they are where nothing is to be done', () => {
    expect([...resample(ramp, IDENTITY, port(64), 'repeat')]).toEqual([...ramp.rgb]);
  });

  it('puts layout, channel order and range as the port wants them', () => {
    const nchw = resample(
      ramp,
      IDENTITY,
      port(64, { shape: [1, 3, 64, 64], layout: 'NCHW', channels: 'BGR', range: [-1, 1] }),
      'repeat',
    );
    const at = 10 * 64 + 20;
    expect(nchw[at]).toBeCloseTo(100 / 127.5 - 1, 5);
    expect(nchw[64 * 64 + at]).toBeCloseTo(20 / 127.5 - 1, 5);
    expect(nchw[2 * 64 * 64 + at]).toBeCloseTo(60 / 127.5 - 1, 5);
  });

  it.each([0.5, 1.3, 2, 3.7])('keeps a ramp in place at a scale of %d, also turned', (scale) => {
    const turn = 0.3;
    const side = Math.floor(24 / scale);
    const [a, b] = [scale * Math.cos(turn), scale * Math.sin(turn)];
    const toPicture = { a, b, tx: 24, ty: 20 };
    const out = resample(ramp, toPicture, port(side), 'repeat');
    const k = Math.floor(side / 2);
    const x = a * (k + 0.5) - b * (k + 0.5) + 24;
    const y = b * (k + 0.5) + a * (k + 0.5) + 20;
    const at = 3 * (k * side + k);
    expect(Math.abs((out[at] as number) - 3 * (x - 0.5))).toBeLessThan(0.05);
    expect(Math.abs((out[at + 1] as number) - 2 * (y - 0.5))).toBeLessThan(0.05);
  });

  it('averages what is too fine instead of letting it alias: noise shrunk 8 times keeps about an eighth of its deviation', () => {
    let seed = 1;
    const noise = drawn(512, 512, () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed >>> 24;
    });
    const turn = 0.2;
    const toPicture = { a: 8 * Math.cos(turn), b: 8 * Math.sin(turn), tx: 100, ty: 50 };
    const out = resample(noise, toPicture, port(32), 'repeat');
    expect(deviation(out)).toBeLessThan((deviation(Float32Array.from(noise.rgb)) / 8) * 1.2);
  });

  it('is black beyond the edge, or repeats it', () => {
    const toPicture = { a: 1, b: 0, tx: -8, ty: 0 };
    expect(resample(ramp, toPicture, port(16), 'black')[2]).toBe(0);
    expect(resample(ramp, toPicture, port(16), 'repeat')[2]).toBe(100);
  });

  it('does not fail on a square that lies beside the picture', () => {
    const out = resample(ramp, { a: 4, b: 0, tx: 1000, ty: 1000 }, port(8), 'repeat');
    expect(out.every((v) => Number.isFinite(v))).toBe(true);
  });

  it.each([0.6, 1.3, 2.7, 6.2])(
    'samples an upright square as it does one that is turned by next to nothing, at a scale of %d',
    (scale) => {
      const noise = drawn(90, 70, (x, y, c) => (x * 7919 + y * 104729 + c * 31 + ((x * y) % 13) * 17) % 256);
      for (const edge of ['black', 'repeat'] as const) {
        const turnedBy = (b: number) => resample(noise, { a: scale, b, tx: -9.3, ty: 11.7 }, port(24), edge);
        const turned = turnedBy(1e-9);
        const worst = Math.max(...turnedBy(0).map((v, k) => Math.abs(v - (turned[k] as number))));
        expect(worst).toBeLessThan(1e-3);
      }
    },
  );
});
