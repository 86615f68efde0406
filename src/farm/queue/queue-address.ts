import { UsageError } from '../../settings/usage-error.ts';

/** Where a queue is. */
export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  readonly tls: boolean;
  /** For people: `redis://farm:6379/0`, without a password. */
  readonly name: string;
}

const EXAMPLE =
  'redis://host:6379, rediss:// where it speaks TLS, with user:password@ before the host where it asks for them';

/**
 * Reads the address of a Redis server.
 *
 * @param from where it was given, for errors: a flag, or a variable of the environment
 * @throws UsageError where it is none; the message holds no password
 */
export function parseQueueAddress(text: string, from: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  const tls = url?.protocol === 'rediss:';
  const db = url?.pathname.replace(/^\//, '') ?? '';
  if (!url || (url.protocol !== 'redis:' && !tls) || url.hostname === '' || !/^\d*$/.test(db)) {
    const shown = text.replace(/\/\/[^@/]*@/, '//…@');
    throw new UsageError(`${from} "${shown}" is not the address of a queue. Write it as ${EXAMPLE}.`);
  }
  const port = url.port === '' ? 6379 : Number(url.port);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...{ db: Number(db), tls },
    name: `${url.protocol}//${url.hostname}:${port}/${Number(db)}`,
  };
}
