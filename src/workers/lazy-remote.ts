import type { Remote, Service } from './rpc.ts';

/**
 * A worker that is opened by the first call of its service; where none comes, it never is. What goes wrong in opening it rejects that
 * call and every later one. Closing it waits until it is open.
 */
export function lazyRemote<S extends Service>(open: () => Promise<Remote<S>>): Remote<S> {
  let opened: Promise<Remote<S>> | undefined;
  return {
    call(name, argument, move) {
      opened ??= open();
      return opened.then((remote) => remote.call(name, argument, move));
    },
    async [Symbol.asyncDispose]() {
      opened ??= Promise.reject(new Error('A worker was called after it was closed.'));
      await (await opened.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
