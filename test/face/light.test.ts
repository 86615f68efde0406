import { expect, test } from 'vitest';
import { bandOfPatch, bandOfPicture } from '../../src/face/band.ts';
import { rgbToLab } from '../../src/face/lalphabeta.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';
import { measureLight, smoothLight } from '../../src/face/light.ts';
import { insideDistance } from '../../src/face/matte.ts';
import type { RgbPicture } from '../../src/face/networks.ts';
import { BAND_DIRECTIONS, type Light } from '../../src/face/observation.ts';
import { faceOutline, outlineDirections } from '../../src/face/outline.ts';
import { observationQuality } from '../../src/face/pose.ts';
import { LEFT_EYE, LIPS_OUTER } from '../../src/face/regions.ts';
import { SKIN_TRIANGLES, skinSamples } from '../../src/face/skin.ts';
import { WIDEST_BLUR } from '../../src/motion/blur.ts';
import { gaussianBlur } from '../../src/motion/gaussian.ts';
import { gaussianNoise } from '../motion/texture.ts';
import { type Drawing, drawFace } from './drawn-face.ts';

const SIZE = 256;
const FACE: Drawing = { x: 128, y: 140, interOcular: 63 };
const SKIN = [200, 150, 120] as const;
const LIPS = [120, 40, 40] as const;

interface Look {
  readonly blur?: number;
  readonly grain?: number;
  readonly gain?: number;
  readonly around?: (x: number, y: number) => readonly number[];
}

/** Even skin inside the outline, dark eyes, red lips, and something around it. */
function paint(
  landmarks: Landmarks,
  { blur = 0, grain = 0, gain = 1, around = () => [60, 90, 140] }: Look = {},
): RgbPicture {
  const polygon = (loop: readonly number[]) =>
    Float32Array.from(loop.flatMap((i) => [landmarks[3 * i] as number, landmarks[3 * i + 1] as number]));
  const outline = faceOutline(landmarks);
  const lips = polygon(LIPS_OUTER);
  const eye = polygon(LEFT_EYE);
  const noise = gaussianNoise(5);
  const planes = [0, 1, 2].map((c) => {
    const samples = new Float32Array(SIZE * SIZE);
    for (let y = 0, i = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++, i++) {
        const inside = (p: Float32Array) => insideDistance(p, x + 0.5, y + 0.5) > 0;
        const colour = !inside(outline) ? around(x, y) : inside(lips) || inside(eye) ? LIPS : SKIN;
        samples[i] = colour[c] as number;
      }
    }
    return gaussianBlur({ width: SIZE, height: SIZE, samples }, blur).samples;
  });
  const rgb = new Uint8Array(3 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const speck = grain * noise();
    planes.forEach((plane, c) => {
      rgb[3 * i + c] = Math.min(255, Math.max(0, Math.round(gain * (plane[i] as number) + speck)));
    });
  }
  return { width: SIZE, height: SIZE, rgb };
}

test('exposure and colour are those of the skin, not of lips, eyes or background', () => {
  const face = drawFace(FACE);
  const light = measureLight(paint(face), face);
  const [r, g, b] = SKIN.map((v) => v / 255) as [number, number, number];
  expect(light.exposure).toBeCloseTo(0.2126 * r + 0.7152 * g + 0.0722 * b, 3);
  const lab = [0, 0, 0];
  rgbToLab(r, g, b, lab);
  lab.forEach((v, k) => {
    expect(light.colour[k]).toBeCloseTo(v, 3);
    expect(light.colour[3 + k]).toBeLessThan(0.01);
  });
});

test('the band is the light along the edge of the matte, by direction', () => {
  const face = drawFace(FACE);
  const { x: cx } = outlineDirections(face);
  const halves = (i: number) => (i % SIZE > cx ? [250, 0, 0] : [0, 0, 250]);
  const rgb = new Uint8Array(3 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) rgb.set(halves(i), 3 * i);
  const picture = { width: SIZE, height: SIZE, rgb };
  const band = bandOfPicture(picture, face);
  const at = (d: number) => [...band.slice(3 * d, 3 * d + 3)].map((v) => Math.round((v * 255) / 10) * 10);
  // Direction 0 points right, half way round left.
  expect(at(0)).toEqual([250, 0, 0]);
  expect(at(BAND_DIRECTIONS / 2)).toEqual([0, 0, 250]);
  expect(Math.abs((at(BAND_DIRECTIONS / 4)[0] as number) - (at(BAND_DIRECTIONS / 4)[2] as number))).toBeLessThan(130);
});

test('a patch has the same band as the picture it was cut from', () => {
  const face = drawFace(FACE);
  const picture = paint(face, { around: (x, y) => [x % 256, y % 256, 90] });
  const planar = new Float32Array(3 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    for (let c = 0; c < 3; c++) planar[c * SIZE * SIZE + i] = (picture.rgb[3 * i + c] as number) / 255;
  }
  const a = bandOfPicture(picture, face);
  const b = bandOfPatch(planar, SIZE, face);
  expect(Math.max(...a.map((v, k) => Math.abs(v - (b[k] as number))))).toBeLessThan(1e-5);
});

test.each([0.8, 1.6, 2.4])('a blur of %f pixels is measured', (blur) => {
  const face = drawFace(FACE);
  // What is painted has perfect edges; those of a face are soft of themselves.
  const light = measureLight(paint(face, { blur: Math.hypot(blur, 0.012 * FACE.interOcular), grain: 2 }), face);
  expect(light.blur).toBeGreaterThan(0.8 * blur);
  expect(light.blur).toBeLessThan(1.2 * blur);
});

