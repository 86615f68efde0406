import { basename } from 'node:path';
import type { Context, Hono } from 'hono';
import type {
  DecisionConflict,
  PictureKind,
  PictureQuery,
  PlaybackQuery,
  ReelEntry,
  ReelList,
  ReviewEvent,
} from './api.ts';
import { decisionRequestSchema, redoRequestSchema } from './decision-schema.ts';
import { decisionsCsv, decisionsOtio, decisionsSheet, SHEET_STYLE } from './exports.ts';
import { guard, jsonBody } from './guard.ts';
import { ConflictFound, type ReviewedReel } from './open-reel.ts';
import type { PageFile } from './page-files.ts';
import { regionIn, wholeNumber } from './picture-query.ts';
import { reelEntry, reelReview } from './reel-review.ts';
import { RequestRefused, refusalOf } from './refused.ts';
import type { Sessions } from './session.ts';
import { trackCurves } from './track-curves.ts';

/** What a server answers from. */
export interface Served {
  /** By their ids. */
  readonly reels: ReadonlyMap<string, ReviewedReel>;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly sessions: Sessions;
  readonly hosts: ReadonlySet<string>;
  /** Told of what went wrong and should not. */
  readonly onFault: (error: unknown) => void;
}

const KINDS: ReadonlySet<string> = new Set<PictureKind>(['plate', 'output', 'matte', 'difference']);
const THUMBNAIL_WIDTH = 192;
/** Pictures that are made at once, all browsers together; more are told to come again. */
const MOST_PICTURES = 24;
/** Browsers that are told of one reel's events. */
const MOST_LISTENERS = 16;
/** A line is sent so often to a listener, ms: what lies between may close a silent connection. */
const HEARTBEAT = 15_000;

/** Events that wait for a listener who does not read. */
const MOST_UNREAD = 256;

const NOT_BUILT =
  'The page of the review was not built. In the folder of Reelmend run "npm run build", and start the review again.\n';

/**
 * Leads on by itself: where the address was clicked in another page, as in a terminal in a browser, a redirection would count as that page's
 * request, and come without the cookie.
 */
const ENTERED =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/"><title>Review</title><p><a href="/">Review</a></p></html>';

