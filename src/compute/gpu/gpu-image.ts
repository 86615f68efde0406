import type { Figures, Image } from '../image.ts';
import { type ImageShape, openImageHandles } from '../image-handles.ts';
import type { GpuMemory } from './device/gpu-memory.ts';

/** Images on a device. */
const handles = openImageHandles<GpuMemory>('the device');

/** An image in memory that is given back when the image is closed: one plane after another, as `Image` has it. */
export function imageIn(memory: GpuMemory, shape: ImageShape): Image {
  return handles.over(memory, shape, () => memory[Symbol.dispose]());
}

/** Another image of the same samples, to be closed by itself. */
export const sameImage = handles.alias;

/** What an open image of this backend lies in. */
export const memoryOf = handles.samplesOf;

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
