import { publishFile } from '../disk/publish-file.ts';
import { restoreReel } from '../pipeline/restore.ts';
import type { RedoMessage, RedoOrder } from './redo.ts';

// Renders takes anew for a review, in a process of its own: a crash of it, or its memory, is not the server's.
const stop = new AbortController();
const tell = (message: RedoMessage) => new Promise<void>((sent) => process.send?.(message, () => sent()));

process.on('disconnect', () => stop.abort());
process.on('message', (order: RedoOrder) => {
  if (order.kind === 'cancel') stop.abort();
  else void redo(order);
});

async function redo({ request, through, redone }: Extract<RedoOrder, { kind: 'start' }>): Promise<void> {
  try {
    const { takesRedone, takesKept } = await restoreReel(request, {
      signal: stop.signal,
      onProgress: ({ stage, done, total, unit }) => {
        void tell({ kind: 'progress', progress: { stage, done, total, unit } });
      },
    });
    await publishFile(redone, `${JSON.stringify({ through })}\n`);
    await tell({ kind: 'done', takes: { redone: takesRedone, kept: takesKept } });
  } catch (error) {
    await tell(stop.signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', error: (error as Error).message });
  } finally {
    process.disconnect?.();
  }
}
