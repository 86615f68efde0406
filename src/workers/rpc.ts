import { dirname, isAbsolute, join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { packageFolder } from '../disk/package-folder.ts';
import { type ErrorMessage, errorMessage, errorOf } from './error-message.ts';

/** What a worker offers: named asynchronous functions of one argument that survives structured cloning. */
// biome-ignore lint/suspicious/noExplicitAny: the argument and result types are given back by each service's own interface.
export type Service = { readonly [name: string]: (argument: any) => Promise<any> };

/** A result whose buffers are moved to the caller instead of copied. */
export interface Moved<T> {
  readonly value: T;
  readonly buffers: readonly ArrayBuffer[];
}

const MOVED = Symbol('moved');

export function moved<T>(value: T, buffers: readonly ArrayBufferLike[]): T {
  // Typed as the bare value so that a service's interface says what its caller receives.
  return { [MOVED]: true, value, buffers } as unknown as T;
}

/** Ends the worker as soon as it is between two pieces of work. */
const STOP = 'stop';

interface Request {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: ErrorMessage });

/** What a thread says before it ends by a fault that belongs to no call. */
interface Crash {
  readonly crash: ErrorMessage;
}

export interface ServeOptions {
  /** True: calls are begun as they come, and the service sees to their order. Default: each waits for the one before it. */
  readonly sideBySide?: boolean;
  /** Called before the thread ends, asked to or by a fault. The thread ends when it has resolved; open calls may stay unanswered. */
  readonly close?: () => Promise<void>;
}

/** Answers the calls of the thread that started this one: one after another, in order of arrival, if nothing else is said. */
export function serve(service: Service, { sideBySide = false, close }: ServeOptions = {}): void {
  if (isMainThread || !parentPort) throw new Error('Unreachable: a service is served inside a worker thread.');
  const port = parentPort;
  const answer = async ({ id, name, argument }: Request): Promise<void> => {
    try {
      const call = service[name];
      if (!call) throw new TypeError(`This worker has no "${name}".`);
      const result = await call(argument);
      if (isMoved(result)) port.postMessage({ id, value: result.value }, [...result.buffers]);
      else port.postMessage({ id, value: result });
    } catch (error) {
      port.postMessage({ id, error: errorMessage(error) });
    }
  };
  let last: Promise<void> = Promise.resolve();
  const end = closing(close);
  port.on('message', (request: Request | typeof STOP) => {
    // Between two messages no network is running: a thread that is terminated inside one takes the whole process with it.
    if (request === STOP) end(0);
    else if (sideBySide) void answer(request);
    else last = last.then(() => answer(request));
  });
  if (!close) return;
  const crashed = (error: unknown) => {
    port.postMessage({ crash: errorMessage(error) } satisfies Crash);
    end(1);
  };
  process.on('uncaughtException', crashed);
  process.on('unhandledRejection', crashed);
}

/** Ends the thread, once, when `close` has resolved. */
function closing(close: ServeOptions['close']): (code: number) => void {
  if (!close) return (code) => process.exit(code);
  let isEnding = false;
  return (code) => {
    if (isEnding) return;
    isEnding = true;
    void close().finally(() => process.exit(code));
  };
}

function isMoved(result: unknown): result is Moved<unknown> {
  return typeof result === 'object' && result !== null && MOVED in result;
}

/** A worker's service, called from the thread that owns it. */
export interface Remote<S extends Service> extends AsyncDisposable {
  /**
   * Calls a function of the service. `move` lists buffers that are handed over instead of copied. Errors keep their
   * class where it is public, their fields and their causes; when the worker dies, every open call rejects.
   */
  call<K extends keyof S & string>(
    name: K,
    argument: Parameters<S[K]>[0],
    move?: readonly ArrayBufferLike[],
  ): Promise<Awaited<ReturnType<S[K]>>>;
}

/** Starts the worker whose entry is `entry`: a module of this folder without its extension, such as `render-worker`, or the path of any. */
export function openRemote<S extends Service>(entry: string): Remote<S> {
  const worker = new Worker(isAbsolute(entry) ? entry : builtFile(`workers/${entry}`));
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let ended: Error | undefined;
  let next = 0;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  const endAll = (error: Error) => {
    ended ??= error;
    for (const call of open.values()) call.reject(ended);
    open.clear();
  };
  worker.on('message', (reply: Reply | Crash) => {
    if ('crash' in reply) {
      endAll(errorOf(reply.crash));
      return;
    }
    const call = open.get(reply.id);
    open.delete(reply.id);
    if ('error' in reply) call?.reject(errorOf(reply.error));
    else call?.resolve(reply.value);
  });
  worker.on('error', (error) => endAll(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => endAll(new Error(`The ${entry} ended with code ${code}.`)));

  return {
    call(name, argument, move = []) {
      if (ended) return Promise.reject(ended);
      const id = next++;
      return new Promise((resolve, reject) => {
        open.set(id, { resolve: resolve as (value: unknown) => void, reject });
        worker.postMessage({ id, name, argument } satisfies Request, move as ArrayBuffer[]);
      });
    },
    async [Symbol.asyncDispose]() {
      worker.postMessage(STOP);
      await exited;
    },
  };
}

/**
 * A module under `src/`, without its extension, as it is built. Threads and processes load JavaScript only: run from its sources (tests,
 * benches), Reelmend starts those of its last build.
 */
export function builtFile(entry: string): string {
  const src = import.meta.url.endsWith('.ts') ? join(packageFolder(), 'dist', 'src') : dirname(import.meta.dirname);
  return join(src, `${entry}.js`);
}
