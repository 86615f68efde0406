import type { Redis, RedisOptions } from 'ioredis';
import type { QueueAddress } from './queue-address.ts';
import { QueueError } from './queue-error.ts';

/** Milliseconds in which a command must reach its queue. */
const PATIENCE = 8000;
/** Milliseconds between two tries to reach a queue that was lost. */
const RETRY = 500;
/** Tries of one request before a command ends: about ten seconds. */
const MOST_TRIES = 20;

/**
 * Connects to a queue, or says within ten seconds why not.
 *
 * @throws QueueError
 */
export async function connectQueue(address: QueueAddress): Promise<Redis> {
  const redis = await client(address, {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    maxRetriesPerRequest: MOST_TRIES,
    retryStrategy: () => RETRY,
  });
  // A connection that failed says only that it is closed.
  let fault: unknown;
  redis.on('error', (error: unknown) => {
    fault = error;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it gave no answer in ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), late]);
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw unreachable(address, fault ?? cause);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A connection that waits for its queue however long it is away: requests wait, too.
 *
 * @param onLost called when it does not answer, with a sentence, once until it answers again
 * @param onBack called when it answers again
 */
export async function connectPatiently(
  address: QueueAddress,
  onLost: (sentence: string) => void,
  onBack: () => void,
): Promise<Redis> {
  const redis = await client(address, { maxRetriesPerRequest: null, retryStrategy: () => RETRY });
  let isLost = false;
  const lost = (cause: unknown) => {
    if (isLost) return;
    isLost = true;
    onLost(`${unreachable(address, cause).message} Waiting for it; nothing that is finished is lost.`);
  };
  redis.on('error', lost);
  redis.on('close', () => lost(new Error('the connection was closed')));
  redis.on('ready', () => {
    if (isLost) onBack();
    isLost = false;
  });
  return redis;
}

/** A request's failure as a person should read it. */
export function queueTrouble(address: QueueAddress, cause: unknown): unknown {
  const isLost =
    cause instanceof Error &&
    (cause.name === 'MaxRetriesPerRequestError' || /Connection is closed|ECONN|NOAUTH|WRONGPASS/.test(cause.message));
  return isLost ? unreachable(address, cause) : cause;
}

async function client({ name, tls, ...place }: QueueAddress, options: RedisOptions): Promise<Redis> {
  const { Redis: Client } = await import('ioredis').catch((cause: unknown) => {
    throw new QueueError(
      'The package ioredis, by which queues are spoken to, is not installed. Install it beside Reelmend: npm install ioredis@6 bullmq@6.7.0',
      { cause },
    );
  });
  const redis = new Client({
    ...place,
    ...(tls ? { tls: {} } : {}),
    connectionName: `reelmend-${process.pid}`,
    ...options,
    replyMapping: 'legacy',
  });
  // Told by whoever asks; without a listener it would be thrown.
  redis.on('error', () => {});
  return redis;
}

function unreachable({ name }: QueueAddress, cause: unknown): QueueError {
  const { message } = cause instanceof Error ? cause : new Error(String(cause));
  if (/NOAUTH|WRONGPASS/.test(message)) {
    return new QueueError(
      `The queue ${name} asks for another user and password than it was given. Write them into its address: redis://user:password@host:6379.`,
      { cause },
    );
  }
  const why = message === '' ? String((cause as NodeJS.ErrnoException).code ?? 'no reason given') : message;
  return new QueueError(
    `The queue ${name} cannot be reached: ${why.replace(/\.$/, '')}. Start Redis there, or correct --queue (or REELMEND_QUEUE).`,
    { cause },
  );
}
