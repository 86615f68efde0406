/** What the stages of a stream have begun and not ended. Whoever gives back the memory they use waits for it. */
export interface Running {
  /** Tells that something begins; what is returned is called once, when it has ended. */
  begin(): () => void;
  /** Resolves when nothing runs. */
  ended(): Promise<void>;
}

export function openRunning(): Running {
  let count = 0;
  const waiting: Array<() => void> = [];
  return {
    begin() {
      count += 1;
      return () => {
        count -= 1;
        if (count === 0) for (const resolve of waiting.splice(0)) resolve();
      };
    },
    async ended() {
      if (count > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
