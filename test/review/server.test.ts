import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionAnswer, DecisionConflict, DecisionList, ReelList, ReelReview } from '../../src/review/api.ts';
import { type OpenReview, openReview } from '../../src/review/server.ts';
import { ask, type Browser, enter } from './asking.ts';
import { killedDecisions, startedReview } from './killed-server.ts';
import { type ReviewedScratch, restoredScratch } from './reviewed-reel.ts';

const HOSTILE = '<img src=x onerror=alert(1)>.report';
const PAGE = '<!doctype html><title>Review</title>';
/** The bench kills ten times as often. */
const KILLS = 5;
const AN_OTHER_SITE = 'http://evil.example';

let scratch: ReviewedScratch;
let served: OpenReview;
let origin: string;
let browser: Browser;
let reel: string;
const later: string[] = [];

beforeAll(async () => {
  scratch = await restoredScratch('review-server');
  const reports = join(scratch.path, 'reports');
  await mkdir(reports);
  await cp(join(scratch.path, 'restored.report'), join(reports, HOSTILE), { recursive: true });
  // A report elsewhere, which a link in the folder leads to.
  await cp(join(scratch.path, 'restored.report'), join(scratch.path, 'elsewhere'), { recursive: true });
  await symlink(join(scratch.path, 'elsewhere'), join(reports, 'linked.report'));
  const broken = join(reports, 'broken.report');
  await mkdir(broken);
  await cp(join(scratch.path, 'restored.report', 'report.json'), join(broken, 'report.json'));
  // Whoever opens a pipe to read it waits for somebody who writes.
  execFileSync('mkfifo', [join(broken, 'tracks.json')]);
  const page = join(scratch.path, 'page');
  await mkdir(page);
  await writeFile(join(page, 'index.html'), PAGE);
  await writeFile(join(scratch.path, 'secret.html'), 'secret');
  await symlink(join(scratch.path, 'secret.html'), join(page, 'secret.html'));
  served = await openReview({ path: reports, page, onAddress: (url) => later.push(url) });
  origin = new URL(served.url).origin;
  browser = await enter(served.url);
  const { reels } = (await browser.get('/api/reels')).json<ReelList>();
  reel = `/api/reels/${reels[0]?.id}`;
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

const nowhere = { error: 'There is nothing here.' };

describe('a review', () => {
  it('listens on this machine alone, and sets a cookie that scripts and other sites do not get', async () => {
    expect(new URL(served.url).hostname).toBe('127.0.0.1');
    const answer = await ask(origin, `/enter?${new URL(later[0] as string).searchParams}`);
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^reelmend-review-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.body.toString()).toContain('<meta http-equiv="refresh" content="0; url=/">');
  });

  it('answers everything with a strict policy, unsniffed and unstored', async () => {
    for (const path of ['/', '/api/reels', '/nothing', '/enter?token=wrong']) {
      const { headers } = await browser.get(path);
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it('refuses whoever has no token, a wrong one, or one that was used', async () => {
    expect((await ask(origin, '/api/reels')).status).toBe(401);
    expect((await ask(origin, '/')).status).toBe(401);
    expect((await ask(origin, '/enter')).status).toBe(403);
    expect((await ask(origin, '/enter?token=AAAA')).status).toBe(403);
    const used = await ask(origin, `/enter${new URL(served.url).search}`);
    expect(used.status).toBe(403);
    expect(used.json()).toEqual({
      error: 'This token is not, or no longer, valid. The server printed the next one.',
    });
    const name = browser.cookie.split('=')[0];
    expect((await ask(origin, '/api/reels', { headers: { cookie: `${name}=${'A'.repeat(43)}` } })).status).toBe(401);
  });

  it('refuses a host that it is not, whatever the cookie', async () => {
    const { port } = new URL(origin);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) + 1}`]) {
      expect((await browser.get('/api/reels', { host })).status, host).toBe(421);
    }
    expect((await browser.get('/api/reels', { host: `localhost:${port}` })).status).toBe(200);
  });

  it('refuses another site’s requests, whatever the cookie', async () => {
    const body = { seen: 0, who: 'eve', target: { scope: 'reel' }, body: { what: 'approve' } };
    expect((await browser.post(`${reel}/decisions`, body, { origin: AN_OTHER_SITE })).status).toBe(403);
    expect((await browser.post(`${reel}/decisions`, body, { origin: 'null' })).status).toBe(403);
    expect((await browser.get('/api/reels', { origin: AN_OTHER_SITE })).status).toBe(403);
    expect((await browser.get('/api/reels', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const { cookie } = browser;
    const json = { cookie, 'content-type': 'application/json' };
    const withoutOrigin = { method: 'POST', headers: json, body: JSON.stringify(body) };
    expect((await ask(origin, `${reel}/decisions`, withoutOrigin)).status).toBe(403);
    expect((await browser.get(`${reel}/decisions`)).json<DecisionList>().decisions).toEqual([]);
  });

  it('decides by POST and JSON alone', async () => {
    const text = JSON.stringify({ seen: 0, who: 'eve', target: { scope: 'reel' }, body: { what: 'approve' } });
    expect((await browser.get(`${reel}/decisions?body=${encodeURIComponent(text)}`)).status).toBe(200);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await browser.post(`${reel}/decisions`, JSON.parse(text), { 'content-type': type });
      expect(answer.status, type).toBe(415);
    }
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const headers = { cookie: browser.cookie, origin };
      expect((await ask(origin, `${reel}/decisions`, { method, headers })).status, method).toBe(405);
    }
    expect((await browser.get(`${reel}/redo`)).json()).toMatchObject({ state: 'idle' });
    expect((await browser.get(`${reel}/redo/cancel`)).status).toBe(404);
    expect((await browser.get(`${reel}/decisions`)).json<DecisionList>().decisions).toEqual([]);
  });

  it('lets no path in an address lead out', async () => {
    const up = ['..', '%2e%2e', '..%2f..%2fsecret.html', '..%5c..%5csecret.html', '%00', '%2fetc%2fpasswd', '.%252e'];
    for (const part of up) {
      for (const path of [
        `/${part}/secret.html`,
        `/${part}`,
        `/api/reels/${part}`,
        `${reel}/frames/${part}/plate`,
        `${reel}/frames/0/${part}`,
        `${reel}/thumbnails/${part}`,
        `${reel}/curves/${part}`,
        `${reel}/playback/${part}?from=0&count=1`,
        `${reel}/exports/${part}`,
      ]) {
        const { status, body } = await browser.get(path);
        // What stands for the root itself is the page.
        if (body.toString() !== PAGE) expect([400, 404], `${path}: ${status}`).toContain(status);
        expect(body.toString()).not.toContain('secret');
        expect(body.toString()).not.toContain('root:');
      }
    }
    for (const query of ['from=../x&count=1', 'from=0&count=1e9', 'from=0&count=-1', 'from=0&count=1&width=99999']) {
      expect([400, 404]).toContain((await browser.get(`${reel}/playback/plate?${query}`)).status);
    }
    for (const query of ['region=../../x', 'region=0,0,0,0', 'scale=99', 'gain=0', 'region=999999,0,5,5']) {
      expect((await browser.get(`${reel}/frames/0/plate?${query}`)).status, query).toBe(400);
    }
  });

  it('serves no file of the page that is a link out of its folder', async () => {
    expect((await browser.get('/index.html')).status).toBe(200);
    const answer = await browser.get('/secret.html');
    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual(nowhere);
  });

  it('shows no report that a link in the folder of reports leads to', async () => {
    const { reels, unread } = (await browser.get('/api/reels')).json<ReelList>();
    expect(reels).toHaveLength(1);
    expect(unread.map(({ name }) => name)).toEqual(['broken.report']);
  });

  it('lists what can be reviewed, and says of each other report why it cannot', async () => {
    const broken = join(scratch.path, 'reports', 'broken.report');
    const { unread } = (await browser.get('/api/reels')).json<ReelList>();
    expect(unread).toEqual([
      {
        name: 'broken.report',
        error: `"${join(broken, 'tracks.json')}" cannot be read: it is no file of a report. Restore the reel anew to write its report.`,
      },
    ]);
  });

  it('says what is not there by ids that it does not know', async () => {
    expect((await browser.get('/api/reels/0123456789abcdef')).json()).toEqual({ error: 'There is no such reel.' });
    expect((await browser.get(`${reel}/frames/999/plate`)).json()).toEqual({ error: 'There is no such frame.' });
    expect((await browser.get(`${reel}/frames/0/gate`)).json()).toEqual({ error: 'There is no such picture.' });
    expect((await browser.get(`${reel}/curves/f9`)).json()).toEqual({ error: 'There is no such track.' });
    const review = (await browser.get(reel)).json<ReelReview>();
    const on = (target: unknown, body: unknown) =>
      browser.post(`${reel}/decisions`, { seen: 0, who: 'ann', target, body });
    const whole = { scope: 'reel' };
    const track = { scope: 'track', track: review.tracks[0]?.id };
    const cases: [unknown, unknown, string][] = [
      [{ scope: 'track', track: 'f9' }, { what: 'approve' }, 'There is no such track in this reel.'],
      [{ scope: 'shot', shot: 9 }, { what: 'approve' }, 'There is no such shot in this reel.'],
      [whole, { what: 'undo', of: 'x' }, 'There is no such decision to undo.'],
      [whole, { what: 'still', still: 'x', leftOut: true }, 'There is no such still.'],
      [whole, { what: 'preset', preset: '../../mine.json' }, 'Presets are anonymise, artistic, restore, strict.'],
      [
        whole,
        { what: 'setting', name: 'enhance.network', value: '/etc/x.json' },
        'There is no such setting to decide on here.',
      ],
      [whole, { what: 'holdout', in: 0, out: 999 }, 'The restored range does not have those frames.'],
      [whole, { what: 'erase' }, 'That is no decision.'],
      [track, { what: 'cast', as: 'otto' }, `There are no stills of such a person. People are ${review.people}.`],
    ];
    for (const [target, body, error] of cases) {
      const answer = await on(target, body);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ error });
    }
  });

  it.each([
    ['whoever has entered', () => browser.cookie, 413],
    ['anybody else', () => '', 401],
  ])('ends a body without end of %s', async (_, cookie, status) => {
    const headers = { cookie: cookie(), origin, 'content-type': 'application/json' };
    const sent = { bytes: 0 };
    const answer = await ask(origin, `${reel}/decisions`, {
      method: 'POST',
      headers,
      write(request) {
        const chunk = Buffer.alloc(16 * 1024, 32);
        const more = () => {
          if (request.destroyed || sent.bytes > 64 * 2 ** 20) return;
          sent.bytes += chunk.length;
          request.write(chunk, () => setImmediate(more));
        };
        request.on('response', () => request.destroy());
        more();
      },
    }).catch(() => null);
    expect([undefined, status]).toContain(answer?.status);
    expect(sent.bytes).toBeLessThan(32 * 2 ** 20);
    const declared = { ...headers, 'content-length': String(10 ** 9) };
    const large = await ask(origin, `${reel}/decisions`, {
      method: 'POST',
      headers: declared,
      write: (r) => r.write('{'),
    });
    expect(large.status).toBe(status);
    expect((await browser.get('/api/reels')).status).toBe(200);
  });

  it('closes connections beyond its limit, and answers when they have gone', async () => {
    const port = Number(new URL(origin).port);
    let [open, closed] = [0, 0];
    const sockets: Socket[] = [];
    await Promise.all(
      Array.from({ length: 100 }, () => {
        const socket = connect(port, '127.0.0.1');
        sockets.push(socket);
        socket.on('error', () => {});
        return new Promise<void>((resolve) => {
          socket.once('close', () => {
            closed += 1;
            resolve();
          });
          socket.once('connect', () => setTimeout(resolve, 500));
        });
      }),
    );
    open = sockets.filter((socket) => !socket.destroyed).length;
    expect(closed).toBeGreaterThanOrEqual(36);
    expect(open).toBeLessThanOrEqual(64);
    for (const socket of sockets) socket.destroy();
    await new Promise((wait) => setTimeout(wait, 100));
    expect((await browser.get('/api/reels')).status).toBe(200);
  });

  it('answers what is too many pictures at once with 429', async () => {
    const many = await Promise.all(
      Array.from({ length: 40 }, (_, k) => browser.get(`${reel}/frames/${k % 11}/difference?gain=${1 + k}`)),
    );
    const statuses = new Set(many.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([200, 429]);
  });

  it('makes no picture for whoever has gone: others are answered at once', async () => {
    const gone = Array.from({ length: 24 }, (_, k) => {
      const headers = { cookie: browser.cookie };
      const asked = request(`${origin}${reel}/frames/${k % 11}/difference?gain=${20 + k}`, { headers, agent: false });
      asked.on('error', () => {});
      asked.end();
      return asked;
    });
    await new Promise((wait) => setTimeout(wait, 30));
    for (const asked of gone) asked.destroy();
    await new Promise((wait) => setTimeout(wait, 30));
    expect((await browser.get(`${reel}/frames/20/difference?gain=64`)).status).toBe(200);
  });

  it('gives names as data: escaped in the sheet, text in JSON', async () => {
    const note = '<script>alert(1)</script>';
    const target = { scope: 'shot', shot: 0 };
    const answer = await browser.post(`${reel}/decisions`, {
      seen: 0,
      who: '=HYPERLINK("x")',
      target,
      body: { what: 'note' },
      note,
    });
    expect(answer.status).toBe(201);
    const sheet = await browser.get(`${reel}/exports/sheet.html`);
    expect(sheet.body.toString()).not.toContain('<script>');
    expect(sheet.body.toString()).toContain('&lt;script&gt;');
    const csv = await browser.get(`${reel}/exports/decisions.csv`);
    expect(csv.body.toString()).toContain(`"'=HYPERLINK(""x"")"`);
    const review = await browser.get(reel);
    expect(review.headers['content-type']).toBe('application/json');
    expect(review.json<ReelReview>().name).toBe('restored');
  });

  it('keeps the decisions of two browsers, and shows each what the other did', async () => {
    const other = await enter(later.at(-1) as string);
    const { decisions } = (await browser.get(`${reel}/decisions`)).json<DecisionList>();
    const seen = decisions.length;
    const target = { scope: 'shot', shot: 1 };
    const first = await browser.post(`${reel}/decisions`, { seen, who: 'ann', target, body: { what: 'approve' } });
    expect(first.status).toBe(201);
    const late = await other.post(`${reel}/decisions`, { seen, who: 'bob', target, body: { what: 'reject' } });
    expect(late.status).toBe(409);
    const conflict = late.json<DecisionConflict>();
    expect(conflict.error).toBe(
      'ann decided on this in the meantime. Look at it, and decide again if you still want to.',
    );
    expect(conflict.since.map(({ who }) => who)).toEqual(['ann']);
    const again = await other.post(`${reel}/decisions`, {
      seen: seen + 1,
      who: 'bob',
      target,
      body: { what: 'reject' },
    });
    expect(again.json<DecisionAnswer>().decision.seq).toBe(seen + 2);
    const list = await browser.get(`${reel}/decisions`);
    expect(list.headers.etag).toBe(`"${seen + 2}"`);
    expect(list.json<DecisionList>().shots[1]).toBe('rejected');
    expect((await browser.get(`${reel}/decisions`, { 'if-none-match': `"${seen + 2}"` })).status).toBe(304);
  });

  it('refuses a frame folder in which a frame is a link that leads out', async () => {
    const files = join(scratch.path, 'moved.dpx');
    const [name = ''] = (await readdir(join(scratch.path, 'restored'))).sort();
    const path = join(scratch.path, 'restored', name);
    await rename(path, files);
    await symlink(files, path);
    try {
      await using review = await openReview({ path: join(scratch.path, 'elsewhere') });
      const own = await enter(review.url);
      const { reels } = (await own.get('/api/reels')).json<ReelList>();
      const answer = await own.get(`/api/reels/${reels[0]?.id}/frames/0/output`);
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({
        error: `"${path}" is a link that leads out of its folder, and is not shown. Put the frame itself there.`,
      });
    } finally {
      await rm(path);
      await rename(files, path);
    }
  });
});

describe('Ctrl-C', () => {
  it('ends a review with its decoders and its listeners at once, and gives the decisions free', async () => {
    const report = join(scratch.path, 'ended.report');
    await cp(join(scratch.path, 'restored.report'), report, { recursive: true });
    const { process, url } = await startedReview(report, 'pipe');
    const said: Buffer[] = [];
    process.stderr?.on('data', (text: Buffer) => said.push(text));
    const own = await enter(url);
    const { reels } = (await own.get('/api/reels')).json<ReelList>();
    const address = `/api/reels/${reels[0]?.id}`;
    const asked = [
      own.get(`${address}/events`),
      ...[0, 5, 10].map((k) => own.get(`${address}/frames/${k}/difference`)),
    ];
    const answers = Promise.allSettled(asked);
    await new Promise((wait) => setTimeout(wait, 50));
    process.kill('SIGINT');
    const since = performance.now();
    const [code] = await once(process, 'close');
    expect(code).toBe(0);
    // Far less than a decoder, a heartbeat or a kept connection would hold it.
    expect(performance.now() - since).toBeLessThan(3000);
    await answers;
    expect(Buffer.concat(said).toString()).toMatch(
      /^A browser entered\. For another one: \S+\n\nStopping\. Press Ctrl-C again to stop at once\.\n$/,
    );
    expect(await readdir(join(report, 'review'))).toEqual(['decisions.jsonl']);
  });
});

describe('a review that is killed', () => {
  it('has lost no decision that it acknowledged', async () => {
    const report = join(scratch.path, 'killed.report');
    await cp(join(scratch.path, 'restored.report'), report, { recursive: true });
    const { acknowledged, lost } = await killedDecisions(report, KILLS, 15);
    expect(acknowledged).toBeGreaterThanOrEqual(KILLS);
    expect(lost).toEqual([]);
  });
});

describe('the start of a review', () => {
  it('refuses what is no report, and a short token', async () => {
    const reelFolder = join(scratch.path, 'reel');
    await expect(openReview({ path: reelFolder })).rejects.toThrow(
      `"${reelFolder}" holds no report: neither a report.json nor a folder with one. Give <out>.report of "reelmend restore", or a folder of such.`,
    );
    await expect(openReview({ path: reelFolder, token: 'short' })).rejects.toThrow(
      '--token: at least 32 letters, digits, "-" and "_" were expected. Leave it out, and a random one is made.',
    );
  });

  it('says how the page is built where it was not', async () => {
    await using review = await openReview({ path: join(scratch.path, 'elsewhere'), page: join(scratch.path, 'none') });
    const own = await enter(review.url);
    const answer = await own.get('/');
    expect(answer.status).toBe(503);
    expect(answer.body.toString()).toBe(
      'The page of the review was not built. In the folder of Reelmend run "npm run build", and start the review again.\n',
    );
  });
});
