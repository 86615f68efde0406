import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

/** A Redis server of a test's own, with an append-only file. */
export interface RedisServer extends AsyncDisposable {
  /** Of the loopback. */
  readonly port: number;
  readonly url: string;
  readonly redis: Redis;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

const IS_THERE = spawnSync('redis-server', ['--version']).status === 0;
const IS_REQUIRED = Boolean(process.env['CI']) || process.env['REELMEND_TEST_REDIS'] === 'require';

/** Why tests of a farm do not run here; null where they do, or must. */
export const NO_REDIS =
  IS_THERE || IS_REQUIRED ? null : 'redis-server is not installed: sudo apt-get install redis-server';

/** @param folder where its append-only file lies */
export async function openRedisServer(folder: string): Promise<RedisServer> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  let server: ChildProcess | undefined;
  const redis = new Redis({ port, lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => {});
  const start = async () => {
    const words = ['--port', String(port), '--dir', folder, '--bind', '127.0.0.1', '--appendonly', 'yes', '--save', ''];
    server = spawn('redis-server', words, { stdio: 'ignore' });
    await Promise.race([
      once(server, 'spawn'),
      once(server, 'error').then(([error]) => {
        throw error;
      }),
    ]);
    await redis.ping();
  };
  const kill = async () => {
    if (!server) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    server = undefined;
  };
  await start();
  return {
    ...{ port, url: `redis://127.0.0.1:${port}`, redis, kill, start },
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await kill();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Unreachable: a port has a number.');
  return address.port;
}
