import type { FaceRenderer } from '../../src/render/face-rendering.ts';
import type { Remote } from '../../src/workers/rpc.ts';

/** A renderer of this thread, called as one in a worker is: it does what it is told one after another. Nothing is copied. */
export function inProcess(renderer: FaceRenderer): Remote<FaceRenderer> {
  let last: Promise<unknown> = Promise.resolve();
  return {
    call(name, argument) {
      const answer = last.then((): Promise<unknown> => renderer[name](argument as never));
      last = answer.catch(() => {});
      return answer as never;
    },
    async [Symbol.asyncDispose]() {},
  };
}