test.each([2, 5])('grain of %i levels is measured', (grain) => {
  const face = drawFace(FACE);
  // What is painted has perfect edges; those of a face are soft of themselves.
  const light = measureLight(paint(face, { blur: 1, grain }), face);
  expect(light.grain * 255).toBeGreaterThan(0.85 * grain);
  expect(light.grain * 255).toBeLessThan(1.2 * grain);
});

test('a face that leaves the picture still has a light', () => {
  for (const place of [
    { x: -40, y: 20 },
    { x: 250, y: 250 },
    { x: 900, y: 900 },
  ]) {
    const face = drawFace({ ...FACE, ...place });
    const light = measureLight(paint(drawFace(FACE)), face);
    for (const v of [light.exposure, light.blur ?? 0, light.grain, ...light.colour, ...light.band])
      expect(v).toBeGreaterThan(-9);
  }
});

test('smoothing keeps the exposure, lets colour and band follow it, and steadies the rest', () => {
  const noise = gaussianNoise(11);
  const gains = Array.from({ length: 60 }, (_, t) => 1 + 0.05 * Math.sin(t * 1.7));
  const lights = gains.map((gain): Light => {
    const rgb = [0.6, 0.5, 0.4].map((v) => v * gain) as [number, number, number];
    const lab = [0, 0, 0];
    rgbToLab(...rgb, lab);
    return {
      exposure: 0.5 * gain,
      colour: [...lab.map((v) => v + 0.01 * noise()), 0.1, 0.02, 0.01],
      band: Float32Array.from({ length: 3 * BAND_DIRECTIONS }, () => 0.3 * gain * (1 + 0.05 * noise())),
      blur: 2 + 0.3 * noise(),
      grain: 0.02,
    };
  });
  const smoothed = smoothLight(lights, 4);
  const deviation = (values: number[]) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  };
  smoothed.forEach((light, t) => {
    expect(light.exposure).toBe(lights[t]?.exposure);
  });
  expect(deviation(smoothed.map((light, t) => (light.band[30] as number) / (gains[t] as number)))).toBeLessThan(
    0.3 * 0.05 * 0.4,
  );
  const l = smoothed.map((light, t) => (light.colour[0] as number) - Math.sqrt(3) * Math.log10(gains[t] as number));
  expect(deviation(l)).toBeLessThan(0.004);
  expect(deviation(smoothed.map((light) => light.blur))).toBeLessThan(0.15);
  expect(smoothLight(lights, 0)).toEqual(lights);
  expect(smoothLight(lights.slice(0, 1), 4)).toEqual(lights.slice(0, 1));
});

test('a frame without a measured blur has its neighbours’, and a face without any in all frames is out of focus', () => {
  const light = { exposure: 0.5, colour: [0, 0, 0, 1, 1, 1], band: new Float32Array(3 * BAND_DIRECTIONS), grain: 0 };
  const shot = Array.from({ length: 20 }, (_, t) => ({ ...light, blur: t > 5 && t < 9 ? null : 2 }));
  for (const sigma of [0, 1, 4]) for (const { blur } of smoothLight(shot, sigma)) expect(blur).toBeCloseTo(2, 9);
  expect(smoothLight([{ ...light, blur: null }], 4)[0]?.blur).toBe(WIDEST_BLUR);
});

test('a ramp of light stays a ramp: the filter has no lag', () => {
  const lights = Array.from(
    { length: 40 },
    (_, t): Light => ({
      exposure: 0.5,
      colour: [t, 0, 0, 0, 0, 0],
      band: new Float32Array(3 * BAND_DIRECTIONS).fill(t / 40),
      blur: t,
      grain: 0,
    }),
  );
  const smoothed = smoothLight(lights, 3);
  for (let t = 10; t < 30; t++) {
    expect(smoothed[t]?.blur).toBeCloseTo(t, 9);
    expect(smoothed[t]?.colour[0]).toBeCloseTo(t, 9);
    expect(smoothed[t]?.band[0]).toBeCloseTo(t / 40, 5);
  }
});

test('a small, a soft and a turned face have a lower quality', () => {
  const quality = (drawing: Drawing, look: Look = {}) => {
    const face = drawFace(drawing);
    return observationQuality(paint(face, look), face);
  };
  const best = quality({ ...FACE, interOcular: 75 }, { blur: 0.8 });
  expect(best).toBeGreaterThan(0.9);
  expect(quality({ ...FACE, interOcular: 20 }, { blur: 0.5 })).toBeCloseTo((20 - 10) / 14, 1);
  // A face of this size is recognised as well as a larger one.
  expect(quality({ ...FACE, interOcular: 28 }, { blur: 0.5 })).toBeGreaterThan(0.9);
  expect(quality({ ...FACE, interOcular: 75 }, { blur: 4 })).toBeLessThan(0.75);
  expect(quality({ ...FACE, interOcular: 75, yaw: 0.9 }, { blur: 0.8 })).toBeLessThan(0.7);
  expect(quality({ ...FACE, x: 900, y: 900 })).toBe(0);
});

test('skin is measured on cheeks and forehead, not on eyes, brows, lips or background', () => {
  const corners = [...SKIN_TRIANGLES];
  for (const i of [205, 425, 151, 5]) expect(corners).toContain(i);
  for (const i of [159, 386, 13, 14, 105, 334]) expect(corners).not.toContain(i);
  const face = drawFace(FACE);
  const outline = faceOutline(face);
  const spots = skinSamples(face);
  expect(spots.length / 3).toBeGreaterThan(100);
  for (let k = 0; k < spots.length; k += 3) {
    expect(insideDistance(outline, spots[k] as number, spots[k + 1] as number)).toBeGreaterThan(
      -0.12 * FACE.interOcular,
    );
  }
});