/** Adds everything that a review answers. */
export function addRoutes(app: Hono, { reels, page, sessions, hosts, onFault }: Served): void {
  app.use('*', guard(hosts, sessions));
  app.onError((error, c) => {
    // Nobody waits for an answer any more.
    if (c.req.raw.signal.aborted) return c.body(null, 503);
    if (error instanceof ConflictFound) {
      return c.json({ error: error.message, since: error.since } satisfies DecisionConflict, 409);
    }
    const { status, body } = refusalOf(error);
    if (status === 500) onFault(error);
    return c.json(body, status);
  });
  app.notFound((c) => c.json({ error: 'There is nothing here.' }, 404));

  app.get('/enter', (c) => {
    const cookie = sessions.exchange(c.req.query('token') ?? '');
    if (cookie === null) {
      throw new RequestRefused(403, 'This token is not, or no longer, valid. The server printed the next one.');
    }
    c.header('Set-Cookie', cookie);
    return c.html(ENTERED);
  });
  // Browsers ask for it where a page names no icon.
  app.get('/favicon.ico', (c) => c.body(null, 204));
  app.get('/sheet.css', (c) => c.body(SHEET_STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }));

  let making = 0;
  const picture = async <T>(make: () => Promise<T>): Promise<T> => {
    if (making >= MOST_PICTURES) throw new RequestRefused(429, 'Too many pictures are asked for at once. Ask again.');
    making += 1;
    try {
      return await make();
    } finally {
      making -= 1;
    }
  };
  const reelOf = (c: Context): ReviewedReel => {
    const reel = reels.get(c.req.param('reel') ?? '');
    if (!reel) throw new RequestRefused(404, 'There is no such reel.');
    return reel;
  };

  app.get('/api/reels', async (c) => {
    const entries: ReelEntry[] = [];
    const unread: { name: string; error: string }[] = [];
    // One that cannot be read does not keep the others from being reviewed.
    for (const reel of reels.values()) {
      try {
        entries.push(reelEntry(await reel.read(), await reel.decisions()));
      } catch (error) {
        const { status, body } = refusalOf(error);
        if (status === 500) onFault(error);
        unread.push({ name: basename(reel.folder), error: body.error });
      }
    }
    entries.sort((a, b) => b.worst.score - a.worst.score || (a.name < b.name ? -1 : 1));
    return c.json({ reels: entries, unread } satisfies ReelList);
  });

  app.get('/api/reels/:reel', async (c) => {
    const reel = reelOf(c);
    return c.json(await reelReview(await reel.read(), await reel.pictures(), await reel.decisions()));
  });

  app.get('/api/reels/:reel/curves/:track', async (c) => {
    const curves = trackCurves(await reelOf(c).read(), c.req.param('track'));
    if (!curves) throw new RequestRefused(404, 'There is no such track.');
    return c.json(curves);
  });

  const rangeFrame = async (reel: ReviewedReel, text: string | undefined): Promise<number> => {
    const { in: from, out } = await reel.read();
    const frame = wholeNumber(text, 'frame', 0, 1e9);
    if (frame < from || frame >= out) throw new RequestRefused(404, 'There is no such frame.');
    return frame;
  };

  app.get('/api/reels/:reel/frames/:frame/:kind', async (c) => {
    const reel = reelOf(c);
    const frame = await rangeFrame(reel, c.req.param('frame'));
    const kind = c.req.param('kind');
    if (!KINDS.has(kind)) throw new RequestRefused(404, 'There is no such picture.');
    const scale = wholeNumber(asked(c, 'scale'), 'scale', 1, 8, 1);
    const gain = wholeNumber(asked(c, 'gain'), 'gain', 1, 64, 8);
    const file = await picture(async () => {
      const region = regionIn(asked(c, 'region'), (await reel.pictures()).plate.reel);
      return (await reel.frames()).png({ kind: kind as PictureKind, frame, region, scale, gain }, c.req.raw.signal);
    });
    return c.body(new Uint8Array(file), 200, { 'Content-Type': 'image/png' });
  });

  app.get('/api/reels/:reel/thumbnails/:frame', async (c) => {
    const reel = reelOf(c);
    const frame = await rangeFrame(reel, c.req.param('frame'));
    const file = await picture(async () =>
      (await reel.frames()).jpeg('output', frame, THUMBNAIL_WIDTH, c.req.raw.signal),
    );
    if (!file) throw new RequestRefused(404, 'The frame cannot be read.');
    return c.body(new Uint8Array(file), 200, { 'Content-Type': 'image/jpeg' });
  });

  app.get('/api/reels/:reel/playback/:kind', async (c) => {
    const reel = reelOf(c);
    const kind = c.req.param('kind');
    if (kind !== 'plate' && kind !== 'output') throw new RequestRefused(404, 'There is no such picture.');
    const from = await rangeFrame(reel, asked(c, 'from'));
    const count = wholeNumber(asked(c, 'count'), 'count', 1, 48);
    const width = wholeNumber(asked(c, 'width'), 'width', 160, 1920, 960);
    const { out } = await reel.read();
    const bytes = await picture(async () => {
      const frames = await reel.frames();
      const parts: Uint8Array[] = [];
      for (let frame = from; frame < Math.min(out, from + count); frame++) {
        const file = await frames.jpeg(kind, frame, width, c.req.raw.signal);
        c.req.raw.signal.throwIfAborted();
        if (!file) continue;
        const head = Buffer.alloc(8);
        head.writeUInt32BE(frame, 0);
        head.writeUInt32BE(file.length, 4);
        parts.push(head, file);
      }
      return Buffer.concat(parts);
    });
    return c.body(new Uint8Array(bytes), 200, { 'Content-Type': 'application/octet-stream' });
  });

  app.get('/api/reels/:reel/decisions', async (c) => {
    const list = await reelOf(c).decisionList();
    const tag = `"${list.decisions.length}"`;
    c.header('ETag', tag);
    if (c.req.header('if-none-match') === tag) return c.body(null, 304);
    return c.json(list);
  });

  app.post('/api/reels/:reel/decisions', async (c) => {
    const reel = reelOf(c);
    const asked = decisionRequestSchema.safeParse(await jsonBody(c));
    if (!asked.success) throw new RequestRefused(400, 'That is no decision.');
    return c.json(await reel.decide(asked.data), 201);
  });

  app.get('/api/reels/:reel/redo', (c) => c.json(reelOf(c).redo()));
  app.post('/api/reels/:reel/redo', async (c) => {
    const reel = reelOf(c);
    if (!redoRequestSchema.safeParse(await jsonBody(c)).success) throw new RequestRefused(400, 'Who asks is missing.');
    return c.json(await reel.startRedo(), 202);
  });
  app.post('/api/reels/:reel/redo/cancel', async (c) => {
    const reel = reelOf(c);
    await jsonBody(c);
    return c.json(reel.cancelRedo());
  });

  app.get('/api/reels/:reel/events', (c) => {
    const reel = reelOf(c);
    if (reel.listeners >= MOST_LISTENERS) throw new RequestRefused(429, 'Too many browsers follow this reel.');
    return c.body(eventsOf(reel), 200, { 'Content-Type': 'text/event-stream' });
  });

  app.get('/api/reels/:reel/exports/:file', async (c) => {
    const reel = reelOf(c);
    const file = c.req.param('file');
    if (file === 'overrides.json') return c.json(await reel.overrides());
    const { make, type } = EXPORTS.get(file) ?? {};
    if (!make) throw new RequestRefused(404, 'There is no such export.');
    const [read, pictures, decisions] = await Promise.all([reel.read(), reel.pictures(), reel.decisions()]);
    const review = await reelReview(read, pictures, decisions);
    const text = make({ review, reel: pictures.plate.reel, decisions });
    return c.body(text, 200, { 'Content-Type': type ?? 'text/plain' });
  });

  app.get('*', (c) => {
    const file = page.get(c.req.path);
    if (file) return c.body(new Uint8Array(file.bytes), 200, { 'Content-Type': file.type });
    if (c.req.path === '/' && page.size === 0) return c.text(NOT_BUILT, 503);
    return c.notFound();
  });
}

