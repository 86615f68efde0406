import type { Figures, Image } from '../image.ts';
import { type ImageShape, openImageHandles } from '../image-handles.ts';
import type { FloatPool } from './float-pool.ts';

/** Images in this thread's memory. */
const handles = openImageHandles<Float32Array>('the processor');

/** An image in memory that the pool has lent, and gets back when the image is closed. */
export function lentImage(pool: FloatPool, samples: Float32Array, shape: ImageShape): Image {
  return handles.over(samples, shape, () => pool.giveBack(samples));
}

/** Another image of the same samples, to be closed by itself. */
export const sameImage = handles.alias;

/** The samples of an open image of this backend, one plane after another. */
export const samplesOf = handles.samplesOf;

/** Each plane of an open image of this backend. */
export function planeSamples(image: Image): readonly Float32Array[] {
  const area = image.width * image.height;
  const samples = samplesOf(image);
  return Array.from({ length: image.planes }, (_, k) => samples.subarray(k * area, (k + 1) * area));
}

/** An image of planes that are made one by one; `made` gives memory that the pool has lent. */
export function imageOfPlanes(
  pool: FloatPool,
  { width, height, planes }: ImageShape,
  made: (k: number) => Float32Array,
): Image {
  if (planes === 1) return lentImage(pool, made(0), { width, height, planes });
  const area = width * height;
  const out = pool.lend(planes * area);
  for (let k = 0; k < planes; k++) {
    const plane = made(k);
    out.set(plane, k * area);
    pool.giveBack(plane);
  }
  return lentImage(pool, out, { width, height, planes });
}

/** Figures that are known at once. */
interface CpuFigures<T> extends Figures<T> {
  readonly told: T;
}

export function figures<T>(told: T): Figures<T> {
  const known: CpuFigures<T> = { told };
  return known;
}

export function toldBy<T>(of: Figures<T>): T {
  return (of as CpuFigures<T>).told;
}
