import type { Image } from './image.ts';

/** What an image's samples are laid out as. */
export type ImageShape = Pick<Image, 'width' | 'height' | 'planes'>;

/** Hands out images of samples that a backend keeps, and finds the samples again. */
export interface ImageHandles<Samples> {
  /** An image of samples that are given back when nobody looks at them any more. */
  over(samples: Samples, shape: ImageShape, giveBack: () => void): Image;
  /** Another image of the same samples, to be closed by itself. */
  alias(image: Image): Image;
  /** @throws TypeError where the image is closed, or another backend's */
  samplesOf(image: Image): Samples;
}

/** Samples that one or more images look at. */
interface Held<Samples> {
  readonly samples: Samples;
  readonly giveBack: () => void;
  users: number;
}

/** @param backend as errors name it, such as "the processor" */
export function openImageHandles<Samples>(backend: string): ImageHandles<Samples> {
  const HELD = Symbol('held');
  interface Handle extends Image {
    /** Null once it is closed. */
    [HELD]: Held<Samples> | null;
  }

  const imageOn = (held: Held<Samples>, { width, height, planes }: ImageShape): Image => {
    held.users += 1;
    const image: Handle = {
      width,
      height,
      planes,
      [HELD]: held,
      [Symbol.dispose]() {
        if (!image[HELD]) return;
        image[HELD] = null;
        held.users -= 1;
        if (held.users === 0) held.giveBack();
      },
    };
    return image;
  };
  const heldBy = (image: Image): Held<Samples> => {
    const held = (image as Partial<Handle>)[HELD];
    if (held) return held;
    throw new TypeError(
      held === null
        ? 'An image was used after it was closed. Keep it open for as long as it is needed.'
        : `An image of another backend was given to ${backend}. Read it there, and make an image of it here.`,
    );
  };
  return {
    over: (samples, shape, giveBack) => imageOn({ samples, giveBack, users: 0 }, shape),
    alias: (image) => imageOn(heldBy(image), image),
    samplesOf: (image) => heldBy(image).samples,
  };
}

/** The side of a square image. @throws RangeError where it is none */
export function squareSide({ width, height }: Image): number {
  if (width !== height) throw new RangeError(`The image is ${width} × ${height}; this operation takes squares.`);
  return width;
}

/** Samples of an image of that shape. */
export function samplesIn({ width, height, planes }: ImageShape): number {
  return width * height * planes;
}

/** @throws RangeError where samples are more or fewer than an image of that shape has */
export function assertSamplesOf(samples: Float32Array, shape: ImageShape): void {
  const expected = samplesIn(shape);
  if (samples.length === expected) return;
  const { width, height, planes } = shape;
  throw new RangeError(
    `An image of ${planes} · ${width} · ${height} samples has ${expected} of them, not ${samples.length}. Give as many.`,
  );
}

/** @throws RangeError where memory has not the room that the image's samples take */
export function assertRoomFor(image: Image, into: Float32Array): void {
  const count = samplesIn(image);
  if (into.length === count) return;
  throw new RangeError(`The image has ${count} samples, and the memory to read it into ${into.length}. Give as many.`);
}
