/** Content on its way to a target, whose own trouble can be told from the target's. */
export interface WatchedContent {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** @throws what the content itself threw, if it did */
  rethrow(): void;
}

/** @param onMove called with every piece that is taken */
export function watchedContent(content: AsyncIterable<Uint8Array>, onMove: () => void): WatchedContent {
  const thrown: unknown[] = [];
  return {
    pieces: piecesOf(content, onMove, thrown),
    rethrow() {
      if (thrown.length > 0) throw thrown[0];
    },
  };
}

async function* piecesOf(
  content: AsyncIterable<Uint8Array>,
  onMove: () => void,
  thrown: unknown[],
): AsyncGenerator<Uint8Array> {
  const pieces = content[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await pieces.next().catch((cause: unknown) => {
        thrown.push(cause);
        throw cause;
      });
      if (done) return;
      onMove();
      yield value;
    }
  } finally {
    await pieces.return?.();
  }
}
