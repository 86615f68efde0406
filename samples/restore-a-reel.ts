/**
 * Reelmend as a library: `node dist/samples/restore-a-reel.js <reel> <out> <still>`. From another package the import is
 * `from 'reelmend'`.
 */
import { restoreReel } from '../src/index.ts';

const [reel, out, still] = process.argv.slice(2);
if (!reel || !out || !still) throw new Error('Usage: restore-a-reel <reel> <out> <still>');

const summary = await restoreReel(
  { reel, out, references: [still] },
  { onProgress: ({ stage, done, total }) => process.stderr.write(`\r${stage} ${done}/${total}   `) },
);
console.log(`\n${summary.restored} of ${summary.frames} frames restored: ${summary.outputs.join(', ')}`);
