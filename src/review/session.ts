import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';

/** Who may come in: whoever has a token, which is exchanged for a cookie. */
export interface Sessions {
  /** The token that may be exchanged next. */
  token(): string;
  /** Text of a `Set-Cookie` header, or null for a token that is not, or not any more, the one. */
  exchange(token: string): string | null;
  /** True where a `Cookie` header has a session's. */
  knows(cookies: string | undefined): boolean;
}

/** Bytes of tokens and of cookies. */
const SECRET_BYTES = 32;
/** Sessions at once; the oldest ends where there are more. */
const MOST_SESSIONS = 32;

/**
 * @param port part of the cookie's name: browsers send cookies to every port of a host
 * @param fixed a token that somebody chose and may exchange again; by default each is random and of one use
 * @param onUsed called when a token was exchanged and another takes its place
 */
export function openSessions(port: number, fixed: string | undefined, onUsed: () => void): Sessions {
  const name = `reelmend-review-${port}`;
  let token = fixed ?? secret();
  const sessions: string[] = [];
  return {
    token: () => token,
    exchange(given) {
      if (!isSame(given, token)) return null;
      if (fixed === undefined) {
        token = secret();
        onUsed();
      }
      const session = secret();
      sessions.push(session);
      if (sessions.length > MOST_SESSIONS) sessions.shift();
      return `${name}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
    knows(cookies = '') {
      const values = cookies
        .split(';')
        .map((one) => one.trim())
        .filter((one) => one.startsWith(`${name}=`))
        .map((one) => one.slice(name.length + 1));
      return values.some((value) => sessions.some((session) => isSame(value, session)));
    },
  };
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** Compares in a time that does not tell where texts differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What a `Host` header may be: any other is a name that somebody else made lead here. */
export function allowedHosts(host: string, port: number): ReadonlySet<string> {
  const names = new Set([host, ...(isLoopback(host) ? ['127.0.0.1', 'localhost', '::1'] : [])]);
  if (host === '0.0.0.0' || host === '::') {
    const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
    for (const name of ['localhost', hostname(), ...own]) names.add(name);
  }
  return new Set([...names].map((name) => `${name.includes(':') ? `[${name}]` : name}:${port}`.toLowerCase()));
}
