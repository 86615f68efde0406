/** What is opened when it is first asked for, and kept until it is forgotten. */
export interface OpenedOnce<T> {
  get(): Promise<T>;
  /** Lets go of it at once; answers what it was, when it has opened, for whoever closes it. */
  forget(): Promise<T | null>;
}

/** What could not be opened is tried again when it is next asked for: a disk may have come back. */
export function openedOnce<T>(open: () => Promise<T>): OpenedOnce<T> {
  let opened: Promise<T> | null = null;
  return {
    get() {
      if (opened) return opened;
      const now = open();
      opened = now;
      now.catch(() => {
        if (opened === now) opened = null;
      });
      return now;
    },
    async forget() {
      const was = opened;
      opened = null;
      return (await was?.catch(() => null)) ?? null;
    },
  };
}
