/** Loads what is wanted, a few at a time, in the order in which it is wanted. */
export interface PictureQueue extends Disposable {
  /** Says anew what is wanted, first things first. What is being loaded and is not wanted any longer is aborted. */
  want(addresses: readonly string[]): void;
}

/** What a queue is made of. */
export interface QueueParts<T> {
  /** How many are loaded at once. */
  readonly places: number;
  readonly load: (address: string, signal: AbortSignal) => Promise<T>;
  /** True for what need not be loaded (again). */
  readonly has: (address: string) => boolean;
  readonly onLoaded: (address: string, value: T) => void;
  /** Says whether it is tried again, after a pause. */
  readonly onFailed: (address: string, error: unknown) => 'again' | 'never';
  /** The pause, ms. */
  readonly pause: number;
}

export function pictureQueue<T>({ places, load, has, onLoaded, onFailed, pause }: QueueParts<T>): PictureQueue {
  const loading = new Map<string, AbortController>();
  let wanted: readonly string[] = [];
  let isClosed = false;
  let resting: ReturnType<typeof setTimeout> | undefined;

  const begin = (address: string): void => {
    const ending = new AbortController();
    loading.set(address, ending);
    load(address, ending.signal)
      .then(
        (value) => onLoaded(address, value),
        (error: unknown) => {
          if (!ending.signal.aborted && onFailed(address, error) === 'again') rest();
        },
      )
      .finally(() => {
        if (loading.get(address) === ending) loading.delete(address);
        fill();
      });
  };
  const rest = (): void => {
    resting ??= setTimeout(() => {
      resting = undefined;
      fill();
    }, pause);
  };
  const fill = (): void => {
    if (isClosed || resting !== undefined) return;
    for (const address of wanted) {
      if (loading.size >= places) return;
      if (!loading.has(address) && !has(address)) begin(address);
    }
  };
  const abort = (address: string, ending: AbortController): void => {
    loading.delete(address);
    ending.abort();
  };

  return {
    want(addresses) {
      wanted = addresses;
      const still = new Set(addresses);
      for (const [address, ending] of [...loading]) if (!still.has(address)) abort(address, ending);
      fill();
    },
    [Symbol.dispose]() {
      isClosed = true;
      clearTimeout(resting);
      for (const [address, ending] of [...loading]) abort(address, ending);
    },
  };
}
