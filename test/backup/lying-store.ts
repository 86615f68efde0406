import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Store } from './s3-store.ts';

/** What a store does instead of its part. */
export type Lie =
  /** Gives back an object with one bit of it turned. */
  | 'flip'
  /** Asks to be left alone: 503. */
  | 'slow down'
  /** Fails within: 500. */
  | 'fail'
  /** Breaks the connection in the middle of what it takes or gives. */
  | 'cut'
  /** Takes the request, and never answers. */
  | 'stall'
  /** Begins to give an object, and never ends. */
  | 'stall midway'
  /** Says that it has taken an object, and throws it away. */
  | 'forget'
  /** Has no space: 507, as MinIO says it. */
  | 'full'
  /** Does not allow it: 403. */
  | 'refuse';

/** A store behind a proxy that lies. */
export interface LyingStore extends AsyncDisposable {
  readonly endpoint: string;
  /** Which requests are lied to, and how; null = none. May be set at any time. */
  lie: (method: string, path: string) => Lie | null;
  /** Requests so far: `PUT /films/reel/objects/…`. */
  readonly requests: readonly string[];
}

const ERRORS: Partial<Record<Lie, readonly [status: number, code: string, message: string]>> = {
  'slow down': [503, 'SlowDown', 'Please reduce your request rate.'],
  fail: [500, 'InternalError', 'We encountered an internal error. Please try again.'],
  full: [507, 'XMinioStorageFull', 'Storage backend has reached its minimum free drive threshold.'],
  refuse: [403, 'AccessDenied', 'Access Denied'],
};

/** @param store what is behind the proxy, and does its part */
export async function openLyingStore(store: S3Store): Promise<LyingStore> {
  const requests: string[] = [];
  const server = createServer((from, to) => {
    const path = (from.url ?? '').split('?')[0] ?? '';
    requests.push(`${from.method} ${path}`);
    answer(lying.lie(from.method ?? '', path), { store, from, to });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lying = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lie: (): Lie | null => null,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  } as LyingStore;
  return lying;
}

interface Exchange {
  readonly store: S3Store;
  readonly from: IncomingMessage;
  readonly to: ServerResponse;
}

function answer(lie: Lie | null, { store, from, to }: Exchange): void {
  const error = lie && ERRORS[lie];
  if (error) {
    const [status, code, message] = error;
    from.resume().on('end', () => {
      to.writeHead(status, { 'content-type': 'application/xml' });
      to.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);
    });
  } else if (lie === 'stall') {
    from.resume();
  } else if (lie === 'forget') {
    from.resume().on('end', () => to.writeHead(200, { etag: '"d41d8cd98f00b204e9800998ecf8427e"' }).end());
  } else if (lie === 'cut' && from.method !== 'GET') {
    // A request without a body has no middle.
    for (const event of ['data', 'end']) from.once(event, () => from.socket.destroy());
  } else pass(lie, { store, from, to });
}

function pass(lie: Lie | null, { store, from, to }: Exchange): void {
  const onward = send(
    `${store.endpoint}${from.url}`,
    { method: from.method, headers: from.headers, setHost: false },
    (back) => {
      to.writeHead(back.statusCode ?? 500, back.headers);
      if (back.statusCode !== 200) return void back.pipe(to);
      const half = Number(back.headers['content-length'] ?? 0) >> 1;
      let done = 0;
      back.on('data', (piece: Buffer) => {
        if (lie === 'flip' && done <= half && half < done + piece.length)
          piece[half - done] = (piece[half - done] ?? 0) ^ 1;
        const ends = lie === 'cut' || lie === 'stall midway';
        to.write(ends ? piece.subarray(0, Math.max(0, half - done)) : piece);
        done += piece.length;
        if (lie === 'cut' && done >= half) setTimeout(() => to.destroy(), 20);
      });
      back.on('end', () => {
        if (lie !== 'cut' && lie !== 'stall midway') to.end();
      });
    },
  );
  onward.on('error', () => to.destroy());
  from.pipe(onward);
}
