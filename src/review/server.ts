import type { AddressInfo } from 'node:net';
import { findFfmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { UsageError } from '../settings/usage-error.ts';
import { pictureStores } from './frames.ts';
import { openReviewedReel, type ReviewedReel } from './open-reel.ts';
import { pageFiles } from './page-files.ts';
import { reelIdOf, reportFolders } from './report-folder.ts';
import { addRoutes } from './routes.ts';
import { allowedHosts, isLoopback, openSessions } from './session.ts';
import { turnstile } from './turnstile.ts';

/** What a review is started with. */
export interface ReviewWish {
  /** A report's folder, or one of reports. */
  readonly path: string;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: any that is free. */
  readonly port?: number | undefined;
  /** Exchanged for a session as often as it is given. Default: random ones of one use. */
  readonly token?: string | undefined;
  readonly ffmpeg?: string | undefined;
  /** Folder of the built page. */
  readonly page?: string | undefined;
  /** Told of the address at which the next browser may enter: after each that did. */
  readonly onAddress?: ((url: string) => void) | undefined;
  /** Told of what went wrong and should not. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** A review, as long as it is open. */
export interface OpenReview extends AsyncDisposable {
  /** With the token. */
  readonly url: string;
  readonly reels: number;
  /** True where other machines reach it. */
  readonly isOpenToOthers: boolean;
}

/** Frames that are decoded at once. */
const DECODERS = 2;
/** Connections at once; more are closed as they come. */
const MOST_CONNECTIONS = 64;
/** How long a request may take to come, ms, and how often that is looked at: who opens connections and says nothing keeps others out. */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 } as const;
/** Fewest characters of a token that somebody chose. */
const LEAST_TOKEN = 32;

/**
 * Serves the review of what reports name.
 *
 * @throws ReelError where there is no report; UsageError where it cannot be listened on, a token is short, or a package is missing
 */
export async function openReview(wish: ReviewWish): Promise<OpenReview> {
  const { path, host = '127.0.0.1', port = 0, token, onAddress, onFault = () => {} } = wish;
  if (token !== undefined && !/^[\w-]{32,}$/.test(token)) {
    throw new UsageError(
      `--token: at least ${LEAST_TOKEN} letters, digits, "-" and "_" were expected. Leave it out, and a random one is made.`,
    );
  }
  const { Hono, createAdaptorServer } = await webPackages();
  const ffmpeg = await findFfmpeg({ path: wish.ffmpeg });
  const gate = turnstile(DECODERS);
  const stores = pictureStores();
  const reels = new Map<string, ReviewedReel>();
  const isRendering = () => [...reels.values()].some((reel) => reel.redo().state === 'running');
  for (const folder of await reportFolders(path)) {
    reels.set(reelIdOf(folder), openReviewedReel(folder, { ffmpeg, turnstile: gate, stores, isRendering }));
  }
  const page = await pageFiles(wish.page);
  const app = new Hono();
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: PATIENCE }) as import('node:http').Server;
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  }).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`The review cannot be served on ${host}:${port}: ${reasonOf(cause)}.`, { cause });
  });
  const bound = (server.address() as AddressInfo).port;
  const urlNow = () => `http://${shownHost(host)}:${bound}/enter?token=${sessions.token()}`;
  const sessions = openSessions(bound, token, () => onAddress?.(urlNow()));
  let isEnding = false;
  const fault = (error: unknown) => {
    // What is still asked when the review ends may fail in any way.
    if (!isEnding) onFault(error);
  };
  addRoutes(app, { reels, page, sessions, hosts: allowedHosts(host, bound), onFault: fault });
  return {
    url: urlNow(),
    reels: reels.size,
    isOpenToOthers: !isLoopback(host),
    async [Symbol.asyncDispose]() {
      isEnding = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      for (const reel of reels.values()) await reel[Symbol.asyncDispose]();
    },
  };
}

/** Loaded on use: whoever reviews nothing needs them not. */
async function webPackages() {
  try {
    const [{ Hono }, { createAdaptorServer }] = await Promise.all([import('hono'), import('@hono/node-server')]);
    return { Hono, createAdaptorServer };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UsageError(
      'The packages "hono" and "@hono/node-server", which the review needs, are not installed. Run "npm install hono@4.13.19 @hono/node-server@2.1.8".',
      { cause },
    );
  }
}

/** An address as a browser is given it. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'another process listens there. Choose another port';
  if (code === 'EACCES') return 'this user may not listen there. Choose a port above 1023';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address. Choose 127.0.0.1';
  return message;
}
