import type { Compute } from '../../src/compute/compute.ts';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';

/** The processor, and how many of the things that it gave are open. */
export interface CountingCompute {
  readonly compute: Compute;
  open(): number;
}

/** What must be waited for. */
const WAITED: readonly unknown[] = ['read', 'statistics', 'apply'] satisfies (keyof Compute)[];

/**
 * Counts by wrapping how each thing is closed; what is used after that the processor itself refuses.
 *
 * @param waiting called whenever something must be waited for, which takes as long as this does
 */
export function countingCompute(waiting: () => Promise<void> = async () => {}): CountingCompute {
  let open = 0;
  const count = (given: unknown): void => {
    if (typeof given !== 'object' || given === null || ArrayBuffer.isView(given)) return;
    for (const value of Object.values(given)) count(value);
    if (!isDisposable(given)) return;
    open += 1;
    const close = given[Symbol.dispose];
    let isOpen = true;
    given[Symbol.dispose] = () => {
      if (isOpen) open -= 1;
      isOpen = false;
      close();
    };
  };
  const compute = new Proxy(openCpuCompute(), {
    get(target, name) {
      const operation: unknown = Reflect.get(target, name);
      if (typeof operation !== 'function') return operation;
      return (...args: unknown[]) => {
        const given: unknown = Reflect.apply(operation, target, args);
        count(given);
        return WAITED.includes(name) ? waiting().then(() => given) : given;
      };
    },
  });
  return { compute, open: () => open };
}

function isDisposable(given: object): given is Disposable {
  return Symbol.dispose in given;
}