/** What the query of a picture or of playback says. */
function asked(c: Context, name: keyof PictureQuery | keyof PlaybackQuery): string | undefined {
  return c.req.query(name);
}

const EXPORTS = new Map([
  ['decisions.csv', { make: decisionsCsv, type: 'text/csv; charset=utf-8' }],
  ['decisions.otio', { make: decisionsOtio, type: 'application/json' }],
  ['sheet.html', { make: decisionsSheet, type: 'text/html; charset=utf-8' }],
]);

/** A reel's events as a stream of server-sent events; see the HTML standard, 9.2. */
function eventsOf(reel: ReviewedReel): ReadableStream<Uint8Array> {
  let end = () => {};
  return new ReadableStream(
    {
      start(controller) {
        const send = (text: string) => {
          controller.enqueue(Buffer.from(text));
          if ((controller.desiredSize ?? 0) > 0) return;
          // Whoever does not read is let go; a browser that reads again asks again.
          end();
          controller.close();
        };
        const leave = reel.listen((event: ReviewEvent) => {
          send(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
        });
        const timer = setInterval(() => send(': here\n\n'), HEARTBEAT);
        end = () => {
          clearInterval(timer);
          leave();
        };
        send(`event: redo\ndata: ${JSON.stringify({ kind: 'redo', redo: reel.redo() } satisfies ReviewEvent)}\n\n`);
      },
      cancel: () => end(),
    },
    { highWaterMark: MOST_UNREAD },
  );
}
