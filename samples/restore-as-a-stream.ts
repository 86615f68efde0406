/**
 * A reel restored as a stream, take by take: `node dist/samples/restore-as-a-stream.js <reel> <out> <still>`. Ctrl-C stops it; the same
 * program goes on at the next take. From another package the import is `from 'reelmend'`.
 */
import { tap } from 'rxjs';
import { openReel, restoreFaces, trackFaces, writeReel } from '../src/index.ts';

const [reel, out, still] = process.argv.slice(2);
if (!reel || !out || !still) throw new Error('Usage: restore-as-a-stream <reel> <out> <still>');

const written = openReel(reel).frames.pipe(
  trackFaces(),
  tap(({ tracks }) => console.log(`a shot with ${tracks.length} faces`)),
  restoreFaces({ out, references: [still] }),
  tap(({ reel: { first }, take, record }) =>
    console.log(`frames ${first + take.in} to ${first + take.out - 1}: ${record.restored} restored`),
  ),
  writeReel(),
);

const running = written.subscribe({
  next({ outputs, frames, restored }) {
    console.log(`${restored} of ${frames} frames restored: ${outputs.join(', ')}`);
  },
  error(reason: unknown) {
    console.error(reason instanceof Error ? reason.message : reason);
    process.exitCode = 1;
  },
});
process.once('SIGINT', () => running.unsubscribe());
