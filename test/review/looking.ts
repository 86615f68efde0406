import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** A laden machine takes its time. */
export const SLOW = { timeout: 20_000 };

/** The canvas. */
export function picture(page: Page): Locator {
  return page.getByRole('img', { name: /^Frame|^No picture/ });
}

/** The frame whose exact picture is drawn. */
export async function frameOf(page: Page): Promise<number | null> {
  const frame = await picture(page).getAttribute('data-frame');
  return frame ? Number(frame) : null;
}

/** Waits for the exact picture of a frame, or of any. */
export async function seen(page: Page, frame?: number | null): Promise<void> {
  await expect
    .poll(() => frameOf(page), SLOW)
    .toEqual(frame === undefined || frame === null ? expect.any(Number) : frame);
}

/** True where the plate, or the output, of the frame that is looked at is drawn pixel by pixel. */
export async function hasPixels(page: Page, reel: string, kind: 'plate' | 'output'): Promise<boolean> {
  const frame = await frameOf(page);
  return frame !== null && page.evaluate<boolean>(`isDrawn('${reel}/frames/${frame}/${kind}')`);
}

export async function drag(
  page: Page,
  on: Locator,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const box = await on.boundingBox();
  if (!box) throw new Error('What is dragged on has no place.');
  const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
}

/** A track's row in the list. */
export function row(page: Page, track: string | undefined): Locator {
  return page.getByRole('navigation', { name: 'Shots and faces' }).getByRole('button', { name: `face ${track}` });
}

/** Waits for a sentence at the top of the page. */
export async function told(page: Page, sentence: string | RegExp): Promise<void> {
  await page.getByRole('banner').getByRole('status').filter({ hasText: sentence }).waitFor();
}
