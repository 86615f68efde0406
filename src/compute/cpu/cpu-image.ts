import type { Figures, Image } from '../image.ts';
import type { FloatPool } from './float-pool.ts';

const HELD = Symbol('held');

/** Samples that one or more images look at. */
interface Held {
  readonly samples: Float32Array;
  /** Where they go back to when no image looks at them any more; null: they are the caller's. */
  readonly pool: FloatPool | null;
  users: number;
}

/** An image in this thread's memory. */
interface CpuImage extends Image {
  /** Null once it is closed. */
  [HELD]: Held | null;
}

type Shape = Pick<Image, 'width' | 'height' | 'planes'>;

/** An image in memory that the pool has lent, and gets back when the image is closed. */
export function lentImage(pool: FloatPool, samples: Float32Array, shape: Shape): Image {
  return imageOn({ samples, pool, users: 0 }, shape);
}

/** An image in memory that stays the caller's. */
export function borrowedImage(samples: Float32Array, shape: Shape): Image {
  const { width, height, planes } = shape;
  const expected = planes * width * height;
  if (samples.length !== expected) {
    throw new RangeError(
      `An image of ${planes} · ${width} · ${height} samples has ${expected} of them, not ${samples.length}. Give as many.`,
    );
  }
  return imageOn({ samples, pool: null, users: 0 }, shape);
}

/** Another image of the same samples, to be closed by itself. */
export function sameImage(image: Image): Image {
  return imageOn(heldBy(image), image);
}

function imageOn(held: Held, { width, height, planes }: Shape): Image {
  held.users += 1;
  const image: CpuImage = {
    width,
    height,
    planes,
    [HELD]: held,
    [Symbol.dispose]() {
      if (!image[HELD]) return;
      image[HELD] = null;
      held.users -= 1;
      if (held.users === 0) held.pool?.giveBack(held.samples);
    },
  };
  return image;
}

/** The samples of an open image of this backend, one plane after another. */
export function samplesOf(image: Image): Float32Array {
  return heldBy(image).samples;
}

function heldBy(image: Image): Held {
  const held = (image as Partial<CpuImage>)[HELD];
  if (held) return held;
  throw new TypeError(
    held === null
      ? 'An image was used after it was closed. Keep it open for as long as it is needed.'
      : 'An image of another backend was given to the processor. Read it there, and make an image of it here.',
  );
}

/** Each plane of an open image of this backend. */
export function planeSamples(image: Image): readonly Float32Array[] {
  const area = image.width * image.height;
  const samples = samplesOf(image);
  return Array.from({ length: image.planes }, (_, k) => samples.subarray(k * area, (k + 1) * area));
}

/** An image of planes that are made one by one; `made` gives memory that the pool has lent. */
export function imageOfPlanes(
  pool: FloatPool,
  { width, height, planes }: Shape,
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

/** The side of a square image. */
export function squareSide({ width, height }: Image): number {
  if (width !== height) throw new RangeError(`The image is ${width} × ${height}; this operation takes squares.`);
  return width;
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
