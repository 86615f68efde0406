/** One of a pool's buffers, on loan. Reference-counted: it goes back to the pool when the last holder has released it. */
export interface Loan {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One more holder; each holder releases once. */
  retain(): Loan;
  /** @throws Error when released more often than held: the buffer may already belong to another frame. */
  release(): void;
}

/** A fixed set of equal buffers: when all are lent, `lend` waits. The pool is the pipeline's back-pressure. */
export interface FramePool {
  /** Waits for a buffer; rejects with the signal's reason when aborted first. Loans are granted in order of asking. */
  lend(signal?: AbortSignal): Promise<Loan>;
  readonly size: number;
  /** Buffers that are out now. */
  readonly lent: number;
}

/** A pool of `size` buffers of `bytes` bytes each, allocated as they are first lent. */
export function framePool(size: number, bytes: number): FramePool {
  const free: Uint8Array<ArrayBuffer>[] = [];
  const waiting: Array<(buffer: Uint8Array<ArrayBuffer>) => void> = [];
  let lent = 0;

  const giveBack = (buffer: Uint8Array<ArrayBuffer>): void => {
    const next = waiting.shift();
    if (next) next(buffer);
    else {
      free.push(buffer);
      lent -= 1;
    }
  };

  return {
    size,
    get lent() {
      return lent;
    },
    async lend(signal) {
      signal?.throwIfAborted();
      if (lent < size) {
        lent += 1;
        const buffer = free.pop() ?? new Uint8Array(bytes);
        return loanOf(buffer, giveBack);
      }
      return loanOf(await nextFree(waiting, signal), giveBack);
    },
  };
}

function nextFree(
  waiting: Array<(buffer: Uint8Array<ArrayBuffer>) => void>,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const grant = (buffer: Uint8Array<ArrayBuffer>) => {
      signal?.removeEventListener('abort', leave);
      resolve(buffer);
    };
    const leave = () => {
      waiting.splice(waiting.indexOf(grant), 1);
      reject(signal?.reason);
    };
    waiting.push(grant);
    signal?.addEventListener('abort', leave, { once: true });
  });
}

function loanOf(bytes: Uint8Array<ArrayBuffer>, giveBack: (buffer: Uint8Array<ArrayBuffer>) => void): Loan {
  let holders = 1;
  const loan: Loan = {
    bytes,
    retain() {
      if (holders === 0) throw new Error('A frame was retained after its buffer went back to the pool.');
      holders += 1;
      return loan;
    },
    release() {
      if (holders === 0) throw new Error('A frame was released more often than it was held.');
      holders -= 1;
      if (holders === 0) giveBack(bytes);
    },
  };
  return loan;
}
