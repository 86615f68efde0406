import type { Figures, Image } from '../image.ts';
import type { GpuMemory } from './device/gpu-memory.ts';

const HELD = Symbol('held');

/** Samples on the device that one or more images look at. */
interface Held {
  readonly memory: GpuMemory;
  users: number;
}

interface GpuImage extends Image {
  /** Null once it is closed. */
  [HELD]: Held | null;
}

type Shape = Pick<Image, 'width' | 'height' | 'planes'>;

/** An image in memory that is given back when the image is closed: one plane after another, as `Image` has it. */
export function imageIn(memory: GpuMemory, shape: Shape): Image {
  return imageOn({ memory, users: 0 }, shape);
}

/** Another image of the same samples, to be closed by itself. */
export function sameImage(image: Image): Image {
  return imageOn(heldBy(image), image);
}

function imageOn(held: Held, { width, height, planes }: Shape): Image {
  held.users += 1;
  const image: GpuImage = {
    width,
    height,
    planes,
    [HELD]: held,
    [Symbol.dispose]() {
      if (!image[HELD]) return;
      image[HELD] = null;
      held.users -= 1;
      if (held.users === 0) held.memory[Symbol.dispose]();
    },
  };
  return image;
}

/** What an open image of this backend lies in. */
export function memoryOf(image: Image): GpuMemory {
  return heldBy(image).memory;
}

function heldBy(image: Image): Held {
  const held = (image as Partial<GpuImage>)[HELD];
  if (held) return held;
  throw new TypeError(
    held === null
      ? 'An image was used after it was closed. Keep it open for as long as it is needed.'
      : 'An image of another backend was given to the device. Read it there, and make an image of it here.',
  );
}

/** The side of a square image. */
export function squareSide({ width, height }: Image): number {
  if (width !== height) throw new RangeError(`The image is ${width} × ${height}; this operation takes squares.`);
  return width;
}

export function samplesIn({ width, height, planes }: Shape): number {
  return width * height * planes;
}

/** Figures on the device: what they lie in, and what they say. They are read or taken once, which gives their memory back. */
interface GpuFigures<T> extends Figures<T> {
  readonly memories: readonly GpuMemory[];
  readonly told: (...numbers: readonly ArrayBuffer[]) => T;
}

/** @param told what 4-byte numbers that lie in `memory` say */
export function figuresIn<T>(memory: GpuMemory, told: (numbers: ArrayBuffer) => T): Figures<T> {
  return figuresOf([memory], told as GpuFigures<T>['told']);
}

/** @param told what 4-byte numbers that lie in each of `memories` say together */
export function figuresOf<T>(memories: readonly GpuMemory[], told: GpuFigures<T>['told']): Figures<T> {
  const figures: GpuFigures<T> = { memories, told };
  return figures;
}

/** One number. */
export function figureIn(memory: GpuMemory): Figures<number> {
  return figuresIn(memory, (numbers) => new Float32Array(numbers)[0]);
}

/** All that figures lie in, which whoever takes them closes. */
export function memoriesOf<T>(of: Figures<T>): readonly GpuMemory[] {
  return (of as GpuFigures<T>).memories;
}

/** What figures lie in that lie in one memory, which whoever takes them closes. */
export function takenFrom<T>(of: Figures<T>): GpuMemory {
  return memoriesOf(of)[0];
}

/** @param numbers of each memory that they lie in */
export function toldBy<T>(of: Figures<T>, numbers: readonly ArrayBuffer[]): T {
  return (of as GpuFigures<T>).told(...numbers);
}
