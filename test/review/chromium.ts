import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const PROGRAM = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path));
const IS_REQUIRED = Boolean(process.env['CI']) || process.env['REELMEND_TEST_BROWSER'] === 'require';
const SCREENSHOTS = process.env['REELMEND_TEST_SCREENSHOTS'];

/** Why tests in a browser do not run here; null where they do, or must. */
export const NO_BROWSER = PROGRAM || IS_REQUIRED ? null : 'Chromium is not installed: sudo apt-get install chromium';

export function openChromium(): Promise<Browser> {
  if (!PROGRAM) throw new Error(`${NAMES.join(', ')}: none is on PATH. Install one: sudo apt-get install chromium`);
  return chromium.launch({ executablePath: PROGRAM });
}

/** A tab, and all that should not happen in one. */
export interface Tab {
  readonly page: Page;
  /** Errors in the console, of scripts, and against the content security policy, as they come. */
  readonly faults: readonly string[];
}

/** Opens an address in a browser of its own: no cookie is shared with others. */
export async function openTab(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(20_000);
  await context.addInitScript({ path: join(import.meta.dirname, 'pixels-in-page.js') });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    const { url } = message.location();
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`${url}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(url);
  return { page, faults };
}

/** Keeps what a tab shows where `REELMEND_TEST_SCREENSHOTS` names a folder. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (!SCREENSHOTS) return;
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** What axe-core finds serious or critical in what a tab shows, a sentence each. */
export async function seriousBarriers(page: Page): Promise<readonly string[]> {
  // As a debugger's, this script is not held to the page's policy.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) => nodes.map(({ html }) => `${impact}: ${id}: ${html}`));
}
