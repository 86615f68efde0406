import type { Context, Next } from 'hono';
import { RequestRefused } from './refused.ts';
import type { Sessions } from './session.ts';

/** Most bytes of a request's body. */
const MOST_BODY = 64 * 2 ** 10;

/** What every answer says to the browser. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/**
 * Lets only the page's own requests through: addressed to a host that this server is (DNS rebinding), from its own origin, with a
 * session, and only by methods that are meant.
 */
export function guard(hosts: ReadonlySet<string>, sessions: Sessions) {
  return async (c: Context, next: Next): Promise<void> => {
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
    const host = c.req.header('host')?.toLowerCase() ?? '';
    if (!hosts.has(host))
      throw new RequestRefused(421, 'This server is not called that. Open the address that it printed.');
    const origin = c.req.header('origin');
    const isWriting = c.req.method === 'POST';
    if (!isWriting && c.req.method !== 'GET') throw new RequestRefused(405, 'Only GET and POST are answered.');
    if (origin === undefined ? isWriting : origin.toLowerCase() !== `http://${host}`) {
      throw new RequestRefused(403, 'The request comes from another page.');
    }
    const site = c.req.header('sec-fetch-site');
    if (site !== undefined && site !== 'same-origin' && site !== 'none' && c.req.path !== '/enter') {
      throw new RequestRefused(403, 'The request comes from another page.');
    }
    if (c.req.path !== '/enter' && !sessions.knows(c.req.header('cookie'))) {
      throw new RequestRefused(
        401,
        'This browser has no session. Open the address with the token that the server printed.',
      );
    }
    await next();
  };
}

/**
 * The JSON of a request's body.
 *
 * @throws RequestRefused for another content type, more than 64 KiB, or what is not JSON
 */
export async function jsonBody(c: Context): Promise<unknown> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new RequestRefused(415, 'The content type must be application/json.');
  if (Number(c.req.header('content-length') ?? 0) > MOST_BODY) throw tooLarge(c);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BODY) throw tooLarge(c);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new RequestRefused(400, 'The body is not JSON.');
  }
}

function tooLarge(c: Context): RequestRefused {
  // What is still to come is not read.
  c.header('Connection', 'close');
  return new RequestRefused(413, 'The body is larger than 64 KiB.');
}
