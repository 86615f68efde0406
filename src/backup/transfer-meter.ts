import type { Progress } from '../pipeline/job.ts';

const MIB = 2 ** 20;

/** Tells how many of some bytes are done. */
export interface TransferMeter {
  readonly onBytes: (bytes: number) => void;
  /** A share of the bytes: more than that are not counted, and what is lacking is when it is disposed of. */
  share(bytes: number): Disposable & Pick<TransferMeter, 'onBytes'>;
}

/** @param moves how often each byte of a file moves; the bytes that are told are those of the files */
export function transferMeter(
  stage: Progress['stage'],
  { total, moves = 1 }: { readonly total: number; readonly moves?: number },
  onProgress: (progress: Progress) => void,
): TransferMeter {
  let done = 0;
  const onBytes = (bytes: number) => {
    if (bytes === 0) return;
    done += bytes;
    onProgress({ stage, done: done / moves / MIB, total: total / MIB, unit: 'MiB' });
  };
  return {
    onBytes,
    share(bytes) {
      let left = bytes;
      const take = (more: number) => {
        const counted = Math.min(more, left);
        left -= counted;
        onBytes(counted);
      };
      return { onBytes: take, [Symbol.dispose]: () => take(left) };
    },
  };
}
