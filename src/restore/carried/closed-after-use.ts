/** What others use, and what is closed when it was let go and the last of them is done. Closing it lets it go. */
export interface ClosedAfterUse extends Disposable {
  /** Whoever uses it closes what they get when they are done. */
  use(): Disposable;
}

export function closedAfterUse(close: () => void): ClosedAfterUse {
  let users = 0;
  let isLetGo = false;
  return {
    use() {
      users += 1;
      let isDone = false;
      return {
        [Symbol.dispose]() {
          if (isDone) return;
          isDone = true;
          users -= 1;
          if (users === 0 && isLetGo) close();
        },
      };
    },
    [Symbol.dispose]() {
      if (isLetGo) return;
      isLetGo = true;
      if (users === 0) close();
    },
  };
}
