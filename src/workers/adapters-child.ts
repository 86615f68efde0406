import { knownAdapters } from '../compute/gpu/gpu-device.ts';

// A process of its own: a driver that crashes, or writes to standard error, does so here.
const answer = await knownAdapters().then(
  (found) => ({ found }),
  (error: Error) => ({ refused: error.message }),
);
process.send?.(answer, () => process.exit());
