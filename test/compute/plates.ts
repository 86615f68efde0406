import { type Plane, type Plate, planesOf } from '../../src/film/plate.ts';
import { pictureBytes, planeSize, type SampleFormat, sampleFormat } from '../../src/film/sample-format.ts';
import { mulberry32 } from '../motion/texture.ts';

/** One format of each layout and depth that a reel may have. */
export const FORMATS: readonly string[] = [
  'yuv410p',
  'yuv411p',
  'yuv420p',
  'yuv422p',
  'yuv440p',
  'yuv444p',
  'yuva420p',
  'yuv420p10le',
  'yuv422p10le',
  'yuv444p12le',
  'yuva444p16le',
  'gbrp',
  'gbrap',
  'gbrp10le',
  'gbrp16le',
  'gbrpf32le',
  'gray',
  'gray12le',
  'gray16le',
  'grayf32le',
];

/** A plate whose every sample is drawn at random over the whole range of its format. */
export function noisePlate(name: string, width: number, height: number, seed = 1): Plate {
  const random = mulberry32(seed);
  const plate = blankPlate(name, width, height);
  const max = 2 ** plate.format.bits;
  for (const { samples } of planes(plate)) {
    for (let i = 0; i < samples.length; i++) {
      samples[i] = plate.format.kind === 'float' ? random() * 3 - 0.5 : Math.floor(random() * max);
    }
  }
  return plate;
}

/** A plate whose plane `k` holds `value(k, x, y)`, x and y in the plane's own samples. */
export function drawnPlate(
  name: string,
  width: number,
  height: number,
  value: (k: number, x: number, y: number) => number,
): Plate {
  const plate = blankPlate(name, width, height);
  planes(plate).forEach(({ samples, width: across }, k) => {
    for (let i = 0; i < samples.length; i++) samples[i] = value(k, i % across, Math.floor(i / across));
  });
  return plate;
}

export function planes(plate: Plate): Plane[] {
  return planesOf(plate.format, plate.bytes, plate.width, plate.height);
}

function blankPlate(name: string, width: number, height: number): Plate {
  const format = sampleFormat(name);
  return { frame: 0, format, width, height, bytes: new Uint8Array(pictureBytes(format, width, height)) };
}

/** A round matte about the middle of a patch, 1 within half of `radius` (patch pixels) and 0 beyond it. */
export function roundMatte(size: number, radius: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => {
    const d = Math.hypot((i % size) + 0.5 - size / 2, Math.floor(i / size) + 0.5 - size / 2) / radius;
    return Math.min(1, Math.max(0, 2 - 2 * d));
  });
}

/** For each plane the indices of its samples none of whose pixels has a matte above 0, by the plainest of loops. */
export function outside(format: SampleFormat, width: number, height: number, matte: Uint16Array): number[][] {
  return format.planes.map((plane) => {
    const size = planeSize(plane, width, height);
    const inside = new Set<number>();
    matte.forEach((alpha, i) => {
      const x = (i % width) >> plane.shiftX;
      const y = Math.floor(i / width) >> plane.shiftY;
      if (alpha > 0) inside.add(y * size.width + x);
    });
    return Array.from({ length: size.width * size.height }, (_, i) => i).filter((i) => !inside.has(i));
  });
}
