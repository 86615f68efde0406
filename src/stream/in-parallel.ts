/** Calls `task` for 0 … `count` − 1, at most `limit` at a time. After the first failure no more are begun; it is thrown. */
export async function inParallel(count: number, limit: number, task: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < count && !failed) {
      try {
        await task(next++);
      } catch (cause) {
        failed = true;
        throw cause;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(limit, count) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
