import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvRecords } from '../../src/editorial/csv-records.ts';
import { readOtio } from '../../src/editorial/read-otio.ts';
import type { DecisionList, ReelReview } from '../../src/review/api.ts';
import { reelIdOf } from '../../src/review/report-folder.ts';
import { type OpenReview, openReview } from '../../src/review/server.ts';
import { type Browser as Asking, enter } from './asking.ts';
import { keepPicture, NO_BROWSER, openChromium, openTab, seriousBarriers, type Tab } from './chromium.ts';
import { drag, frameOf, hasPixels, picture, row, SLOW, seen, told } from './looking.ts';
import { type ReviewedScratch, restoredScratch } from './reviewed-reel.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const BROKEN = '<b>broken.report';
const NOTE = '<script>alert(2)</script> ümläut';
/** A redo starts a process that loads networks; a laden machine takes its time. */
const PATIENCE = 120_000;

let scratch: ReviewedScratch;
let served: OpenReview;
let browser: Browser;
let ann: Tab;
let asking: Asking;
let address: string;
let review: ReelReview;
let next: string;
const tabs: Tab[] = [];

describe.skipIf(NO_BROWSER !== null)('the page of a review', () => {
  beforeAll(async () => {
    scratch = await restoredScratch('review-browser', HOSTILE);
    const report = join(scratch.path, `${HOSTILE}.report`);
    await mkdir(join(scratch.path, BROKEN));
    await writeFile(join(scratch.path, BROKEN, 'report.json'), '{}');
    served = await openReview({
      path: scratch.path,
      onAddress: (url) => {
        next = url;
      },
    });
    next = served.url;
    browser = await openChromium();
    asking = await enter(next);
    address = `/api/reels/${reelIdOf(report)}`;
    review = (await asking.get(address)).json<ReelReview>();
  }, PATIENCE);
  afterAll(async () => {
    await browser?.close();
    await served?.[Symbol.asyncDispose]();
    await scratch?.[Symbol.asyncDispose]();
  });

  const opened = async (options: Parameters<typeof openTab>[2] = {}, url = next): Promise<Tab> => {
    const tab = await openTab(browser, url, options);
    tabs.push(tab);
    return tab;
  };
  const decided = async () => (await asking.get(`${address}/decisions`)).json<DecisionList>();

  it('is entered by a link in another site’s page, too', async () => {
    const other = createServer((_, answer) => {
      answer.setHeader('Content-Type', 'text/html').end(`<link rel=icon href=data:,><a href="${next}">Review</a>`);
    }).listen(0, 'localhost');
    const tab = await opened({}, `http://localhost:${await portOf(other)}/`);
    await tab.page.getByRole('link').click();
    await tab.page.getByRole('list', { name: 'Reels' }).waitFor();
    other.close();
    await tab.page.context().close();
  });

  it('lists the reels, whose names are text, and shows the worst face of one first', async () => {
    ann = await opened();
    const { page } = ann;
    const link = page.getByRole('list', { name: 'Reels' }).getByRole('link');
    expect(await link.textContent()).toBe(HOSTILE);
    const unread = page.getByRole('region', { name: 'Not to be reviewed' });
    expect(await unread.getByRole('term').textContent()).toBe(BROKEN);
    expect(await unread.getByRole('definition').textContent()).toBe(
      `"${join(scratch.path, BROKEN, 'report.json')}" is no file that this version of Reelmend wrote. Restore the reel anew to write its report.`,
    );
    await keepPicture(page, 'reels');
    expect(await seriousBarriers(page)).toEqual([]);
    await link.click();
    const [worst] = review.tracks;
    await page.getByRole('heading', { level: 2, name: `Face ${worst?.id}` }).waitFor();
    await seen(page, worst?.worstFrame);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(HOSTILE);
    const rows = page.getByRole('navigation', { name: 'Shots and faces' }).getByRole('button', { name: /badness/i });
    const scores = (await rows.allTextContents()).map((text) => Number(/badness\s+([\d.]+)/i.exec(text)?.[1]));
    expect(scores).toHaveLength(review.tracks.length);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    await keepPicture(page, 'reel-light-wide');
    expect(await seriousBarriers(page)).toEqual([]);
  });

  it('shows the very pixels of plate and output, and changes between them by one key', async () => {
    const { page } = ann;
    await page.keyboard.press('7');
    for (const [key, kind] of [
      ['1', 'plate'],
      ['2', 'output'],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => picture(page).getAttribute('aria-label')).toMatch(new RegExp(`: ${kind}$`));
      await expect.poll(() => hasPixels(page, address, kind), SLOW).toBe(true);
    }
    expect(await hasPixels(page, address, 'plate')).toBe(false);
    await page.keyboard.press('t');
    await expect.poll(() => hasPixels(page, address, 'plate'), SLOW).toBe(true);
    await page.keyboard.press('0');
  });

  it('wipes from one to the other where its line is dragged, and shows difference, matte and both beside each other', async () => {
    const { page } = ann;
    await page.keyboard.press('3');
    const line = page.getByRole('slider', { name: 'Line between plate and output' });
    const before = Number(await line.getAttribute('aria-valuenow'));
    const box = await line.boundingBox();
    if (!box) throw new Error('The line has no place.');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 120, y, { steps: 4 });
    await page.mouse.up();
    expect(Number(await line.getAttribute('aria-valuenow'))).toBeLessThan(before - 5);
    await keepPicture(page, 'wipe');
    const drawn = () => page.evaluate<string>('drawnText()');
    const pictures = new Set([await drawn()]);
    for (const [name, label] of [
      ['Side', /side by side/],
      ['Difference', /difference/],
      ['Matte', /matte/],
    ] as const) {
      await page.getByRole('button', { name, exact: true }).click();
      await expect.poll(() => picture(page).getAttribute('aria-label')).toMatch(label);
      // The picture comes after its label, and is none of those before.
      await expect.poll(async () => pictures.has(await drawn())).toBe(false);
      await seen(page, await frameOf(page));
      await keepPicture(page, `layout-${name.toLowerCase()}`);
      pictures.add(await drawn());
    }
    await page.keyboard.press('3');
  });

  it('steps frame by frame and plays by keys, and follows the face at 2:1', async () => {
    const { page } = ann;
    const at = (await frameOf(page)) as number;
    await page.keyboard.press('ArrowRight');
    await seen(page, at + 1);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await seen(page, at - 1);
    await page.keyboard.press('8');
    const follow = page.getByRole('button', { name: 'Follow', exact: true });
    expect(await follow.getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('v');
    await keepPicture(page, 'follow');
    await page.keyboard.press('v');
    await page.keyboard.press('Space');
    await page.getByText(/frames\/s|reading ahead/).waitFor();
    await page.keyboard.press('k');
    await page.keyboard.press('0');
    await page.keyboard.press('Home');
    await seen(page, review.tracks[0]?.in);
  });

  it('asks once who decides, and keeps approvals, rejections and notes, whose text stays text', async () => {
    const { page } = ann;
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: /^Note/ }).fill(NOTE);
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Who reviews?' });
    await dialog.waitFor();
    expect(await seriousBarriers(page)).toEqual([]);
    await dialog.getByRole('textbox', { name: 'Your name' }).fill('Ann');
    await page.keyboard.press('Enter');
    await told(page, 'approved.');
    const [worst, other] = review.tracks;
    expect((await decided()).decisions.at(-1)).toMatchObject({
      who: 'Ann',
      target: { scope: 'track', track: worst?.id },
      body: { what: 'approve' },
      note: NOTE,
    });
    expect(await page.getByRole('region', { name: 'History' }).getByText(NOTE).count()).toBe(1);
    await row(page, other?.id).click();
    await page.getByRole('region', { name: 'Verdict' }).getByRole('button', { name: 'Reject' }).click();
    await told(page, 'rejected.');
    await page.keyboard.press('u');
    await told(page, /undid no\. 2/);
    expect((await decided()).tracks).toMatchObject({ [worst?.id ?? '']: 'approved', [other?.id ?? '']: 'undecided' });
    await keepPicture(page, 'decided');
  });

  it('keeps a box that is drawn and points that are dragged', async () => {
    const { page } = ann;
    await page.keyboard.press('b');
    await drag(page, picture(page), [0.3, 0.3], [0.5, 0.6]);
    await keepPicture(page, 'box');
    await page.getByRole('button', { name: 'Keep the box' }).click();
    await told(page, /box in frame/);
    await page.keyboard.press('p');
    const nose = page.getByRole('button', { name: /^nose, at/ }).first();
    await keepPicture(page, 'pins');
    expect(await seriousBarriers(page)).toEqual([]);
    await nose.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('button', { name: 'Place the five points' }).click();
    await told(page, /points placed in frame/);
    const list = await decided();
    const [box, pin] = list.decisions.slice(-2).map(({ body }) => body);
    expect(box).toMatchObject({ what: 'box', frame: await frameOf(page) });
    const track = review.tracks[1];
    const five = track?.five[((await frameOf(page)) as number) - (track?.in ?? 0)] ?? [];
    if (pin?.what !== 'pin') throw new Error('No pin was kept.');
    expect(pin.five[4]).toBeGreaterThan(five[4] as number);
    // The point that is moved comes to lie on half pixels.
    expect(pin.five.filter((v, k) => Math.abs(v - (five[k] as number)) > (k >> 1 === 2 ? 1 : 1e-3))).toEqual([]);
    // The redo below is of held-out frames alone.
    await page.keyboard.press('m');
    await page.keyboard.press('u');
    await told(page, /undid no\. 5/);
  });

  it('shows one person what another decides, and asks who would overrule it unseen', async () => {
    const bob = await opened();
    await bob.page.getByRole('list', { name: 'Reels' }).getByRole('link').click();
    const [worst] = review.tracks;
    await row(bob.page, worst?.id).click();
    await bob.page.keyboard.press('x');
    await bob.page.getByRole('textbox', { name: 'Your name' }).fill('Bob');
    await bob.page.keyboard.press('Enter');
    await told(ann.page, `Bob: Face ${worst?.id}, rejected.`);
    // Ann approves at the very moment in which Bob asks for a redo.
    let isFirst = true;
    await bob.page.route('**/decisions', async (route) => {
      if (route.request().method() === 'POST' && isFirst) {
        isFirst = false;
        const { length } = (await decided()).decisions;
        const target = { scope: 'track', track: worst?.id };
        await asking.post(`${address}/decisions`, { seen: length, who: 'Ann', target, body: { what: 'approve' } });
      }
      await route.continue();
    });
    await bob.page.keyboard.press('r');
    const dialog = bob.page.getByRole('dialog', { name: /was decided on meanwhile/ });
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain('Ann');
    await keepPicture(bob.page, 'conflict');
    expect(await seriousBarriers(bob.page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    expect((await decided()).tracks[worst?.id ?? '']).toBe('approved');
    await bob.page.context().close();
    // That its own request was refused is said in the console.
    expect(bob.faults.filter((fault) => !fault.includes('409'))).toEqual([]);
    tabs.splice(tabs.indexOf(bob), 1);
  });

  it('is used by keys alone: list, verdict, and what else is chosen', async () => {
    const { page } = ann;
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await keys.waitFor();
    await keepPicture(page, 'keys');
    expect(await seriousBarriers(page)).toEqual([]);
    const named = await keys.locator('kbd').allTextContents();
    expect(named.filter((key, k) => named.indexOf(key) !== k)).toEqual([]);
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'hidden' });
    const chosen = () => page.getByRole('navigation', { name: 'Shots and faces' }).locator('[aria-current="true"]');
    const before = await chosen().textContent();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => chosen().textContent()).not.toBe(before);
    await page.keyboard.press('n');
    await page.keyboard.press('x');
    await told(page, 'rejected.');
  });

  it(
    'redoes what is held out, and shows the reel mended without being loaded anew; undone, as before',
    async () => {
      const { page } = ann;
      const track = review.tracks.find(({ shot }) => shot === 2);
      await row(page, track?.id).click();
      const hold = page.getByRole('region', { name: 'Hold out' });
      await hold.getByRole('textbox', { name: 'First frame' }).fill(String(review.first + 8));
      await hold.getByRole('textbox', { name: 'Last frame' }).fill(String(review.first + 9));
      await hold.getByRole('button', { name: 'Hold out the frames' }).click();
      await told(page, /held out/);
      await page.getByRole('slider', { name: 'Frame', exact: true }).focus();
      for (let at = (await frameOf(page)) as number; at !== 8; at += Math.sign(8 - at)) {
        await page.keyboard.press(at < 8 ? 'ArrowRight' : 'ArrowLeft');
      }
      await page.keyboard.press('2');
      await page.keyboard.press('7');
      await seen(page, 8);
      await expect.poll(() => hasPixels(page, address, 'plate'), SLOW).toBe(false);
      await page.getByRole('button', { name: 'Redo the takes that decisions change' }).click();
      await page.getByRole('progressbar').waitFor();
      await keepPicture(page, 'redoing');
      const panel = page.getByRole('region', { name: 'Redo' });
      await panel.getByText('1 take rendered, 5 kept.').waitFor({ timeout: PATIENCE });
      await expect.poll(() => hasPixels(page, address, 'plate'), SLOW).toBe(true);
      await keepPicture(page, 'redone');
      await page.keyboard.press('u');
      await told(page, /undid no\. \d+, held out/);
    },
    2 * PATIENCE,
  );

  it('hands the decisions over as files that others read', async () => {
    const { page } = ann;
    const over = page.getByRole('region', { name: 'Hand over' });
    const file = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), over.getByRole('link', { name }).click()]);
      return readFile(await download.path(), 'utf8');
    };
    const rows = csvRecords(await file('CSV'), 'decisions.csv').map(({ cells }) => cells);
    expect(rows).toHaveLength(1 + (await decided()).decisions.length);
    expect(rows.map((cells) => cells[10])).toContain(NOTE);
    expect(readOtio(await file('OpenTimelineIO'), 'decisions.otio').entries).toHaveLength(6);
    expect(JSON.parse(await file('Overrides'))).toMatchObject({ format: 'reelmend-overrides/1' });
    const [sheet] = await Promise.all([
      page.context().waitForEvent('page'),
      over.getByRole('link', { name: 'Sheet to print' }).click(),
    ]);
    await sheet.getByRole('heading', { name: `Decisions on ${HOSTILE}` }).waitFor();
    expect(await sheet.getByText(NOTE).count()).toBeGreaterThan(0);
    await keepPicture(sheet, 'sheet');
    expect(await seriousBarriers(sheet)).toEqual([]);
    await sheet.close();
  });

  it.each([
    ['dark', { colorScheme: 'dark' }],
    ['small', { viewport: { width: 390, height: 844 } }],
    ['small-dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
  ] as const)('is legible, and bars nobody, %s', async (name, options) => {
    const tab = await opened(options);
    const { page } = tab;
    const link = page.getByRole('list', { name: 'Reels' }).getByRole('link');
    await link.waitFor();
    await keepPicture(page, `reels-${name}`);
    await link.click();
    await seen(page);
    for (const part of name === 'dark' ? [null] : ['Picture', 'Shots and faces', 'Decisions']) {
      if (part !== null) await page.getByRole('tab', { name: part }).click();
      await keepPicture(page, `reel-${name}${part === null ? '' : `-${part.toLowerCase().replaceAll(' ', '-')}`}`);
      expect(await seriousBarriers(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), `${part}`).toBeLessThanOrEqual(
        0,
      );
    }
    await page.context().close();
  });

  it('has said nothing in any console, and broken no policy', () => {
    expect(tabs.flatMap(({ faults }) => faults)).toEqual([]);
  });
});

async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  for (;;) {
    const address = server.address() as AddressInfo | null;
    if (address) return address.port;
    await new Promise((wait) => setImmediate(wait));
  }
}
