import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../settings/usage-error.ts';
import { type EventCounters, eventCounters } from './event-counters.ts';
import type { ListenAddress } from './listen-address.ts';

/** Metrics of this process, as long as they are open. */
export interface ServedMetrics extends Pick<EventCounters, 'observe' | 'setDepth'>, AsyncDisposable {
  /** Where they are scraped: `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
}

/**
 * Serves what events come to for Prometheus. Being asked for it keeps no process alive.
 *
 * @throws UsageError where the address cannot be listened on, or the package `prom-client` is not installed
 */
export async function serveMetrics({ host, port }: ListenAddress): Promise<ServedMetrics> {
  const counters = await eventCounters();
  const server = createServer((request, response) => {
    answer(request, response, counters).catch((error: unknown) => response.destroy(error as Error));
  });
  server.unref();
  server.listen({ host, port });
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`Metrics cannot be served on ${shown(host)}:${port}: ${reasonOf(cause)}.`, { cause });
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${shown(host)}:${bound}/metrics`,
    observe: counters.observe,
    setDepth: counters.setDepth,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  counters: Pick<EventCounters, 'text'>,
): Promise<void> {
  const path = url?.replace(/\?.*$/, '');
  if (path !== '/metrics') {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Metrics are at /metrics.\n');
    return;
  }
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const { body, type } = await counters.text();
  response.writeHead(200, { 'content-type': type }).end(method === 'HEAD' ? undefined : body);
}

function shown(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'another process listens there. Choose another port';
  if (code === 'EACCES') return 'this user may not listen there. Choose a port above 1023';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return 'this machine has no such address. Choose 127.0.0.1 or 0.0.0.0';
  return message;
}
