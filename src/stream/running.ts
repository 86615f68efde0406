/** The unfinished work of a stream's stages. It must end before the memory that it uses is given back. */
export interface Running {
  /** Marks the beginning of some work; the returned function marks its end, once. */
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
