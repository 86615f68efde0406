/**
 * Reelmend as a library: `node dist/samples/restore-a-reel.js <reel> <out> <still>`. From another package the import is
 * `from 'reelmend'`.
 */
import { type RestoreJob, restoreReel } from '../src/index.ts';

const [reel, out, still] = process.argv.slice(2);
if (!reel || !out || !still) throw new Error('Usage: restore-a-reel <reel> <out> <still>');

const job: RestoreJob = {
  reel,
  out,
  references: [{ name: 'actor', paths: [still] }],
  find: [],
  preset: 'restore',
  transfer: 'auto',
  allowGaps: false,
  verifyReel: false,
  reuse: true,
  cache: true,
  models: {},
  device: 'auto',
  keepWork: false,
  maxIsolated: 0.003,
};

const summary = await restoreReel(job, {
  signal: AbortSignal.timeout(3_600_000),
  onProgress: ({ stage, done, total }) => process.stderr.write(`\r${stage} ${done}/${total}   `),
});
console.log(`\n${summary.restored} of ${summary.frames} frames restored: ${summary.outputs.join(', ')}`);
