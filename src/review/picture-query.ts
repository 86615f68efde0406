import type { Roi } from '../film/roi.ts';
import { RequestRefused } from './refused.ts';

/** A whole number in an address. @throws RequestRefused for another text, or a number out of bounds */
export function wholeNumber(text: string | undefined, name: string, from: number, to: number, by?: number): number {
  if (text === undefined && by !== undefined) return by;
  if (text !== undefined && /^\d{1,9}$/.test(text)) {
    const value = Number(text);
    if (value >= from && value <= to) return value;
  }
  throw new RequestRefused(400, `${name} must be a whole number from ${from} to ${to}.`);
}

/** `x,y,width,height` in plate pixels, cut to the picture. @throws RequestRefused for another text, or where nothing of it is in the picture */
export function regionIn(
  text: string | undefined,
  size: { readonly width: number; readonly height: number },
): Roi | undefined {
  if (text === undefined) return undefined;
  const numbers = /^(-?\d{1,6}),(-?\d{1,6}),(\d{1,6}),(\d{1,6})$/.exec(text)?.slice(1).map(Number);
  if (numbers) {
    const [left, top, wide, high] = numbers as [number, number, number, number];
    const [x, y] = [Math.max(0, left), Math.max(0, top)];
    const [right, bottom] = [Math.min(size.width, left + wide), Math.min(size.height, top + high)];
    if (right > x && bottom > y) return { x, y, width: right - x, height: bottom - y };
  }
  throw new RequestRefused(400, 'region must be x,y,width,height in whole pixels of the picture.');
}
