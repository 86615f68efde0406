import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as JSON. */
  json<T>(): T;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Writes a body of its own. */
  readonly write?: (request: ClientRequest) => void;
}

/** Asks as any client may: with any path, as it is, and any header. */
export function ask(
  origin: string,
  path: string,
  { method = 'GET', headers = {}, body, write }: Asked = {},
): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ host: hostname, port, path, method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const whole = Buffer.concat(chunks);
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: whole,
          json: <T>() => JSON.parse(whole.toString('utf8')) as T,
        });
      });
    });
    sent.on('error', reject);
    if (write) write(sent);
    else sent.end(body);
  });
}

/** A browser that has entered. */
export interface Browser {
  readonly origin: string;
  readonly cookie: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

/** Enters with an address that a server printed. */
export async function enter(url: string): Promise<Browser> {
  const { origin, pathname, search } = new URL(url);
  const answer = await ask(origin, pathname + search);
  const [cookie = ''] = (answer.headers['set-cookie']?.[0] ?? '').split(';');
  return {
    origin,
    cookie,
    get: (path, headers = {}) => ask(origin, path, { headers: { cookie, ...headers } }),
    post: (path, body, headers = {}) =>
      ask(origin, path, {
        method: 'POST',
        headers: { cookie, origin, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
}
