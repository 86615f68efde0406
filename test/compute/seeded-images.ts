import type { Compute } from '../../src/compute/compute.ts';
import type { Image } from '../../src/compute/image.ts';
import { gaussianNoise, pictureOf, texture } from '../motion/texture.ts';

/** A smooth picture with grain of deviation `grain`, three planes that differ, moved by (`dx`, `dy`) pixels. */
export function seededRgb(size: number, seed: number, grain = 0.02, dx = 0, dy = 0): Float32Array {
  return seededPlanes(3, size, seed, grain, dx, dy);
}

/** One plane of the same. */
export function seededPlane(size: number, seed: number, grain = 0.02): Float32Array {
  return seededPlanes(1, size, seed, grain, 0, 0);
}

function seededPlanes(planes: number, size: number, seed: number, grain: number, dx: number, dy: number): Float32Array {
  const at = texture(seed);
  const noise = gaussianNoise(seed + 100);
  const { samples } = pictureOf(size, size, (x, y) => at(x - dx, y - dy));
  return Float32Array.from(
    { length: planes * size * size },
    (_, i) => (1 - 0.15 * Math.floor(i / samples.length)) * (samples[i % samples.length] as number) + grain * noise(),
  );
}

/** 1 inside a disc about the middle, with a rim of half a pixel where it is ½; else 0. */
export function disc(size: number, radius: number): Float32Array {
  return pictureOf(size, size, (x, y) => {
    const beyond = Math.hypot(x - size / 2, y - size / 2) - radius;
    return beyond < -0.25 ? 1 : beyond < 0.25 ? 0.5 : 0;
  }).samples;
}

/** A square image of one plane or three. */
export function squareOf(compute: Compute, samples: Float32Array): Image {
  const planes = Number.isInteger(Math.sqrt(samples.length)) ? 1 : 3;
  const size = Math.sqrt(samples.length / planes);
  return compute.image(samples, size, size, planes);
}

/** Square planes as those of one image. */
export function stackOf(compute: Compute, planes: readonly Float32Array[]): Image {
  const [first] = planes as [Float32Array];
  const size = Math.sqrt(first.length);
  return compute.image(Float32Array.from(planes.flatMap((plane) => [...plane])), size, size, planes.length);
}

/** Square frames of 3 planes each as those of one image. */
export function framesOf(compute: Compute, frames: readonly Float32Array[], size: number): Image {
  const samples = Float32Array.from(frames.flatMap((frame) => [...frame]));
  return compute.image(samples, size, size, 3 * frames.length);
}

/** What an image holds; it is closed. */
export async function taken(compute: Compute, image: Image): Promise<Float32Array> {
  using open = image;
  return await compute.read(open);
}
