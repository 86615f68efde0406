/** Work that several wait for. */
export interface SharedWork<T> {
  readonly value: Promise<T>;
  /** Aborted when all who joined have left before it was done. */
  readonly signal: AbortSignal;
  /**
   * Waits for it.
   *
   * @throws the reason of `leaving`, when that is aborted
   */
  join(leaving?: AbortSignal): Promise<T>;
}

/** Begins work that is given up when nobody waits for it any more. */
export function sharedWork<T>(work: (signal: AbortSignal) => Promise<T>): SharedWork<T> {
  const ending = new AbortController();
  const value = work(ending.signal);
  value.catch(() => {});
  let waiting = 0;
  return {
    value,
    signal: ending.signal,
    async join(leaving) {
      waiting += 1;
      if (!leaving) return value;
      let leave = () => {};
      const left = new Promise<never>((_, reject) => {
        leave = () => {
          waiting -= 1;
          if (waiting === 0) ending.abort();
          reject(leaving.reason);
        };
      });
      if (leaving.aborted) leave();
      leaving.addEventListener('abort', leave);
      try {
        return await Promise.race([value, left]);
      } finally {
        leaving.removeEventListener('abort', leave);
      }
    },
  };
}
